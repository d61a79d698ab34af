"""Mix, adoption, reach, service, and what a project declares."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import log
from statistics import median

from plainly.base import (
    DAY,
    MOMENT,
    Entity,
    Event,
    Value,
    added,
    average,
    days,
    distinct,
    known,
    ratio,
    with_known,
)

LABELS = ("kind", "channel", "category", "item", "device")
_DID = {
    "collaborate": "collaboration",
    "integrate": "integrations",
    "api": "api",
    "learn": "education",
    "community": "community",
    "login": "logins",
}


def mix(e: Entity) -> dict[str, Value]:
    """How many different things, how evenly, and the share of the top one."""
    told: dict[str, Value] = {}
    for name in LABELS:
        words = known(e.seen, name)
        shares = [words.count(w) / len(words) for w in sorted(set(words))]
        plural = {"category": "categories"}.get(name, f"{name}s")
        told[f"n_{plural}"] = len(shares)
        told[f"top_{name}_share"] = max(shares, default=None)
        told[f"{name}_entropy"] = -sum(p * log(p) for p in shares) if shares else None
        told[f"{name}_concentration"] = sum(p * p for p in shares) if shares else None
    items = known(e.seen, "item")
    told["events_per_item"] = ratio(len(items), len(set(items)))
    return told


def paths(e: Entity) -> dict[str, Value]:
    """What follows what."""
    through = [x.channel for x in sorted(with_known(e.seen, "channel"), key=_place)]
    changes = sum(a != b for a, b in pairwise(through))
    return {"switches_channel_share": ratio(changes, max(len(through) - 1, 0))}


def _place(x: Event) -> tuple[object, ...]:
    return (x.at, x.channel)


def use(e: Entity) -> dict[str, Value]:
    """Breadth and depth of use."""
    told: dict[str, Value] = {}
    for meaning, name in _DID.items():
        told[f"n_{name}"] = len(e.meaning(meaning))
        told[f"{name}_share"] = ratio(len(e.meaning(meaning)), len(e.seen))
    on_items, n_items = with_known(e.seen, "item"), distinct(e.seen, "item")
    seconds, on = added(e.seen, "duration_seconds"), added(on_items, "duration_seconds")
    errors = known(e.seen, "errors")
    return told | {
        "integrations_used": distinct(e.meaning("integrate"), "item"),
        "quantity_per_item": ratio(added(on_items, "quantity"), n_items),
        "minutes_total": None if seconds is None else seconds / 60,
        "minutes_per_item": None if on is None else ratio(on / 60, n_items),
        "n_upgrades": len(e.meaning("upgrade")),
        "n_downgrades": len(e.meaning("downgrade")),
        "error_share": ratio(sum(x > 0 for x in errors), len(errors)),
    }


def stickiness(e: Entity) -> dict[str, Value]:
    """Who is back how often, and how many seats are used."""

    def pieces(back: int, length: int) -> int:
        return len({(e.cut - x.at - MOMENT) // (length * DAY) for x in e.last(back)})

    users = {back: distinct(e.last(back), "user") for back in (1, 7, 30)}
    bought, at_first = e.latest("seats"), e.earliest("seats")
    return {
        "time_to_first_value_days": days(e.first, e.first_of(e.choice.kinds["value"])),
        "stickiness": pieces(30, 1) / 30,
        "stickiness_weekly": pieces(28, 7) / 4,
        "active_days_7d": pieces(7, 1),
        **{f"n_users_{back}d": n for back, n in users.items()},
        "users_daily_monthly": ratio(users[1], users[30]),
        "users_weekly_monthly": ratio(users[7], users[30]),
        "seats": bought,
        "seats_used_share": ratio(users[30], bought),
        "expansion_velocity": None if bought is None else 30 * (bought - at_first) / (e.tenure + 1),
    }


def reach(e: Entity) -> dict[str, Value]:
    """What is sent, opened, clicked and answered."""
    sent, opened, clicked, answered = (
        len(e.meaning(m)) for m in ("send", "open", "click", "respond")
    )
    return {
        "n_sent": sent,
        "open_share": ratio(opened, sent),
        "click_share": ratio(clicked, sent),
        "click_to_open_share": ratio(clicked, opened),
        "response_share": ratio(answered, sent),
    }


def last_open(e: Entity) -> dict[str, Value]:
    """When a message was last opened."""
    opens = [x.at for x in e.meaning("open", e.history)]
    return {"days_since_open": days(max(opens, default=None), e.cut)}


def service(e: Entity) -> dict[str, Value]:
    """Tickets, and what entities say."""
    tickets = len(e.meaning("ticket"))

    def typical(name: str) -> float | None:
        told = known(e.seen, name)
        return float(median(told)) / 3600 if told else None

    def happened(flag: str, meaning: str) -> float | None:
        told = known(e.seen, flag)
        if flag in e.fields:
            return ratio(sum(x > 0 for x in told), len(told))
        return ratio(len(e.meaning(meaning)), tickets)

    points = known(e.seen, "nps")
    promoters, detractors = (sum(p >= 9 for p in points), sum(p <= 6 for p in points))
    return {
        "n_tickets": tickets,
        "first_response_hours": typical("response_seconds"),
        "resolution_hours": typical("resolution_seconds"),
        "reopened_share": happened("reopened", "reopen"),
        "escalated_share": happened("escalated", "escalate"),
        "score_mean": average(e.seen, "score"),
        "nps": ratio(promoters - detractors, len(points)),
    }


def service_in_time(e: Entity) -> dict[str, Value]:
    """Tickets and answers, by when they were."""
    score = e.latest("score")
    return {
        "tickets_per_month": 30 * len(e.meaning("ticket", e.history)) / (e.tenure + 1),
        "tickets_recent": len(e.meaning("ticket", e.recent())),
        "score_latest": None if score is None else float(score),
        "nps_latest": e.latest("nps"),
    }


def declared(e: Entity) -> dict[str, Value]:
    """Milestones, onboarding and workflow."""
    told: dict[str, Value] = {
        f"days_to_kind={kind}": days(e.first, e.first_of([kind])) for kind in e.choice.milestones
    }
    steps = e.choice.onboarding
    taken = [at for s in steps if (at := e.first_of([s])) is not None]
    until = days(e.first, max(taken, default=None))
    told["onboarding_completion"] = len(taken) / len(steps)
    told["onboarding_days"] = until if len(taken) == len(steps) else None
    told["onboarding_velocity"] = None if until is None else len(taken) / ((until + 1) / 7)
    return told | _workflow(e, e.choice.workflow)


def _workflow(e: Entity, steps: Sequence[str]) -> dict[str, Value]:
    done, since = 0, None
    for step in steps:
        at = e.first_of([step])
        if at is None or (since is not None and at < since):
            break
        done, since = done + 1, at
    kinds = known(e.seen, "kind")
    return {
        "workflow_completion": done / len(steps),
        "workflow_finished_share": ratio(kinds.count(steps[-1]), kinds.count(steps[0])),
    }


TIMELESS = (mix, use, reach, service)
TIMED = (paths, stickiness, last_open, service_in_time, declared)
