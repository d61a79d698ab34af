"""Tables with labels, leaks, arms, scores of models and earlier segments in them.

The values are made up, and go together as they do in such files. What a guess has to say of each
is in ``tests/data/guesses.yaml``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from draws import Draw

Columns = dict[str, Any]


def uplift_campaign(d: Draw) -> Columns:
    treated = d.flag(0.7)
    visit = d.flag(0.3)
    features = {f"f{i}": d.amount(3 + i).round(6) for i in range(12)}
    return features | {
        "treatment": treated,
        "conversion": visit * d.flag(0.3),
        "visit": visit,
        "exposure": treated * d.flag(0.1),
    }


def retail_uplift(d: Draw) -> Columns:
    return {
        "age": d.whole(18, 80),
        "cheque_count_12m_g20": d.whole(0, 30),
        "cheque_count_3m_g56": d.whole(0, 12),
        "children": d.of(0, 1, 2),
        "disc_sum_6m_g34": d.amount(100),
        "food_share_1m": d.share(),
        "gender": d.of("Ж", "М", "Не определен"),
        "group": d.of("test", "control", p=[0.75, 0.25]),
        "k_var_cheque_15d": d.share(),
        "main_format": d.flag(0.4),
        "mean_discount_depth_15d": d.share(),
        "months_from_register": d.whole(1, 120),
        "perdelta_days_between_visits_15_30d": d.amount(1),
        "response_att": d.flag(0.1),
        "response_sms": d.share(),
        "response_viber": d.share(),
        "sale_sum_3m_g24": d.amount(300),
        "stdev_days_between_visits_15d": d.amount(1),
    }


def advert_test(d: Draw) -> Columns:
    return {
        "Unnamed: 0": d.ids(0),
        "user id": d.rng.permutation(np.arange(900_000, 900_000 + 7 * d.n, 7)),
        "test group": d.of("ad", "psa", p=[0.9, 0.1]),
        "converted": d.of("False", "True", p=[0.9, 0.1]),
        "total ads": d.whole(1, 400),
        "most ads day": d.of("Monday", "Tuesday", "Friday"),
        "most ads hour": d.whole(0, 23),
    }


def mail_test(d: Draw) -> Columns:
    return {
        "email_id": d.rng.permutation(np.arange(8, 8 + 5 * d.n, 5)),
        "email_text": d.of("short_email", "long_email"),
        "email_version": d.of("personalized", "generic"),
        "hour": d.whole(1, 24),
        "weekday": d.of("Monday", "Sunday", "Friday"),
        "user_country": d.of("US", "UK", "FR"),
        "user_past_purchases": d.whole(0, 20),
        "opened": d.flag(0.2),
    }


def hotel_bookings(d: Draw) -> Columns:
    gone = d.flag(0.37)
    status = ["Check-Out" if not g else s for g, s in
              zip(gone, d.of("Canceled", "No-Show", p=[0.95, 0.05]), strict=True)]  # fmt: skip
    return {
        "hotel": d.of("Resort Hotel", "City Hotel"),
        "is_canceled": gone,
        "lead_time": d.whole(0, 500),
        "arrival_date_year": d.of(2015, 2016, 2017),
        "arrival_date_month": d.of("July", "August", "May"),
        "arrival_date_week_number": d.whole(1, 53),
        "arrival_date_day_of_month": d.whole(1, 31),
        "stays_in_weekend_nights": d.whole(0, 4),
        "stays_in_week_nights": d.whole(0, 9),
        "adults": d.of(1, 2, 3),
        "babies": d.of(0, 1, p=[0.98, 0.02]),
        "meal": d.of("BB", "HB", "SC"),
        "country": d.of("PRT", "GBR", "ESP"),
        "market_segment": d.of("Online TA", "Direct", "Groups"),
        "is_repeated_guest": d.flag(0.05),
        "previous_cancellations": d.of(0, 1, 2, p=[0.93, 0.05, 0.02]),
        "previous_bookings_not_canceled": d.of(0, 1, 4, p=[0.95, 0.03, 0.02]),
        "booking_changes": d.of(0, 1, 3),
        "deposit_type": d.of("No Deposit", "Non Refund"),
        "agent": d.some(d.whole(1, 300), 0.86),
        "company": d.some(d.whole(6, 40), 0.2),
        "customer_type": d.of("Transient", "Contract"),
        "adr": d.amount(40),
        "total_of_special_requests": d.whole(0, 5),
        "reservation_status": status,
        "reservation_status_date": d.days("2015-07-01", 700),
    }


def flight_satisfaction(d: Draw) -> Columns:
    asked = ("Inflight wifi service", "Ease of Online booking", "Seat comfort", "Cleanliness")
    return {
        "Unnamed: 0": d.ids(0),
        "id": d.rng.permutation(np.arange(1, 1 + 3 * d.n, 3)),
        "Gender": d.of("Male", "Female"),
        "Customer Type": d.of("Loyal Customer", "disloyal Customer"),
        "Age": d.whole(7, 85),
        "Type of Travel": d.of("Personal Travel", "Business travel"),
        "Class": d.of("Eco Plus", "Business", "Eco"),
        "Flight Distance": d.whole(31, 4_900),
        **{name: d.whole(0, 5) for name in asked},
        "Departure Delay in Minutes": d.whole(0, 300),
        "satisfaction": d.of("neutral or dissatisfied", "satisfied"),
    }


def late_payers(d: Draw) -> Columns:
    return {
        "Unnamed: 0": d.ids(),
        "SeriousDlqin2yrs": d.flag(0.07),
        "RevolvingUtilizationOfUnsecuredLines": d.share(),
        "age": d.whole(21, 95),
        "NumberOfTime30-59DaysPastDueNotWorse": d.of(0, 1, 2, p=[0.85, 0.1, 0.05]),
        "DebtRatio": d.share(),
        "MonthlyIncome": d.whole(900, 20_000),
        "NumberOfOpenCreditLinesAndLoans": d.whole(0, 30),
        "NumberOfTimes90DaysLate": d.of(0, 1, 3, p=[0.94, 0.04, 0.02]),
        "NumberOfDependents": d.whole(0, 5),
    }


def instalment_loans(d: Draw) -> Columns:
    """Much of what is told of a loan was not known before it was paid back or lost."""
    status = np.array(d.of("Fully Paid", "Charged Off", "Current", p=[0.6, 0.2, 0.2]))
    lost, running = status == "Charged Off", status == "Current"
    amount = d.whole(10, 400) * 100
    share = np.where(status == "Fully Paid", 1.0, 0.1 + 0.7 * d.share())
    return {
        "id": d.rng.permutation(np.arange(1_077_501, 1_077_501 + 3 * d.n, 3)),
        "member_id": [""] * d.n,
        "loan_amnt": amount,
        "term": d.of(" 36 months", " 60 months"),
        "int_rate": [f"{x:.2f}%" for x in d.amount(5)],
        "installment": d.amount(150),
        "grade": d.of("A", "B", "C", "D"),
        "emp_title": d.numbered("Teacher ", 300),
        "emp_length": d.of("10+ years", "< 1 year", "3 years"),
        "home_ownership": d.of("RENT", "OWN", "MORTGAGE"),
        "annual_inc": d.whole(10_000, 200_000),
        "issue_d": d.of("Dec-2011", "Nov-2011", "Oct-2011"),
        "loan_status": status,
        "pymnt_plan": ["n"] * d.n,
        "url": [f"https://example.org/loan?id={i}" for i in range(d.n)],
        "purpose": d.of("car", "credit_card", "small_business"),
        "zip_code": [f"{z}xx" for z in d.whole(100, 999)],
        "addr_state": d.of("AZ", "GA", "CA"),
        "dti": d.amount(7),
        "delinq_2yrs": d.of(0, 1, 2, p=[0.9, 0.07, 0.03]),
        "revol_util": d.share(),
        "out_prncp": np.where(running, (amount * (1 - share)).round(2), 0.0),
        "total_rec_prncp": (amount * share).round(2),
        "recoveries": np.where(lost, d.amount(200), 0.0),
        "collection_recovery_fee": np.where(lost, d.amount(3), 0.0),
        "last_pymnt_d": d.of("Jan-2015", "Apr-2013", "Jun-2014"),
    }


def policy_holders(d: Draw) -> Columns:
    return {
        "Customer": [f"QZ{44_356 + 7 * i}" for i in range(d.n)],
        "State": d.of("Oregon", "Nevada", "California"),
        "Customer Lifetime Value": d.amount(4_000),
        "Response": d.yes(0.14),
        "Coverage": d.of("Basic", "Extended", "Premium"),
        "Education": d.of("Bachelor", "College"),
        "Effective To Date": d.days("2011-01-01", 60, "%m/%d/%y"),
        "EmploymentStatus": d.of("Employed", "Unemployed", "Retired"),
        "Gender": d.of("F", "M"),
        "Income": d.whole(0, 99_000),
        "Location Code": d.of("Suburban", "Rural", "Urban"),
        "Marital Status": d.of("Married", "Single"),
        "Monthly Premium Auto": d.whole(60, 290),
        "Months Since Last Claim": d.whole(0, 35),
        "Number of Open Complaints": d.whole(0, 5),
        "Number of Policies": d.whole(1, 9),
        "Renew Offer Type": d.of("Offer1", "Offer2", "Offer3"),
        "Sales Channel": d.of("Agent", "Branch", "Web"),
        "Total Claim Amount": d.amount(200),
        "Vehicle Class": d.of("Two-Door Car", "SUV"),
    }


def insurance_cross_sell(d: Draw) -> Columns:
    return {
        "id": d.ids(),
        "Gender": d.of("Male", "Female"),
        "Age": d.whole(20, 80),
        "Driving_License": [1] * (d.n - 1) + [0],
        "Region_Code": [float(x) for x in d.whole(0, 52)],
        "Previously_Insured": d.flag(0.45),
        "Vehicle_Age": d.of("< 1 Year", "1-2 Year", "> 2 Years"),
        "Vehicle_Damage": d.yes(0.5),
        "Annual_Premium": d.amount(15_000),
        "Policy_Sales_Channel": [float(x) for x in d.whole(1, 163)],
        "Vintage": d.whole(10, 299),
        "Response": d.flag(0.12),
    }


def rfm_table(d: Draw) -> Columns:
    recency, frequency, monetary = d.whole(0, 370), d.whole(1, 200), d.amount(400)
    r, f, m = d.thirds(recency, (3, 2, 1)), d.thirds(frequency), d.thirds(monetary)
    total = [a + b + c for a, b, c in zip(r, f, m, strict=True)]
    return {
        "CustomerID": d.rng.permutation(np.arange(12_346, 12_346 + d.n)),
        "Recency": recency,
        "Frequency": frequency,
        "Monetary": monetary,
        "R": r,
        "F": f,
        "M": m,
        "RFM_Segment": [f"{a}{b}{c}" for a, b, c in zip(r, f, m, strict=True)],
        "RFM_Score": total,
        "Loyalty_Level": d.thirds(total, ("Bronze", "Silver", "Gold")),
        "Cluster": d.whole(0, 3),
    }


def scored_customers(d: Draw) -> Columns:
    spend = d.amount(200)
    chance = d.share()
    return {
        "customer_id": d.ids(),
        "orders": d.whole(1, 40),
        "spend": spend,
        "days_active": d.whole(1, 300),
        "returns_probability_of_items": d.share(),
        "churn_probability": chance,
        "score": d.share(),
        "propensity_to_buy": d.share(),
        "predicted_ltv": (spend * 1.3).round(2),
        "prediction": (chance > 0.5).astype(int),
        "y_pred": (chance > 0.4).astype(int),
        "split": d.of("train", "test", p=[0.8, 0.2]),
        "fold": d.whole(0, 4),
        "sample_weight": d.share(),
        "kmeans_cluster": d.whole(0, 5),
        "label": d.flag(0.2),
    }


def gives_it_away(d: Draw) -> Columns:
    """Three columns that know who left, under names that say nothing of it."""
    left = d.flag(0.25)
    return {
        "customer_id": d.ids(),
        "visits": d.whole(0, 40),
        "spend": d.amount(100),
        "days_to_winback_call": np.where(left, d.whole(1, 30), 200 + d.whole(0, 60)),
        "desk": ["exit desk" if x else "front desk" for x in left],
        "open_invoices": d.whole(0, 6) - 3 * left,
        "churned": left,
    }


def quality_of_wine(d: Draw) -> Columns:
    return {
        "fixed acidity": d.amount(3),
        "residual sugar": d.amount(2),
        "density": (0.99 + d.share() / 100).round(5),
        "pH": (2.7 + d.share()).round(2),
        "alcohol": (8 + 5 * d.share()).round(1),
        "quality": d.whole(3, 8),
    }


def flowers(d: Draw) -> Columns:
    return {
        "Id": d.ids(),
        "SepalLengthCm": d.amount(2),
        "SepalWidthCm": d.amount(1),
        "PetalLengthCm": d.amount(1.5),
        "PetalWidthCm": d.amount(0.5),
        "Species": d.of("Iris-setosa", "Iris-versicolor", "Iris-virginica"),
    }


def grains(d: Draw) -> Columns:
    return {
        "area": d.amount(7),
        "perimeter": d.amount(6),
        "compactness": d.share(),
        "kernel_length": d.amount(2),
        "asymmetry": d.amount(1.5),
        "type": d.whole(1, 3),
    }


def card_fraud(d: Draw) -> Columns:
    hidden = {f"V{i}": (d.share() * 6 - 3).round(6) for i in range(1, 10)}
    return {"Time": np.sort(d.whole(0, 172_792)), **hidden, "Amount": d.amount(40),
            "Class": d.flag(0.05)}  # fmt: skip


def blind_columns(d: Draw) -> Columns:
    hidden = {f"var_{i}": d.amount(1 + i % 5).round(4) for i in range(60)}
    return {"ID_code": [f"train_{i}" for i in range(d.n)], "target": d.flag(0.1), **hidden}


def play_habits(d: Draw) -> Columns:
    hours = (24 * d.share()).round(3)
    return {
        "PlayerID": d.ids(9_000),
        "Age": d.whole(15, 49),
        "Gender": d.of("Male", "Female"),
        "Location": d.of("USA", "Europe", "Asia"),
        "GameGenre": d.of("Strategy", "Sports", "RPG"),
        "PlayTimeHours": hours,
        "InGamePurchases": d.flag(0.2),
        "GameDifficulty": d.of("Easy", "Medium", "Hard"),
        "SessionsPerWeek": d.whole(0, 19),
        "AvgSessionDurationMinutes": d.whole(10, 179),
        "PlayerLevel": d.whole(1, 99),
        "EngagementLevel": d.of("Low", "Medium", "High"),
    }


def phone_habits(d: Draw) -> Columns:
    minutes = d.whole(30, 598)
    return {
        "User ID": d.ids(),
        "Device Model": d.of("Pixel 5", "iPhone 12"),
        "Operating System": d.of("Android", "iOS"),
        "App Usage Time (min/day)": minutes,
        "Screen On Time (hours/day)": d.amount(2),
        "Battery Drain (mAh/day)": d.whole(300, 3_000),
        "Number of Apps Installed": d.whole(10, 99),
        "Data Usage (MB/day)": d.whole(100, 2_500),
        "Age": d.whole(18, 59),
        "Gender": d.of("Male", "Female"),
        "User Behavior Class": d.thirds(minutes),
    }
