"""Pairs without a time, panels of days or months, and columns without names.

The values are made up. What a guess has to say of each is in ``tests/data/guesses.yaml``.
"""

from __future__ import annotations

from typing import Any

from draws import Draw

Columns = dict[str, Any]


def artist_plays(d: Draw) -> Columns:
    return {
        "user_id": d.hashes(50, 40),
        "artist_id": list(d.rng.permutation(d.hashes(90, 36, "a"))),
        "artist_name": d.numbered("The Band ", 90),
        "plays": d.whole(1, 4_000),
    }


def book_ratings(d: Draw) -> Columns:
    return {"user_id": d.repeated(60), "book_id": d.whole(1, 150), "rating": d.whole(1, 5)}


def game_hours_without_header(d: Draw) -> Columns:
    return {
        "1": d.repeated(60, 151_603_000),
        "2": d.numbered("The Elder Game ", 60),
        "3": d.of("purchase", "play"),
        "4": d.amount(5).round(1),
        "5": [0] * d.n,
    }


def course_clicks(d: Draw) -> Columns:
    """Dates are days from the start of the course, before it below zero."""
    return {
        "code_module": d.of("AAA", "BBB", "CCC"),
        "code_presentation": d.of("2013J", "2014B"),
        "id_student": d.repeated(60, 28_400),
        "id_site": d.whole(546_600, 546_700),
        "date": d.whole(-10, 260),
        "sum_click": d.whole(1, 30),
    }


def course_results(d: Draw) -> Columns:
    """A student of two courses stands in two rows, which is no log."""
    n = d.n // 8
    ids = [28_400 + 31 * i for i in range(d.n - n)] + [28_400 + 31 * 3 * i for i in range(n)]
    return {
        "code_module": d.of("AAA", "BBB", "CCC"),
        "code_presentation": d.of("2013J", "2014B"),
        "id_student": ids,
        "gender": d.of("M", "F"),
        "region": d.of("Scotland", "Wales", "Ireland"),
        "highest_education": d.of("HE Qualification", "A Level"),
        "imd_band": d.of("0-10%", "10-20%", "90-100%"),
        "age_band": d.of("0-35", "35-55"),
        "num_of_prev_attempts": d.of(0, 1, 2),
        "studied_credits": d.of(60, 120, 240),
        "disability": d.of("N", "Y"),
        "final_result": d.of("Pass", "Withdrawn", "Fail", "Distinction"),
    }


def hospital_stays(d: Draw) -> Columns:
    patients = [8_222_157 + 11 * int(i) for i in d.rng.integers(0, 2 * d.n, d.n)]
    return {
        "encounter_id": list(d.rng.permutation(d.ids(2_278_392))),
        "patient_nbr": patients,
        "race": d.of("Caucasian", "AfricanAmerican"),
        "gender": d.of("Female", "Male"),
        "age": d.of("[50-60)", "[60-70)", "[70-80)"),
        "weight": ["?"] * d.n,
        "admission_type_id": d.whole(1, 8),
        "discharge_disposition_id": d.whole(1, 26),
        "time_in_hospital": d.whole(1, 14),
        "num_lab_procedures": d.whole(1, 90),
        "num_medications": d.whole(1, 40),
        "number_inpatient": d.whole(0, 9),
        "diag_1": d.numbered("V", 90),
        "insulin": d.of("No", "Up", "Down", "Steady"),
        "diabetesMed": d.of("Yes", "No"),
        "readmitted": d.of("NO", ">30", "<30"),
    }


def offer_transcript(d: Draw) -> Columns:
    return {
        "person": d.hashes(50, 32),
        "event": d.of("offer received", "offer viewed", "transaction", "offer completed"),
        "value": [f"{{'offer id': '{i % 10}'}}" for i in range(d.n)],
        "time": d.of(0, 168, 336, 408, 504, 576),
    }


