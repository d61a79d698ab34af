"""What each meaning of a missing value says, as a question to an entity."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from plainly.base import Entity, Event, known, with_known

Question = Callable[[Entity, Sequence[Event]], bool]

HISTORY = {
    *("seats", "expansion_velocity", "score_latest", "nps_latest", "days_since_open"),
    *("seats_used_share", "days_to_kind=purchase", "days_to_kind=never"),
}
"""Features that look at all that happened, whatever the look-back window."""

SUMS = {
    *("value_total", "decayed_value", "value_recent", "value_30d", "value_90d", "quantity_total"),
    *("value_1d", "value_14.5d", "value_365d", "margin_total", "minutes_total", "total_minutes"),
}
"""Where nothing happened these are nothing, not unknown: the events are all known, being none."""


def _unknown(*names: str) -> Question:
    return lambda e, rows: not with_known(rows, *names)


def _none_of(meaning: str) -> Question:
    return lambda e, rows: not e.meaning(meaning, rows)


def _fewer(n: int) -> Question:
    return lambda e, rows: len(rows) < n


def _in_last(days: float) -> Question:
    return lambda e, rows: not known(e.last(days), "amount")


def _unpaid(rows: Sequence[Event]) -> bool:
    return all(a <= 0 for a in known(rows, "amount"))


def _nothing_follows(meaning: str) -> Question:
    def is_missing(e: Entity, rows: Sequence[Event]) -> bool:
        told = sorted(with_known(rows, "kind"), key=lambda x: (x.at, x.kind))
        kinds = e.choice.kinds[meaning]
        return not any(a.kind in kinds and b.at > a.at for a, b in pairwise(told))

    return is_missing


def _no_cart(e: Entity, rows: Sequence[Event]) -> bool:
    return not any(e.meaning("cart", visit) for visit in e.visits())


def _nothing_to_pay(e: Entity, rows: Sequence[Event]) -> bool:
    discounts = [x.discount for x in with_known(rows, "amount", "discount")]
    paid = sum(a for a in known(rows, "amount") if a > 0)
    return not discounts or sum(discounts) + paid == 0


def _no_margin(e: Entity, rows: Sequence[Event]) -> bool:
    return not known(rows, "amount") or not known(rows, "cost")


_STEPS = ("view", "cart", "purchase")
_AFTER = {
    "a purchase": "purchase",
    "a view": "view",
    "putting into a cart": "cart",
    "a login": "login",
    "a ticket": "ticket",
    "an opened message": "open",
    "a lesson or help": "learn",
}

MEANS: dict[str, Question] = {
    "never missing": lambda e, rows: False,
    "no event in the look-back window": _fewer(1),
    "fewer than five events, too few to tell": _fewer(5),
    "known for less than a year, or fewer than five events": lambda e, rows: (
        e.tenure < 365 or len(rows) < 5
    ),
    "seen at one moment only, so there is no gap": lambda e, rows: len({x.at for x in rows}) < 2,
    "fewer than three gaps, too few to tell": lambda e, rows: len({x.at for x in rows}) < 4,
    "no event has a known amount": _unknown("amount"),
    "no event of the recent window has a known amount": lambda e, rows: (
        not known(e.recent(), "amount")
    ),
    **{f"no event of the last {d:g} days has a known amount": _in_last(d) for d in (1, 14.5, 30)},
    **{f"no event of the last {d:g} days has a known amount": _in_last(d) for d in (90, 365)},
    "no order has a known amount": _unknown("order_id", "amount"),
    "no order has a known quantity": _unknown("order_id", "quantity"),
    "no event has an order": _unknown("order_id"),
    "no event has a session": _unknown("session_id"),
    "no event has a known discount": _unknown("discount"),
    "no event with a known amount has a known discount, or there was nothing to pay": (
        _nothing_to_pay
    ),
    "nothing was spent, or no event has an order": lambda e, rows: (
        _unpaid(rows) or not known(rows, "order_id")
    ),
    "nothing was bought": lambda e, rows: _unpaid(rows),
    "nothing was spent in either window": lambda e, rows: _unpaid([*e.recent(), *e.recent(1)]),
    "no unit has a known price": lambda e, rows: (
        not any(x.quantity > 0 for x in with_known(rows, "quantity", "amount"))
    ),
    "no event has a known amount, or none has a known cost": _no_margin,
    "no event has a known amount, or none has a known cost, or the amounts add up to nothing": (
        lambda e, rows: _no_margin(e, rows) or sum(known(rows, "amount")) == 0
    ),
    "no purchase": _none_of("purchase"),
    "no view": _none_of("view"),
    "no ticket": _none_of("ticket"),
    "no message was sent": _none_of("send"),
    "no message was opened": _none_of("open"),
    "no session has a cart": _no_cart,
    "no visit has a cart": _no_cart,
    "no sign of value yet": lambda e, rows: not e.meaning("value", e.history),
    **{
        f"no event came after {words}, or only one of the same moment": _nothing_follows(meaning)
        for words, meaning in _AFTER.items()
    },
    **{
        f"fewer than two {m}s": (lambda e, rows, m=m: len(e.meaning(m)) < 2)
        for m in ("purchase", "login", "ticket")
    },
    **{
        f"no event has a known {f}": _unknown(f)
        for f in ("kind", "channel", "category", "item", "device", "quantity", "minutes", "rating")
    },
    **{
        f"fewer than two events with a known {f}": lambda e, rows, f=f: len(known(rows, f)) < 2
        for f in ("channel", "kind")
    },
    "no event on an item has a known quantity": _unknown("item", "quantity"),
    "no event has a known duration": _unknown("duration_seconds"),
    "no event on an item has a known duration": _unknown("item", "duration_seconds"),
    "no user in the last 30 days": lambda e, rows: not known(e.last(30), "user"),
    "no event has a known number of seats": _unknown("seats"),
    "no event has a known number of seats, or there are none": lambda e, rows: (
        not e.latest("seats")
    ),
    "no event tells its errors": _unknown("errors"),
    "no ticket has a known first response": _unknown("response_seconds"),
    "no ticket has a known solution": _unknown("resolution_seconds"),
    "no ticket tells whether it was opened again": _unknown("reopened"),
    "no ticket tells whether it was escalated": _unknown("escalated"),
    "no score was given": _unknown("score"),
    "no answer to 'how likely are you to recommend us'": _unknown("nps"),
    "no 'purchase' yet": lambda e, rows: all(x.kind != "purchase" for x in rows),
    "no 'never' yet": lambda e, rows: True,
    "onboarding is not complete": lambda e, rows: (
        not {x.kind for x in e.history}.issuperset(_STEPS)
    ),
    "no onboarding step was taken": lambda e, rows: not {x.kind for x in e.history} & set(_STEPS),
    "no workflow was begun": lambda e, rows: all(x.kind != "send" for x in rows),
}


def is_missing(name: str, means: str, e: Entity) -> bool:
    """Say whether a feature should be missing, by what its null is said to mean."""
    rows = e.history if name in HISTORY else e.seen
    if name in SUMS and not _rows_of(name, e):
        return False
    return MEANS[means](e, rows)


def _rows_of(name: str, e: Entity) -> Sequence[Event]:
    if name == "value_recent":
        return e.recent()
    last = name.removeprefix("value_").removesuffix("d")
    return e.last(float(last)) if last.replace(".", "").isdigit() else e.seen
