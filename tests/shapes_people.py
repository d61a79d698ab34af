"""Tables with one row per person or thing, and what else stands in such rows.

The values are made up. What a guess has to say of each is in ``tests/data/guesses.yaml``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from draws import Draw

Columns = dict[str, Any]


def census(d: Draw) -> Columns:
    return {
        "age": d.whole(17, 90),
        "workclass": d.of("Private", "State-gov", "Self-emp-inc"),
        "fnlwgt": d.whole(12_000, 900_000),
        "education": d.of("Bachelors", "HS-grad", "11th"),
        "education-num": d.whole(1, 16),
        "marital-status": d.of("Never-married", "Divorced"),
        "occupation": d.of("Adm-clerical", "Sales"),
        "relationship": d.of("Husband", "Own-child"),
        "race": d.of("White", "Black"),
        "sex": d.of("Male", "Female"),
        "capital-gain": d.some(d.whole(1, 9_000), 0.1),
        "hours-per-week": d.whole(1, 99),
        "native-country": d.of("United-States", "Cuba"),
        "income": d.of("<=50K", ">50K", p=[0.76, 0.24]),
    }


def credit_applicants(d: Draw) -> Columns:
    return {
        "checking_status": d.of("<0", "0<=X<200", "no checking"),
        "duration": d.whole(4, 72),
        "credit_history": d.of("existing paid", "critical/other existing credit"),
        "purpose": d.of("radio/tv", "new car", "education"),
        "credit_amount": d.whole(250, 18_000),
        "employment": d.of(">=7", "1<=X<4"),
        "installment_commitment": d.whole(1, 4),
        "personal_status": d.of("male single", "female div/dep/mar"),
        "age": d.whole(19, 75),
        "existing_credits": d.whole(1, 4),
        "job": d.of("skilled", "unskilled resident"),
        "num_dependents": d.whole(1, 2),
        "foreign_worker": d.of("yes", "no"),
        "class": d.of("good", "bad"),
    }


def pupils(d: Draw) -> Columns:
    return {
        "school": d.of("GP", "MS"),
        "sex": d.of("F", "M"),
        "age": d.whole(15, 22),
        "address": d.of("U", "R"),
        "traveltime": d.whole(1, 4),
        "studytime": d.whole(1, 4),
        "failures": d.whole(0, 3),
        "paid": d.of("yes", "no"),
        "internet": d.of("yes", "no"),
        "goout": d.whole(1, 5),
        "health": d.whole(1, 5),
        "absences": d.whole(0, 60),
        "G1": d.whole(3, 19),
        "G2": d.whole(0, 19),
        "G3": d.whole(0, 20),
    }


def songs(d: Draw) -> Columns:
    """A song that lies in two lists stands in two rows."""
    ids = [f"5SuOikwiRyPMVoIQDJUgSV{i:04d}" for i in range(d.n)]
    ids[-40:] = ids[:40]
    return {
        "Unnamed: 0": d.ids(0),
        "track_id": ids,
        "artists": d.numbered("The Band ", 200),
        "album_name": d.numbered("Album ", 260),
        "track_name": [f"Song {i}" for i in range(d.n)],
        "popularity": d.whole(0, 100),
        "duration_ms": d.whole(60_000, 400_000),
        "explicit": d.of("False", "True"),
        "danceability": d.share(),
        "energy": d.share(),
        "key": d.whole(0, 11),
        "loudness": -d.amount(4),
        "mode": d.flag(0.6),
        "tempo": d.amount(60),
        "track_genre": d.numbered("genre ", 60),
    }


def footballers(d: Draw) -> Columns:
    return {
        "ID": d.rng.permutation(np.arange(158_023, 158_023 + 11 * d.n, 11)),
        "Name": [f"A. Player{i}" for i in range(d.n)],
        "Age": d.whole(16, 40),
        "Photo": [f"https://cdn.example.org/players/4/19/{i}.png" for i in range(d.n)],
        "Nationality": d.numbered("Land ", 60),
        "Flag": d.numbered("https://cdn.example.org/flags/", 60),
        "Overall": d.whole(50, 94),
        "Club": d.numbered("FC ", 90),
        "Preferred Foot": d.of("Left", "Right"),
        "Skill Moves": d.whole(1, 5),
        "Position": d.of("ST", "GK", "CB", "LW"),
        "Jersey Number": d.whole(1, 99),
        "Crossing": d.whole(5, 90),
        "Finishing": d.whole(5, 90),
    }


def houses(d: Draw) -> Columns:
    return {
        "Id": d.ids(),
        "MSSubClass": d.of(20, 30, 60, 120, 190),
        "MSZoning": d.of("RL", "RM", "FV"),
        "LotFrontage": d.some(d.whole(21, 160), 0.8),
        "LotArea": d.whole(1_300, 30_000),
        "OverallQual": d.whole(1, 10),
        "YearBuilt": d.whole(1_900, 2_010),
        "GrLivArea": d.whole(400, 4_000),
        "Fence": d.some(d.of("MnPrv", "GdPrv"), 0.2),
        "MoSold": d.whole(1, 12),
        "YrSold": d.whole(2_006, 2_010),
        "SalePrice": d.whole(40_000, 700_000),
    }


def staff_absences(d: Draw) -> Columns:
    """A member of staff stands in many rows, with a month but no year."""
    return {
        "ID": d.repeated(36),
        "Reason for absence": d.whole(0, 28),
        "Month of absence": d.whole(1, 12),
        "Day of the week": d.whole(2, 6),
        "Seasons": d.whole(1, 4),
        "Transportation expense": d.whole(110, 390),
        "Distance from Residence to Work": d.whole(5, 52),
        "Age": d.whole(27, 58),
        "Education": d.whole(1, 4),
        "Son": d.whole(0, 4),
        "Social drinker": d.flag(0.5),
        "Body mass index": d.whole(19, 38),
        "Absenteeism time in hours": d.whole(0, 120),
    }


def app_members(d: Draw) -> Columns:
    """Secrets, addresses and texts beside what people did."""
    return {
        "id": d.ids(),
        "username": [f"ada{i}" for i in range(d.n)],
        "email": [f"ada{i}@example.org" for i in range(d.n)],
        "password_hash": [f"$2b$12${x}" for x in d.keys(53)],
        "avatar_url": [f"https://example.org/a/{x}.png" for x in d.keys(8)],
        "bio": d.some(d.texts(), 0.6),
        "comment": d.some(d.of("ok", "call back"), 0.1),
        "last_login_ip": d.numbered("10.0.3.", 250),
        "phone": [f"+49 30 {x}" for x in d.whole(100_000, 999_999)],
        "lat": (48 + d.share()).round(5),
        "lon": (9 + d.share()).round(5),
        "is_admin": [1] + [0] * (d.n - 1),
        "n_posts": d.whole(0, 90),
        "n_devices": d.whole(1, 6),
        "n_comments": d.whole(0, 400),
        "followers": d.whole(0, 900),
        "created_at": d.times(),
    }


def likert_answers(d: Draw) -> Columns:
    asked = {f"Q{i}": d.whole(1, 5) for i in range(1, 9)}
    words = ("Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree")
    return {
        "Respondent ID": d.ids(11_000),
        "StartDate": d.times(),
        "Gender": d.of("Female", "Male", "Prefer not to say"),
        "Age group": d.of("18-29", "30-44", "45-60"),
        **asked,
        "I trust the brand": d.of(*words),
        "NPS": d.whole(0, 10),
        "Any other comments?": d.some(d.texts(), 0.3),
    }


def shop_members(d: Draw) -> Columns:
    left = d.flag(0.17)
    return {
        "CustomerID": d.ids(50_001),
        "Churn": left,
        "Tenure": d.whole(0, 60),
        "PreferredLoginDevice": d.of("Mobile Phone", "Computer", "Phone"),
        "CityTier": d.whole(1, 3),
        "WarehouseToHome": d.whole(5, 36),
        "PreferredPaymentMode": d.of("Debit Card", "UPI", "CC"),
        "Gender": d.of("Female", "Male"),
        "HourSpendOnApp": d.whole(0, 5),
        "NumberOfDeviceRegistered": d.whole(1, 6),
        "PreferedOrderCat": d.of("Laptop & Accessory", "Mobile", "Fashion"),
        "SatisfactionScore": d.whole(1, 5),
        "MaritalStatus": d.of("Single", "Married"),
        "NumberOfAddress": d.whole(1, 12),
        "Complain": d.flag(0.28),
        "OrderCount": d.whole(1, 16),
        "DaySinceLastOrder": d.whole(0, 30),
        "CashbackAmount": d.amount(60),
    }


def passengers(d: Draw) -> Columns:
    return {
        "PassengerId": d.ids(),
        "Survived": d.flag(0.4),
        "Pclass": d.whole(1, 3),
        "Name": [f"Miss Ada {i}" for i in range(d.n)],
        "Sex": d.of("male", "female"),
        "Age": d.some(d.whole(1, 80), 0.8),
        "SibSp": d.whole(0, 5),
        "Ticket": [f"A/5 {21_171 + i}" for i in range(d.n)],
        "Fare": d.amount(15),
        "Cabin": d.some(d.numbered("C", 140), 0.2),
        "Embarked": d.of("S", "C", "Q"),
    }


def loan_requests(d: Draw) -> Columns:
    return {
        "Loan_ID": [f"LP{1_002 + i:06d}" for i in range(d.n)],
        "Gender": d.of("Male", "Female"),
        "Married": d.yes(),
        "Dependents": d.of("0", "1", "3+"),
        "Education": d.of("Graduate", "Not Graduate"),
        "Self_Employed": d.yes(0.1),
        "ApplicantIncome": d.whole(150, 30_000),
        "CoapplicantIncome": d.whole(0, 20_000),
        "LoanAmount": d.whole(9, 700),
        "Loan_Amount_Term": d.of(360, 180, 480),
        "Credit_History": d.flag(0.85),
        "Property_Area": d.of("Urban", "Rural", "Semiurban"),
        "Loan_Status": d.of("Y", "N", p=[0.7, 0.3]),
    }


def job_changers(d: Draw) -> Columns:
    return {
        "enrollee_id": d.rng.permutation(np.arange(1, 1 + 5 * d.n, 5)),
        "city": d.numbered("city_", 100),
        "city_development_index": (0.4 + d.share() / 2).round(3),
        "gender": d.some(d.of("Male", "Female"), 0.7),
        "relevent_experience": d.of("Has relevent experience", "No relevent experience"),
        "enrolled_university": d.of("no_enrollment", "Full time course"),
        "education_level": d.of("Graduate", "Masters"),
        "experience": d.of(">20", "15", "5", "<1"),
        "company_size": d.some(d.of("50-99", "<10", "10000+"), 0.7),
        "last_new_job": d.of("1", ">4", "never"),
        "training_hours": d.whole(1, 336),
        "target": d.flag(0.25),
    }


def room_listings(d: Draw) -> Columns:
    return {
        "id": d.rng.permutation(np.arange(2_539, 2_539 + 77 * d.n, 77)),
        "name": [f"Clean & quiet home {i}" for i in range(d.n)],
        "host_id": [2_787 + 5 * int(x) for x in d.whole(1, 300)],
        "host_name": d.numbered("Ada ", 120),
        "neighbourhood_group": d.of("Brooklyn", "Queens"),
        "neighbourhood": d.numbered("Quarter ", 90),
        "latitude": (40.5 + d.share() / 2).round(5),
        "longitude": (-74.2 + d.share() / 2).round(5),
        "room_type": d.of("Private room", "Entire home/apt"),
        "price": d.whole(20, 900),
        "minimum_nights": d.whole(1, 30),
        "number_of_reviews": d.whole(0, 300),
        "last_review": d.days("2018-01-01"),
        "reviews_per_month": d.share(),
        "calculated_host_listings_count": d.whole(1, 9),
        "availability_365": d.whole(0, 365),
    }


def pickups(d: Draw) -> Columns:
    return {
        "Date/Time": d.times("2014-04-01", 30),
        "Lat": (40.6 + d.share() / 4).round(4),
        "Lon": (-74.1 + d.share() / 4).round(4),
        "Base": d.of("B02512", "B02598", "B02617"),
    }


def reward_members(d: Draw) -> Columns:
    return {
        "gender": d.some(d.of("F", "M", "O"), 0.9),
        "age": d.whole(18, 101),
        "id": d.keys(32),
        "became_member_on": [int(x) for x in d.days("2013-08-01", 1_500, "%Y%m%d")],
        "income": d.whole(30_000, 120_000),
    }


def stream_subscribers(d: Draw) -> Columns:
    return {
        "User ID": d.ids(),
        "Subscription Type": d.of("Basic", "Standard", "Premium"),
        "Monthly Revenue": d.of(10, 12, 15),
        "Join Date": d.days("2022-01-01", 300, "%d-%m-%y"),
        "Last Payment Date": d.days("2023-06-01", 40, "%d-%m-%y"),
        "Country": d.of("United States", "Spain", "Canada"),
        "Age": d.whole(26, 51),
        "Gender": d.of("Male", "Female"),
        "Device": d.of("Smartphone", "Tablet", "Smart TV"),
        "Plan Duration": ["1 Month"] * d.n,
    }
