"""Finding what an event is worth: an amount, or quantity times the price of one."""

from __future__ import annotations

import numpy as np

from segmentry.projectfile.fields import Fields
from segmentry.projectfile.names import known, weights, words
from segmentry.projectfile.sql import literal, quote
from segmentry.projectfile.survey import Column


def find_money(fields: Fields) -> None:
    """Find amount and quantity, where they are not settled yet."""
    quantity, price, total = _quantity(fields), _price(fields), _total(fields)
    if "amount" not in fields.columns:
        if total is not None:
            _put(fields, total.name, (total.name,), "its name and numbers say money")
        elif quantity is not None and price is not None:
            sql = f"{quote(quantity.name)} * {quote(price.name)}"
            _put(fields, sql, (quantity.name, price.name), "quantity times the price of one")
        elif price is not None:
            _price_alone(fields, price)
    if quantity is not None and "quantity" not in fields.columns:
        fields.put("quantity", quantity.name, (quantity.name,), "whole numbers, and its name")


def currency(names: tuple[str, ...]) -> str | None:
    """Read the currency off column names, where one alone is named: ``usd`` is ``USD``."""
    found = {w for name in names for w in words(name)} & known("currencies")
    return found.pop().upper() if len(found) == 1 else None


def purchase_kinds(fields: Fields) -> tuple[str, ...]:
    """List the kinds of event that are purchases."""
    kind = fields.column("kind")
    if kind is None:
        return ()
    return tuple(v for v in kind.levels if _is_purchase(v))


def _is_purchase(level: str) -> bool:
    said = words(level)
    return bool(set(said) & {"purchase", "purchased", "buy", "bought"}) or (
        "_".join(said) in known("purchase_levels")
    )


def _quantity(fields: Fields) -> Column | None:
    for column in fields.free():
        if column.is_whole and column.n_distinct > 1 and _counts(column.words):
            return column
    return None


def _counts(names: tuple[str, ...]) -> bool:
    if set(names) & known("quantities"):
        return "price" not in names
    if len(names) < 2 or set(names) & known("not_quantities"):
        return False
    of_things = names[-1] == "count" and set(names) & {"usage", "use", "item", "play"}
    return (names[0] in {"n", "number"} and names[-1] not in known("id_words")) or bool(of_things)


def _price(fields: Fields) -> Column | None:
    found = [c for c in fields.free() if c.kind == "number" and _is_price(c.words)]
    return max(found, key=lambda c: "unit" in c.words) if found else None


def _is_price(names: tuple[str, ...]) -> bool:
    plain = [w for w in names if w not in known("currencies") and not w.isdigit()]
    return plain[-1:] == ["price"] and not set(plain) & {"old", "list", "stock", "total"}


def _total(fields: Fields) -> Column | None:
    scored = [(_money_score(c), c) for c in fields.free()]
    good = [(s, c) for s, c in scored if s > 0]
    return max(good, key=lambda pair: pair[0])[1] if good else None


def _money_score(column: Column) -> float:
    said = set(column.words)
    if column.kind != "number" or column.is_constant or said & known("money_not"):
        return 0.0
    if _is_price(column.words) or said & known("id_words"):
        return 0.0
    money, weak = weights("money"), known("money_weak")
    found = [money[w] for w in said if w in money]
    plain = {w for w in said if not w.isdigit()} <= weak | known("money_beside") | set(money)
    if not said & (set(money) - weak) and not plain:
        return 0.0
    together = 10 if "total" in said and len(found) > 1 else 0
    return max(found) + together if found else 0.0


def _put(fields: Fields, sql: str, columns: tuple[str, ...], reason: str) -> None:
    kind, bought = fields.column("kind"), purchase_kinds(fields)
    if (
        kind is not None
        and bought
        and len(bought) < kind.n_distinct
        and _elsewhere(fields, columns)
    ):
        worth = sql if sql not in fields.survey.names else quote(sql)
        among = " or ".join(f"{quote(kind.name)} = {literal(b)}" for b in bought)
        sql = f"CASE WHEN {among} THEN {worth} END"
        reason = f"{reason}; only purchases are money spent"
    fields.put("amount", sql, columns, reason)


def _elsewhere(fields: Fields, columns: tuple[str, ...]) -> bool:
    """Tell whether events that are no purchase have a price as well."""
    kind, price = fields.column("kind"), fields.survey.get(columns[-1])
    if kind is None:
        return False
    bought = purchase_kinds(fields)
    is_other = np.array([*(t not in bought for t in kind.distinct_texts), False])[kind.codes]
    return bool(np.mean(price.numbers[is_other] > 0) > 0.05)


def _price_alone(fields: Fields, price: Column) -> None:
    said = {w for c in fields.survey.columns for w in c.words}
    bought = purchase_kinds(fields)
    if bought or "order" in fields.columns or not said & known("browsing"):
        _put(fields, price.name, (price.name,), "a price for each row")
        if not bought:
            fields.notes.append(
                f"the amount of a row is its {price.name!r}; if rows have a quantity, multiply by"
                " it (--amount)"
            )
        return
    fields.notes.append(
        f"{price.name!r} seems to be the price of what was looked at, so there is no amount; if"
        f" every row is a purchase, add it (--amount {price.name})"
    )
