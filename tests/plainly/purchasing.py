"""Recency, frequency, value, orders, baskets, discounts, margin, returns, carts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from plainly.base import DAY, Entity, Event, Value, added, distinct, known, ratio, with_known


def activity(e: Entity) -> dict[str, Value]:
    """How lately and how often."""
    n, days = len(e.seen), len(set(e.dates(e.seen)))
    half_life = e.window.decay_half_life_days
    weights = [round(0.5 ** (((e.cut - x.at) / DAY) / half_life), 9) for x in e.seen]
    found: dict[str, Value] = {
        "recency_days": (e.cut - e.history[-1].at) / DAY,
        "tenure_days": e.tenure,
        "n_events": n,
        "n_orders": distinct(e.seen, "order_id"),
        "active_days": days,
        "n_events_recent": len(e.recent()),
        "decayed_activity": sum(weights),
        "events_per_active_day": ratio(n, days),
        # The day of the first event counts whole, so that a new entity has no endless pace.
        "events_per_month": 30 * len(e.history) / (e.tenure + 1),
    }
    for back in (30, 90, *e.also_days):
        found[f"n_events_{back:g}d"] = len(e.last(back))
        found[f"value_{back:g}d"] = added(e.last(back), "amount")
    return found


def _above(rows: Sequence[Event]) -> Decimal:
    return sum((a for a in known(rows, "amount") if a > 0), Decimal(0))


def value(e: Entity) -> dict[str, Value]:
    """What entities are worth."""
    total, spent = added(e.seen, "amount"), _above(e.seen)
    orders = e.groups("order_id")
    told = [a for rows in orders if (a := added(rows, "amount")) is not None]
    bought = [x for x in with_known(e.seen, "amount", "quantity") if x.quantity > 0]
    in_orders = added(with_known(e.seen, "order_id"), "amount")
    has_orders = "order_id" in e.fields
    cost = added(e.seen, "cost")
    margin = None if total is None or cost is None else total - cost
    return {
        "value_total": total,
        "value_mean": ratio(in_orders, len(orders))
        if has_orders
        else ratio(total, len(known(e.seen, "amount"))),
        "value_recent": added(e.recent(), "amount"),
        "value_per_active_day": ratio(total, len(set(e.dates(e.seen)))),
        "value_largest": max(told, default=None),
        "spend_concentration": ratio(max(map(_above, orders)), spent) if orders else None,
        "unit_price_mean": ratio(added(bought, "amount"), added(bought, "quantity")),
        "margin_total": margin,
        "margin_share": ratio(margin, total),
        "returned_value_share": ratio(
            -sum((a for a in known(e.seen, "amount") if a < 0), Decimal(0)), spent
        ),
        "quantity_total": added(e.seen, "quantity"),
    }


def baskets(e: Entity) -> dict[str, Value]:
    """What is in an order, and how it was bought."""
    orders, n = e.groups("order_id"), distinct(e.seen, "order_id")
    in_orders = with_known(e.seen, "order_id")
    units = added(in_orders, "quantity") if "quantity" in e.fields else len(in_orders)
    priced = with_known(e.seen, "amount")
    off = added(priced, "discount")
    paid = float(_above(e.seen))
    discounts = known(e.seen, "discount")
    return {
        "basket_size": ratio(units, n),
        "basket_items": ratio(sum(distinct(rows, "item") for rows in orders), n),
        "basket_categories": ratio(sum(distinct(rows, "category") for rows in orders), n),
        "discounted_share": ratio(sum(d > 0 for d in discounts), len(discounts)),
        "discount_rate": None if off is None else ratio(off, paid + off),
        "events_per_order": ratio(len(e.seen), n),
    }


def by_kind(e: Entity) -> dict[str, Value]:
    """Purchases, views, carts and returns, as the kinds of events tell them."""
    bought, back, viewed = (e.meaning(m) for m in ("purchase", "return", "view"))
    carts = [rows for rows in e.visits() if e.meaning("cart", rows)]
    left = [rows for rows in carts if not e.meaning("purchase", rows)]
    return {
        "n_returns": len(back),
        "return_share": ratio(len(back), len(bought)),
        "n_purchases": len(bought),
        "purchases_per_view": ratio(len(bought), len(viewed)),
        "cart_abandonment": ratio(len(left), len(carts)),
        "purchases_per_session": ratio(
            len(with_known(bought, "session_id")), distinct(e.seen, "session_id")
        ),
    }


FAMILIES = (activity, value, baskets, by_kind)
