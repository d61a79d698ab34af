"""Exports of help desks, shops, hotels and mailings, with the columns that led guesses astray.

The values are made up. What a guess has to say of each is in ``tests/data/guesses.yaml``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from draws import Draw

Columns = dict[str, Any]


def desk_export(d: Draw) -> Columns:
    """Beside the id of who asked stands their name."""
    people = d.repeated(60, 361_000_000_000)
    return {
        "Id": d.ids(5_000),
        "Requester": [f"Ada Byte {p % 1000}" for p in people],
        "Requester id": people,
        "Subject": d.of("Login issue", "Refund", "Help"),
        "Created at": d.times(),
        "Channel": d.of("Web", "Email", "Chat"),
        "Reopens": d.rng.poisson(0.4, d.n),
        "Requester segment": [("A", "B", "C")[p % 3] for p in people],
    }


def mailing_members(d: Draw) -> Columns:
    return {
        "member_id": d.ids(100),
        "opens_30d": d.rng.poisson(4, d.n),
        "clicks_30d": d.rng.poisson(1, d.n),
        "newsletter_unsubscribed": d.flag(0.1),
        "marketing_opt_in": d.flag(0.6),
        "newsletter": d.yes(0.5),
        "subscribed_to_emails": d.flag(0.5),
        "GDPR consent": d.of("Y", "N", ""),
        "customer_tier": d.of("A", "B", "C"),
        "cohort": d.of("A", "B"),
    }


def order_lines_export(d: Draw) -> Columns:
    """An order's number is called a name, and only its first line tells what all of it cost."""
    order = np.arange(d.n) // 3
    buyer = order // 3
    moments = d.times()
    first = np.arange(d.n) % 3 == 0
    total = [f"{v:.2f}" if f else "" for v, f in zip(d.amount(), first, strict=True)]
    return {
        "Name": [f"#{1001 + o}" for o in order],
        "Email": [f"ada{b}@example.org" for b in buyer],
        "Total": total,
        "Paid at": [moments[3 * o] if f else "" for o, f in zip(order, first, strict=True)],
        "Created at": [moments[3 * o] for o in order],
        "Lineitem quantity": d.of(1, 2, 3),
        "Lineitem price": d.amount(12),
        "Lineitem sku": d.numbered("SC-", 40),
    }


def shop_weeks(d: Draw) -> Columns:
    """A row for each week of each shop, the weeks counted and not dated."""
    return {
        "store_nbr": np.arange(d.n) // 10,
        "week": np.arange(d.n) % 10,
        "weekly_sales": d.amount(900),
        "promo": d.flag(0.2),
    }


def east_asian_orders(d: Draw) -> Columns:
    days = [f"{t[:4]}年{t[5:7]}月{t[8:]}日" for t in d.days()]
    return {
        "顧客ID": d.repeated(60, prefix="K"),
        "注文日": days,
        "金額": [f"¥{int(v):,}" for v in d.amount(900)],
        "商品": d.of("りんご", "みかん", "茶"),
    }


def korean_orders(d: Draw) -> Columns:
    days = [f"{t[:4]}년 {int(t[5:7])}월 {int(t[8:])}일" for t in d.days()]
    return {"고객번호": d.repeated(60, 7_000), "주문일": days, "금액": d.whole(1_000, 90_000)}


def hotel_stays(d: Draw) -> Columns:
    """Bookings without an amount, some of them taken back."""
    return {
        "booking_id": d.ids(0),
        "guest_email": [f"ada{g}@example.org" for g in d.repeated(60)],
        "booked_on": d.days(),
        "nights": d.whole(1, 9),
        "is_canceled": d.flag(0.2),
    }


def till_log(d: Draw) -> Columns:
    return {
        "Customer E-mail": [f"ada{g}@example.org" for g in d.repeated(60)],
        "Date": d.times(),
        "Total": d.amount(),
        "order_refunded": d.of("No", "Yes", p=[0.9, 0.1]),
        "is_test": d.of("false", "true", p=[0.95, 0.05]),
    }


def loyalty_members(d: Draw) -> Columns:
    months = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
    return {
        "LoyaltyCard": d.ids(4_000_000_000),
        "JoinDate": d.days("2020-01-01"),
        "LastPurchase": d.days(),
        "NumOrders": d.rng.poisson(6, d.n),
        **{f"spend_{m}": d.amount() for m in months},
    }


def dated_weeks(d: Draw) -> Columns:
    """Every shop has a row for every week, whoever bought there."""
    weeks = np.datetime64("2024-01-01") + 7 * (np.arange(d.n) % 10)
    return {
        "Store": np.arange(d.n) // 10,
        "Date": [str(w) for w in weeks],
        "Weekly_Sales": d.amount(900),
    }
