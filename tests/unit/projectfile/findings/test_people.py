"""Rows of nobody, of stand-ins and of the house's own accounts."""

from __future__ import annotations

from looks import look_at, only
from segmentry.projectfile.findings.people import guests, own_accounts, placeholder_entities

WHEN = {"time": "at", "entity": "user_id"}


def log(users: list[object]) -> dict[str, list[object]]:
    return {"user_id": users, "at": [f"2024-01-{1 + i % 28:02d}" for i in range(len(users))]}


def test_guests_are_counted_and_the_rule_leaves_them_out() -> None:
    look = look_at(log(["a", None, "b", None, "c"]), WHEN)
    found = only(guests, look)
    assert (found.count, found.total, found.is_safe) == (2, 5, True)
    assert found.edit is not None
    assert look.rows.count([found.edit.value]) == [3]
    assert not list(guests(look_at(log(["a", "b"]), WHEN)))


def test_words_that_name_nobody_are_left_out_safely() -> None:
    look = look_at(log(["u1", "Guest", "u2", "(not set)", "guest ", "guesthouse"]), WHEN)
    found = only(placeholder_entities, look)
    assert (found.count, found.is_safe) == (3, True)
    assert found.edit is not None
    assert look.rows.count([found.edit.value]) == [3]


def test_a_number_stands_for_nobody_only_where_it_gathers_rows() -> None:
    ordinary = log([*range(50), *range(50)])
    assert not list(placeholder_entities(look_at(ordinary, WHEN)))
    gathered = log([0] * 200 + [*range(1, 51)] * 2)
    found = only(placeholder_entities, look_at(gathered, WHEN))
    # A number may name somebody after all, so it is only told.
    assert (found.count, found.is_safe) == (200, False)


def test_a_missing_entity_is_no_stand_in_and_none_is_lost_by_its_rule() -> None:
    look = look_at(log(["unknown", None, "a"]), WHEN)
    found = only(placeholder_entities, look)
    assert found.edit is not None
    assert look.rows.count([found.edit.value]) == [2]


def test_accounts_of_the_house_show_by_mail_name_and_flag() -> None:
    users = [f"u{i}" for i in range(60)] + ["test", "qa-1", "contest9", "protester"]
    found = only(own_accounts, look_at(log(users), WHEN))
    assert (found.count, set(found.examples)) == (2, {"qa-1", "test"})
    mails = [f"a{i}@mail.de" for i in range(60)] + ["x@example.com", "jo@corp.test"]
    table = look_at({"id": list(range(62)), "email": mails}, {"entity": "id"})
    assert only(own_accounts, table).count == 2
    flags = look_at({"id": list(range(62)), "is_test": [0] * 60 + [1, 1]}, {"entity": "id"})
    assert only(own_accounts, flags).count == 2


def test_a_word_that_is_everywhere_says_nothing() -> None:
    mails = [f"a{i}@example.org" for i in range(50)]
    assert not list(own_accounts(look_at({"id": list(range(50)), "email": mails})))


def test_the_arm_of_an_experiment_is_no_test_account() -> None:
    arms = look_at({"id": list(range(100)), "test_group": [0, 1] * 50}, {"entity": "id"})
    assert not list(own_accounts(arms))


def test_the_fix_leaves_out_what_was_counted() -> None:
    users = [f"u{i}" for i in range(60)] + ["test", None]
    look = look_at(log(users), WHEN)
    found = only(own_accounts, look)
    assert found.edit is not None
    assert look.rows.count([found.edit.value]) == [61]
