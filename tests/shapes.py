"""Small files in the shapes that people bring, each built by a function.

The columns carry the names that such files really have; the values are made up. What a guess has
to say of each is in ``tests/data/guesses.yaml``, under the builder's name.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from draws import Draw

Columns = dict[str, Any]


def bank_marketing(d: Draw) -> Columns:
    return {
        "age": d.whole(18, 90),
        "job": d.of("admin.", "technician", "services", "retired"),
        "marital": d.of("married", "single", "divorced"),
        "education": d.of("primary", "secondary", "tertiary"),
        "default": d.of("no", "yes", p=[0.98, 0.02]),
        "balance": d.whole(-500, 20_000),
        "housing": d.of("no", "yes"),
        "loan": d.of("no", "yes"),
        "contact": d.of("cellular", "telephone", "unknown"),
        "day": d.whole(1, 31),
        "month": d.of("jan", "feb", "may", "jun"),
        "duration": d.whole(5, 3_000),
        "campaign": d.whole(1, 30),
        "pdays": d.whole(-1, 400),
        "previous": d.whole(0, 20),
        "poutcome": d.of("unknown", "failure", "success"),
        "y": d.of("no", "yes", p=[0.88, 0.12]),
    }


def hr_attrition(d: Draw) -> Columns:
    return {
        "Age": d.whole(18, 60),
        "Attrition": d.yes(),
        "BusinessTravel": d.of("Travel_Rarely", "Travel_Frequently", "Non-Travel"),
        "DailyRate": d.whole(100, 1500),
        "Department": d.of("Sales", "Research & Development", "Human Resources"),
        "DistanceFromHome": d.whole(1, 29),
        "Education": d.whole(1, 5),
        "EmployeeCount": [1] * d.n,
        "EmployeeNumber": d.ids(1),
        "Gender": d.of("Male", "Female"),
        "JobInvolvement": d.whole(1, 4),
        "JobRole": d.of("Manager", "Scientist", "Sales Executive"),
        "MaritalStatus": d.of("Single", "Married"),
        "MonthlyIncome": d.whole(1000, 20_000),
        "OverTime": d.yes(),
        "TotalWorkingYears": d.whole(0, 40),
        "TrainingTimesLastYear": d.whole(0, 6),
        "YearsAtCompany": d.whole(0, 30),
    }


def mall(d: Draw) -> Columns:
    return {
        "CustomerID": d.ids(),
        "Gender": d.of("Male", "Female"),
        "Age": d.whole(18, 70),
        "Annual Income (k$)": d.whole(15, 137),
        "Spending Score (1-100)": d.whole(1, 99),
    }


def heart(d: Draw) -> Columns:
    return {
        "age": d.whole(29, 77),
        "sex": d.flag(0.6),
        "cp": d.whole(0, 3),
        "trestbps": d.whole(94, 200),
        "chol": d.whole(126, 564),
        "thalach": d.whole(71, 202),
        "exang": d.flag(),
        "oldpeak": d.amount(0.5),
        "target": d.flag(0.5),
    }


def credit_default(d: Draw) -> Columns:
    return {
        "ID": d.ids(),
        "LIMIT_BAL": d.whole(10_000, 800_000),
        "SEX": d.whole(1, 2),
        "EDUCATION": d.whole(1, 4),
        "MARRIAGE": d.whole(1, 3),
        "AGE": d.whole(21, 70),
        "PAY_0": d.whole(-2, 8),
        "BILL_AMT1": d.whole(-1000, 90_000),
        "PAY_AMT1": d.whole(0, 50_000),
        "default.payment.next.month": d.flag(0.2),
    }


def marketing_campaign(d: Draw) -> Columns:
    return {
        "ID": d.rng.permutation(np.arange(5, 5 + 7 * d.n, 7)),
        "Year_Birth": d.whole(1940, 1996),
        "Education": d.of("Graduation", "PhD", "Master"),
        "Marital_Status": d.of("Single", "Married", "Together"),
        "Income": d.whole(5_000, 90_000),
        "Kidhome": d.whole(0, 2),
        "Teenhome": d.whole(0, 2),
        "Dt_Customer": d.days("2012-07-30", 600, "%d-%m-%Y"),
        "Recency": d.whole(0, 99),
        "MntWines": d.whole(0, 1400),
        "MntMeatProducts": d.whole(0, 900),
        "NumDealsPurchases": d.whole(0, 15),
        "NumWebPurchases": d.whole(0, 11),
        "NumStorePurchases": d.whole(0, 13),
        "NumWebVisitsMonth": d.whole(0, 20),
        "AcceptedCmp3": d.flag(0.07),
        "AcceptedCmp1": d.flag(0.06),
        "Complain": d.flag(0.01),
        "Z_CostContact": [3] * d.n,
        "Response": d.flag(0.15),
    }


def flight_activity(d: Draw) -> Columns:
    return {
        "Loyalty Number": d.repeated(60, 100_018),
        "Year": d.of(2017, 2018),
        "Month": d.whole(1, 12),
        "Total Flights": d.whole(0, 20),
        "Distance": d.whole(0, 6000),
        "Points Accumulated": d.amount(200),
    }


def instacart_without_time(d: Draw) -> Columns:
    return {
        "order_id": d.ids(2_000_000),
        "user_id": d.repeated(50),
        "eval_set": d.of("prior", "train"),
        "order_number": d.whole(1, 100),
        "order_dow": d.whole(0, 6),
        "order_hour_of_day": d.whole(0, 23),
        "days_since_prior_order": d.whole(0, 30),
    }


def order_lines(d: Draw) -> Columns:
    customers = np.array(d.repeated(60))
    return {
        "Row ID": d.ids(),
        "Order ID": [f"CA-2017-{c}-{i // 3}" for i, c in enumerate(customers)],
        "Order Date": d.days("2017-01-01", 700, "%m/%d/%Y"),
        "Ship Date": d.days("2017-01-05", 700, "%m/%d/%Y"),
        "Ship Mode": d.of("Second Class", "Standard Class"),
        "Customer ID": [f"CG-{c}" for c in customers],
        "Customer Name": [f"Ada {c}" for c in customers],
        "Segment": [("Consumer", "Corporate")[c % 2] for c in customers],
        "Country": ["United States"] * d.n,
        "Region": [("South", "West", "East")[c % 3] for c in customers],
        "Product ID": [f"FUR-{i % 40}" for i in range(d.n)],
        "Category": d.of("Furniture", "Technology", "Office Supplies"),
        "Product Name": [f"Chair {i % 40}" for i in range(d.n)],
        "Sales": d.amount(100),
        "Quantity": d.whole(1, 14),
        "Discount": d.of(0.0, 0.2, 0.5),
        "Profit": d.amount(10) - 15,
    }


def shop_behaviour(d: Draw) -> Columns:
    users = d.repeated(70, 512_000_000)
    return {
        "event_time": [f"{t} UTC" for t in d.times()],
        "event_type": d.of("view", "cart", "purchase", p=[0.8, 0.12, 0.08]),
        "product_id": d.whole(1_000_000, 1_000_300),
        "category_id": d.of(2053013555631882655, 2053013553559896355),
        "category_code": d.of("electronics.smartphone", "appliances.kitchen"),
        "brand": d.of("samsung", "apple", "xiaomi"),
        "price": d.amount(90),
        "user_id": users,
        "user_session": [f"{u:08x}-{i // 5}" for i, u in enumerate(users)],
    }


def plain_log(d: Draw) -> Columns:
    return {
        "user_id": d.repeated(60),
        "event_name": d.of("login", "open", "share", "logout"),
        "event_time": d.times(),
    }


def analytics_hits(d: Draw) -> Columns:
    users = d.repeated(60)
    kinds = d.of("page_view", "scroll", "purchase", "session_start")
    return {
        "user_pseudo_id": [f"{u * 7919}.{u}" for u in users],
        "event_timestamp": [
            1_704_067_200_000_000 + int(s) * 1_000_000 for s in d.rng.integers(0, 86_400 * 90, d.n)
        ],
        "event_name": kinds,
        "ga_session_id": [f"{u}-{i // 4}" for i, u in enumerate(users)],
        "device_category": d.of("mobile", "desktop"),
        "traffic_medium": d.of("organic", "cpc", "referral"),
        "page_location": [f"/page/{i % 40}" for i in range(d.n)],
        "purchase_revenue": [
            x if k == "purchase" else "" for k, x in zip(kinds, d.amount(40), strict=True)
        ],
    }


def epoch_log(d: Draw) -> Columns:
    return {
        "visitorid": d.repeated(60),
        "timestamp": 1_433_221_332_117 + d.rng.integers(0, 86_400_000 * 60, d.n),
        "event": d.of("view", "addtocart", "transaction", p=[0.9, 0.07, 0.03]),
        "itemid": d.whole(1, 200),
    }


def compact_dates(d: Draw) -> Columns:
    return {
        "member_no": d.repeated(60),
        "sales_date": [int(x) for x in d.days("2023-01-01", 300, "%Y%m%d")],
        "sku": d.whole(1, 90),
        "net_sales": d.amount(20),
    }


def bike_trips(d: Draw) -> Columns:
    return {
        "Trip ID": d.ids(913_460),
        "Duration": d.whole(60, 4_000),
        "Start Date": d.times(),
        "Start Station": d.of("Market St", "Howard St", "2nd St"),
        "End Date": d.times(),
        "Bike #": d.repeated(40, 300),
        "Subscriber Type": d.of("Subscriber", "Customer"),
        "Zip Code": d.whole(94_000, 94_130),
    }


def taxi_trips(d: Draw) -> Columns:
    return {
        "VendorID": d.whole(1, 2),
        "tpep_pickup_datetime": d.times(),
        "tpep_dropoff_datetime": d.times(),
        "passenger_count": d.whole(1, 6),
        "trip_distance": d.amount(2),
        "RatecodeID": d.whole(1, 5),
        "store_and_fwd_flag": d.of("N", "Y"),
        "PULocationID": d.whole(1, 265),
        "payment_type": d.whole(1, 4),
        "fare_amount": d.amount(8),
        "tip_amount": d.amount(1),
        "total_amount": d.amount(10),
    }


def game_telemetry(d: Draw) -> Columns:
    players = d.repeated(50)
    return {
        "player_id": [f"p{p}" for p in players],
        "timestamp": d.times(),
        "action": d.of("match_start", "kill", "death", "level_up"),
        "match_id": d.whole(1, 500),
        "level": d.whole(1, 60),
        "platform": d.of("pc", "console", "mobile"),
    }


def saas_usage(d: Draw) -> Columns:
    accounts = np.array(d.repeated(50))
    return {
        "account_id": [f"A-{a}" for a in accounts],
        "occurred_at": d.times(),
        "feature": [f"feature_{i % 12}" for i in range(d.n)],
        "duration_sec": d.whole(1, 600),
        "plan": [("basic", "pro")[a % 2] for a in accounts],
        "industry": [("fintech", "health")[a % 2] for a in accounts],
        "is_churned": [int(a % 5 == 0) for a in accounts],
    }


def orders_with_status(d: Draw) -> Columns:
    return {
        "order_id": d.ids(5_000),
        "client": [f"client {c}" for c in d.repeated(60)],
        "created_at": d.times(),
        "status": d.of("completed", "cancelled", "refunded", p=[0.9, 0.06, 0.04]),
        "total": d.amount(50),
        "payment_method": d.of("card", "paypal"),
    }


def ab_test(d: Draw) -> Columns:
    group = d.of("control", "treatment")
    return {
        "user_id": d.ids(600_000),
        "timestamp": d.times(),
        "group": group,
        "landing_page": ["old_page" if g == "control" else "new_page" for g in group],
        "converted": d.flag(0.12),
        "pages_before": d.whole(1, 30),
        "minutes_before": d.amount(4),
    }


def game_ab_test(d: Draw) -> Columns:
    return {
        "userid": d.rng.permutation(np.arange(116, 116 + 31 * d.n, 31)),
        "version": d.of("gate_30", "gate_40"),
        "sum_gamerounds": d.whole(0, 400),
        "retention_1": d.of("True", "False"),
        "retention_7": d.of("True", "False", p=[0.2, 0.8]),
    }


def demographics_only(d: Draw) -> Columns:
    return {
        "person_id": d.ids(),
        "gender": d.of("f", "m"),
        "age": d.whole(18, 90),
        "income": d.whole(10_000, 90_000),
        "city": d.of("Bern", "Oslo", "Lyon"),
    }


def binned(d: Draw) -> Columns:
    spend = d.amount(100)
    bands = np.select([spend < 80, spend < 200], ["1) low", "2) middle"], "3) high")
    return {"customer": d.ids(1, "c"), "spend": spend, "spend_band": bands, "visits": d.whole(0, 9)}


def weekly_store_sales(d: Draw) -> Columns:
    return {
        "Store": d.repeated(45),
        "Date": d.days("2010-02-05", 900, "%d-%m-%Y"),
        "Weekly_Sales": d.amount(400_000),
        "Holiday_Flag": d.flag(0.07),
        "Temperature": d.amount(20),
    }


def signups(d: Draw) -> Columns:
    return {
        "email": [f"ada{i}@example.org" for i in range(d.n)],
        "signup_date": d.days(),
        "country": d.of("DE", "FR"),
        "logins": d.whole(0, 60),
        "projects": d.whole(0, 9),
        "plan": d.of("free", "pro"),
    }


def awkward_names(d: Draw) -> Columns:
    return {
        "Customer ID": d.repeated(60),
        "order": d.whole(1, 9),
        "Order Date": d.times(),
        'Prix "net" €': d.amount(20),
        "unit price": d.amount(10),
        "select": d.whole(1, 5),
        "Qty": d.whole(1, 7),
    }


def reviews(d: Draw) -> Columns:
    return {
        "reviewerID": [f"R{i}" for i in d.repeated(60)],
        "asin": [f"B00{i % 80}" for i in range(d.n)],
        "overall": d.whole(1, 5),
        "reviewText": d.texts(),
        "unixReviewTime": 1_300_000_000 + d.rng.integers(0, 86_400 * 700, d.n),
    }
