"""Tables that tell who left, with the columns that such files really have.

The values are made up. What a guess has to say of each is in ``tests/data/guesses.yaml``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from draws import Draw

Columns = dict[str, Any]


def churn_modelling(d: Draw) -> Columns:
    return {
        "RowNumber": d.ids(),
        "CustomerId": d.rng.permutation(np.arange(15_565_701, 15_565_701 + 37 * d.n, 37)),
        "Surname": [f"Name{i % 170}" for i in range(d.n)],
        "CreditScore": d.whole(350, 850),
        "Geography": d.of("France", "Spain", "Germany"),
        "Gender": d.of("Male", "Female"),
        "Age": d.whole(18, 92),
        "Tenure": d.whole(0, 10),
        "Balance": d.amount(30_000),
        "NumOfProducts": d.whole(1, 4),
        "HasCrCard": d.flag(0.7),
        "IsActiveMember": d.flag(0.5),
        "EstimatedSalary": d.amount(40_000),
        "Exited": d.flag(0.2),
    }


def bank_churners(d: Draw) -> Columns:
    left = d.of("Existing Customer", "Attrited Customer", p=[0.84, 0.16])
    return {
        "CLIENTNUM": d.rng.permutation(np.arange(708_082_083, 708_082_083 + 991 * d.n, 991)),
        "Attrition_Flag": left,
        "Customer_Age": d.whole(26, 73),
        "Gender": d.of("M", "F"),
        "Dependent_count": d.whole(0, 5),
        "Education_Level": d.of("Graduate", "High School", "Unknown"),
        "Income_Category": d.of("$60K - $80K", "Less than $40K", "$80K - $120K"),
        "Card_Category": d.of("Blue", "Gold", "Silver"),
        "Months_on_book": d.whole(13, 56),
        "Credit_Limit": d.amount(4000),
        "Total_Trans_Amt": d.amount(2000),
        "Total_Trans_Ct": d.whole(10, 139),
        "Avg_Utilization_Ratio": d.share(),
        "Naive_Bayes_Classifier_Attrition_Flag_Card_Category_mon_1": d.share(),
    }


def telecom_minutes(d: Draw) -> Columns:
    return {
        "State": d.of("KS", "OH", "NJ", "OK"),
        "Account length": d.whole(1, 240),
        "Area code": d.of(408, 415, 510),
        "International plan": d.yes(),
        "Number vmail messages": d.whole(0, 50),
        "Total day minutes": d.amount(90),
        "Total day charge": d.amount(15),
        "Total eve calls": d.whole(0, 170),
        "Customer service calls": d.whole(0, 9),
        "Churn": d.of("False", "True"),
    }


def telco_with_reasons(d: Draw) -> Columns:
    left = d.flag(0.27)
    reasons = d.of("Competitor", "Attitude", "Price")
    return {
        "CustomerID": d.ids(1000, "C"),
        "Count": [1] * d.n,
        "City": [f"Town {i % 90}" for i in range(d.n)],
        "Zip Code": d.whole(90_001, 96_161),
        "Tenure Months": d.whole(1, 72),
        "Contract": d.of("Month-to-month", "One year", "Two year"),
        "Monthly Charges": d.amount(30),
        "Churn Label": ["Yes" if x else "No" for x in left],
        "Churn Value": left,
        "Churn Score": d.whole(5, 100),
        "Exit Survey": [r if x else "" for r, x in zip(reasons, left, strict=True)],
        "Customer Status": ["Churned" if x else "Stayed" for x in left],
    }


def airline_loyalty(d: Draw) -> Columns:
    gone = d.flag(0.12).astype(bool)
    year = d.whole(2013, 2018)
    return {
        "Loyalty Number": d.rng.permutation(np.arange(100_018, 100_018 + 53 * d.n, 53)),
        "Country": ["Canada"] * d.n,
        "Province": d.of("Ontario", "Quebec", "Alberta"),
        "City": d.of("Toronto", "Montreal", "Banff"),
        "Gender": d.of("Male", "Female"),
        "Education": d.of("Bachelor", "College"),
        "Salary": d.whole(30_000, 200_000),
        "Marital Status": d.of("Married", "Single"),
        "Loyalty Card": d.of("Star", "Nova", "Aurora"),
        "CLV": d.amount(3000),
        "Enrollment Type": d.of("Standard", "2018 Promotion"),
        "Cancellation Year": [int(y) if g else "" for y, g in zip(year, gone, strict=True)],
        "Flights Booked": d.whole(0, 30),
        "Points Redeemed": d.whole(0, 900),
    }
