"""Item codes that are no products."""

from __future__ import annotations

from looks import look_at, only
from segmentry.projectfile.findings.codes import stray_codes

MAPPING = {"entity": "who", "time": "at", "item": "code"}


def lines(extra: list[tuple[str, str]], n: int = 400) -> dict[str, list[str]]:
    """Give order lines with ordinary codes and some more."""
    usual = [
        (f"{10_000 + i % 150}{'A' if i % 3 == 0 else ''}", f"LAMP {i % 150}") for i in range(n)
    ]
    both = usual + extra
    return {
        "who": [f"u{i % 30}" for i in range(len(both))],
        "at": ["2024-01-01"] * len(both),
        "code": [code for code, _ in both],
        "description": [text for _, text in both],
    }


def test_services_leave_the_item_and_no_row_is_lost() -> None:
    extra = [("POST", "POSTAGE"), ("POST", "POSTAGE"), ("M", "Manual"), ("PADS", "PADS TO MATCH")]
    look = look_at(lines(extra), MAPPING)
    services, odd = list(stray_codes(look))
    assert (services.kind, services.count, services.is_safe) == ("service_codes", 3, True)
    assert services.examples == ("POST (POSTAGE)", "M (Manual)")
    assert (odd.kind, odd.count, odd.is_safe) == ("odd_codes", 1, False)
    assert services.edit is not None
    assert (services.edit.what, services.edit.name) == ("field", "item")
    told = look.rows.ask(f"count(*), count({services.edit.value})")[0]
    assert told == (404, 401)


def test_clean_codes_have_no_strays() -> None:
    assert not list(stray_codes(look_at(lines([]), MAPPING)))


def test_names_instead_of_codes_have_no_form() -> None:
    named = {**lines([]), "code": [f"{'abc'[i % 3]} lamp" for i in range(400)]}
    named["code"][0] = "postage"
    assert not list(stray_codes(look_at(named, MAPPING)))


def test_codes_without_a_text_are_known_by_themselves() -> None:
    columns = lines([("POSTAGE", ""), ("X", "")])
    del columns["description"]
    found = list(stray_codes(look_at(columns, MAPPING)))
    assert [(f.kind, f.examples) for f in found] == [
        ("service_codes", ("POSTAGE",)),
        ("odd_codes", ("X",)),
    ]


def test_a_form_that_many_rows_have_is_no_stray() -> None:
    assert not list(stray_codes(look_at(lines([("POST", "POSTAGE")] * 60), MAPPING)))


def test_quotes_in_a_code_do_not_break_the_rule() -> None:
    look = look_at(lines([("BANK'S FEE", "fee")]), MAPPING)
    found = only(stray_codes, look)
    assert found.edit is not None
    assert look.rows.ask(f"count({found.edit.value})") == [(400,)]