def account_months(d: Draw) -> Columns:
    n_months = 8
    accounts = [i // n_months for i in range(d.n)]
    return {
        "account_id": [f"A{a}" for a in accounts],
        "month": [f"2024-{1 + i % n_months:02d}-01" for i in range(d.n)],
        "active_users": d.whole(1, 60),
        "api_calls": d.whole(0, 9_000),
        "tickets_opened": d.whole(0, 9),
        "mrr": d.amount(200),
        "plan": [("basic", "pro")[a % 2] for a in accounts],
    }


def user_days(d: Draw) -> Columns:
    """One row per person and day; the person is called Id, and it repeats."""
    return {
        "Id": d.repeated(33, 1_503_960_366),
        "ActivityDate": d.days("2016-04-12", 31, "%m/%d/%Y"),
        "TotalSteps": d.whole(0, 30_000),
        "TotalDistance": d.amount(3),
        "VeryActiveMinutes": d.whole(0, 100),
        "SedentaryMinutes": d.whole(200, 1_440),
        "Calories": d.whole(900, 4_500),
    }


def meter_readings(d: Draw) -> Columns:
    meters = d.repeated(50)
    return {
        "LCLid": [f"MAC{m:06d}" for m in meters],
        "stdorToU": [("Std", "ToU")[m % 2] for m in meters],
        "DateTime": d.times("2012-10-12"),
        "KWH/hh (per half hour)": d.amount(0.1),
        "Acorn_grouped": [("Affluent", "Adversity")[m % 2] for m in meters],
    }


def meter_months(d: Draw) -> Columns:
    months = {f"kwh_2023_{m:02d}": d.amount(150) for m in range(1, 13)}
    return {
        "meter_id": d.ids(700_001),
        "tariff": d.of("flat", "time of use"),
        "postcode": d.numbered("N", 300),
        **months,
    }


def sensor_log(d: Draw) -> Columns:
    return {
        "ts": d.epochs(1_594_512_094),
        "device": [f"b8:27:eb:bf:{x:02d}" for x in d.repeated(30)],
        "co": d.share(),
        "humidity": d.amount(20),
        "light": d.of("true", "false"),
        "temp": d.amount(10),
    }


def shop_and_customer(d: Draw) -> Columns:
    """Each store numbers its own customers from 1."""
    return {
        "store_id": [f"S{i // 40}" for i in range(d.n)],
        "customer_no": [1 + i % 40 for i in range(d.n)],
        "orders": d.whole(1, 40),
        "spend": d.amount(200),
        "visits": d.whole(1, 60),
    }


def plain_products(d: Draw) -> Columns:
    return {
        "product_id": d.keys(),
        "product_category_name": d.numbered("categoria_", 40),
        "product_name_lenght": d.whole(10, 60),
        "product_description_lenght": d.whole(50, 3_900),
        "product_photos_qty": d.whole(1, 9),
        "product_weight_g": d.whole(50, 9_000),
        "product_length_cm": d.whole(16, 60),
    }


def product_names(d: Draw) -> Columns:
    return {
        "product_id": d.ids(),
        "product_name": [f"Chocolate Cookie {i}" for i in range(d.n)],
        "aisle_id": d.whole(1, 134),
        "department_id": d.whole(1, 21),
    }


def stores(d: Draw) -> Columns:
    return {"Store": d.ids(), "Type": d.of("A", "B", "C"), "Size": d.whole(30_000, 220_000)}


def rented_bikes(d: Draw) -> Columns:
    """A series of hours: a row is an hour, and nobody is named."""
    casual, registered = d.whole(0, 300), d.whole(0, 800)
    return {
        "instant": d.ids(),
        "dteday": d.days("2011-01-01", 700),
        "season": d.whole(1, 4),
        "yr": d.flag(0.5),
        "mnth": d.whole(1, 12),
        "hr": d.whole(0, 23),
        "holiday": d.flag(0.05),
        "weekday": d.whole(0, 6),
        "workingday": d.flag(0.7),
        "weathersit": d.whole(1, 4),
        "temp": d.share(),
        "hum": d.share(),
        "casual": casual,
        "registered": registered,
        "cnt": casual + registered,
    }


def flowers_without_header(d: Draw) -> Columns:
    return {
        "1": d.amount(2),
        "2": d.amount(1),
        "3": d.amount(1.5),
        "4": d.amount(0.5),
        "5": d.of("Iris-setosa", "Iris-virginica", "Iris-versicolor"),
    }
