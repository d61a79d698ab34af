"""Finding what an event is worth: an amount, or quantity times the price of one."""

from __future__ import annotations

import numpy as np

from segmentry.engines.expressions import literal
from segmentry.projectfile.centlike import unnamed_amount
from segmentry.projectfile.fields import Fields
from segmentry.projectfile.names import known, weights, words
from segmentry.projectfile.sql import quote
from segmentry.projectfile.survey import Column, varying_share


def find_money(fields: Fields) -> None:
    """Find amount and quantity, where they are not settled yet."""
    quantity, price = _quantity(fields), _price(fields)
    if quantity is not None and _is_number_of(quantity.words) and not _any_money(fields, price):
        # How many of something, but nothing was paid: a measure, not pieces that were bought.
        quantity = None
    pieces = _amount_of_pieces(fields, price) if quantity is None else None
    if pieces is not None:
        quantity = pieces
        fields.notes.append(
            f"{pieces.name!r} counts pieces, so it is the quantity; the amount of a row is its"
            f" {price.name if price else ''!r} (--amount)"
        )
    total = _total(fields, but=quantity)
    if "amount" not in fields.columns:
        _put_amount(fields, total, price, quantity, is_line=pieces is not None)
    if quantity is not None and "quantity" not in fields.columns:
        fields.put("quantity", quantity.name, (quantity.name,), "whole numbers, and its name")


def _any_money(fields: Fields, price: Column | None) -> bool:
    return price is not None or "amount" in fields.columns or any(map(is_money, fields.free()))


def _put_amount(
    fields: Fields,
    total: Column | None,
    price: Column | None,
    quantity: Column | None,
    *,
    is_line: bool,
) -> None:
    if total is not None:
        _put(fields, total.name, (total.name,), "its name and numbers say money")
    elif price is not None and is_line:
        _put(fields, price.name, (price.name,), "a price for each row")
    elif quantity is not None and price is not None:
        sql = f"{quote(quantity.name)} * {quote(price.name)}"
        _put(fields, sql, (quantity.name, price.name), "quantity times the price of one")
    elif price is not None:
        _price_alone(fields, price)
    elif (cents := unnamed_amount(fields)) is not None:
        _put(fields, cents.name, (cents.name,), "without a name, but its numbers end in cents")


def _amount_of_pieces(fields: Fields, price: Column | None) -> Column | None:
    """Find an amount that counts pieces: small whole numbers, mostly one, beside a price."""
    for column in fields.free():
        if price is None or column.words[-1:] != ("amount",) or not column.is_whole:
            continue
        numbers = column.present
        if np.mean(numbers == 1) >= 0.5 and np.quantile(numbers, 0.99) <= 100:
            return column
    return None


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
    summed = names[0] == "sum" and set(names) & (known("browsing") | known("media"))
    return _is_number_of(names) or bool(of_things or summed)


def _is_number_of(names: tuple[str, ...]) -> bool:
    """Tell ``n_items`` from ``number_order``, the number that an order has."""
    if names[0] not in {"n", "number"} or names[-1] in known("id_words"):
        return False
    if all(w.isdigit() for w in names[1:]):
        return False
    things = {*weights("orders"), *weights("sessions"), *weights("entities")}
    return not (len(names) == 2 and names[1] in things)


def _price(fields: Fields) -> Column | None:
    found = [c for c in fields.free() if c.kind == "number" and _is_price(c.words)]
    return max(found, key=lambda c: "unit" in c.words) if found else None


def _is_price(names: tuple[str, ...]) -> bool:
    plain = [w for w in names if w not in known("currencies") and not w.isdigit()]
    if "price" in plain and set(plain) <= {"price", "net", "gross"}:
        return True
    return plain[-1:] == ["price"] and not set(plain) & {"old", "list", "stock", "total"}


def _total(fields: Fields, but: Column | None) -> Column | None:
    scored = [(_money_score(c), c) for c in fields.free() if c is not but]
    good = [(s, c) for s, c in scored if s > 0]
    while good:
        best = max(good, key=lambda pair: pair[0])
        if not _repeats_in_order(fields, best[1]):
            return best[1]
        fields.notes.append(
            f"{best[1].name!r} is the same on every line of an order, so adding it up would count"
            " it several times: it is no amount (--amount, if that is wrong)"
        )
        good.remove(best)
    return None


def _repeats_in_order(fields: Fields, column: Column) -> bool:
    """Tell whether the total of an order stands on each of its lines."""
    order = fields.column("order")
    if order is None or column.n < 0.9 * order.n:
        return False
    lines = order.n / max(order.n_distinct, 1)
    return lines >= 1.3 and varying_share(order.codes, column.codes) <= 0.01


def is_money(column: Column) -> bool:
    """Tell whether name and numbers of a column say money."""
    return _money_score(column) > 0


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
