"""Cutting column names into words, and the vocabularies."""

from __future__ import annotations

import pytest

from segmentry.projectfile.names import (
    _read,
    _vocabulary,
    known,
    plain,
    singular,
    snake,
    weights,
    words,
)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("CustomerID", ("customer", "id")),
        ("cust_id", ("customer", "id")),
        ("CUST_ID", ("customer", "id")),
        ("customerid", ("customer", "id")),
        ("Customer ID", ("customer", "id")),
        ("InvoiceNo", ("invoice", "number")),
        ("orderdate", ("order", "date")),
        ("event_ts", ("event", "timestamp")),
        ("AcceptedCmp3", ("accepted", "cmp", "3")),
        ("HTTPStatusCode", ("http", "status", "code")),
        ("default.payment.next.month", ("default", "payment", "next", "month")),
        ("Annual Income (k$)", ("annual", "income", "k")),
        ("CLIENTNUM", ("client", "number")),
        ("paid", ("paid",)),
        ("Customer E-mail", ("customer", "email")),
        ("e_mail", ("email",)),
        ("marketing_opt_in", ("marketing", "optin")),
        ("OptedOut", ("optedout",)),
        ("sign-up date", ("signup", "date")),
        ("顧客ID", ("customer", "id")),
        ("客户编号", ("customer", "number")),
        ("고객번호", ("customer", "number")),
        ("Größe", ("größe",)),
        ("Kundennummer", ("customer", "number")),
        ("Zahlungsart", ("payment", "type")),
        ("besteldatum", ("order", "date")),
        ("Date de vente", ("date", "sale")),
        ("data_compra", ("date", "purchase")),
        ("quantità", ("quantity",)),
        ("quantita", ("quantity",)),
        ("N° client", ("number", "client")),
        ("Data Usage", ("data", "usage")),
        ("eta", ("eta",)),
        ("età", ("age",)),
        ("No-show", ("no", "show")),
        ("no_of_visits", ("number", "of", "visits")),
        ("nevents", ("number", "events")),
        ("ndays_act", ("number", "days", "act")),
        ("name", ("name",)),
        ("purchaseamount", ("purchase", "amount")),
        ("QUANTITYORDERED", ("quantity", "ordered")),
        ("MCC_CD", ("mcc", "code")),
        ("CD Account", ("cd", "account")),
        ("page_urlpath", ("page", "url", "path")),
        ("💶", ()),
    ],
)
def test_names_are_cut_into_words(name: str, wanted: tuple[str, ...]) -> None:
    assert words(name) == wanted


def test_a_name_is_written_in_one_way() -> None:
    assert [snake(n) for n in ("CustomerID", "CUST_ID", "💶")] == [
        "customer_id",
        "customer_id",
        "entity",
    ]


def test_a_plural_is_read_as_its_singular() -> None:
    plurals = ("orders", "class", "gas", "status", "diagnosis")
    assert [singular(w) for w in plurals] == ["order", "class", "gas", "status", "diagnosis"]


def test_words_of_yaml_are_words_here() -> None:
    assert "y" in known("classes")
    assert words("no") == ("number",)


def test_weights_are_numbers() -> None:
    assert weights("entities")["customer"] > weights("entities")["session"] > 0


def test_texts_are_compared_without_accents() -> None:
    assert plain("Catégorie") == plain("CATEGORIE")


def test_a_foreign_word_stands_for_one_english_word_only() -> None:
    foreign = [w for words_ in _read("tongues.yaml").values() for w in words_]
    assert sorted(w for w in set(foreign) if foreign.count(w) > 1) == []
    # A word that is English already would change what English names say.
    english = known("outcome_always") | known("calendar") | known("codes") | known("demographic")
    assert sorted(set(foreign) & english) == []


def test_a_vocabulary_holds_each_word_once() -> None:
    lists = {n: v for n, v in _vocabulary().items() if isinstance(v, list)}
    twice = {n: [w for w in v if v.count(w) > 1] for n, v in lists.items()}
    assert {n: w for n, w in twice.items() if w} == {}
