"""The fields of events: each found by its name, type, cardinality and content."""

from __future__ import annotations

from typing import Any

import pytest

from segmentry.projectfile.fields import find_event, find_fields, find_item_name, head_score
from segmentry.projectfile.names import weights
from surveys import column, fields

N = 60
USERS = [i // 6 for i in range(N)]


def found(**columns: Any) -> dict[str, str]:
    looking = fields({"user_id": USERS, **columns})
    find_fields(looking)
    return {k: v for k, v in looking.columns.items() if k != "entity"}


@pytest.mark.parametrize(
    ("name", "speaks"),
    [
        ("order_id", True),
        ("InvoiceNo", True),
        ("orders", True),
        ("order_priority", False),
        ("order_date", False),
        ("order_type", True),
        ("id", False),
    ],
)
def test_a_name_speaks_of_its_head(name: str, speaks: bool) -> None:
    assert (head_score(column(name, [1]), weights("orders")) > 0) is speaks


def test_an_order_belongs_to_one_entity() -> None:
    assert found(order_id=[i // 2 for i in range(N)]) == {"order": "order_id"}
    assert found(order=[i % 6 for i in range(N)]) == {}


def test_a_session_repeats_inside_one_entity() -> None:
    assert found(session_id=[i // 3 for i in range(N)]) == {"session": "session_id"}
    assert found(session_id=list(range(N))) == {}


def test_a_kind_is_a_text_with_few_values() -> None:
    assert found(event=["open", "close"] * 30) == {"kind": "event"}
    assert found(action_type=["open", "close"] * 30) == {"kind": "action_type"}
    assert found(event=[f"event {i}" for i in range(N)]) == {}


def called(taken: tuple[str, ...] = (), **columns: Any) -> str | None:
    looking = fields({"user_id": USERS, "sku": [f"p{i % 20}" for i in range(N)], **columns})
    find_fields(looking)
    find_item_name(looking, taken)
    return looking.columns.get("item_name")


def test_what_an_item_is_called_goes_with_it() -> None:
    names = [f"Red lamp of kind {i % 20}" for i in range(N)]
    assert called(description=names) == "description"
    # A few rows are written otherwise, as in any log.
    assert called(description=["?", *names[1:]]) == "description"
    assert called(description=[f"Red lamp {i}" for i in range(N)]) is None
    assert called(description=["red", "blue"] * 30) is None
    assert called(remark=names) is None
    assert called(("description",), description=names) is None


def test_an_item_has_many_values_that_repeat() -> None:
    assert found(sku=[i % 25 for i in range(N)]) == {"item": "sku"}
    assert found(sku=[i % 3 for i in range(N)]) == {}
    assert found(sku=list(range(N))) == {}


def test_an_item_is_taken_by_its_code_before_its_name() -> None:
    codes = [i % 25 for i in range(N)]
    names = [f"chair {c}" for c in codes]
    assert found(product_name=names, product_id=codes)["item"] == "product_id"


def test_a_category_is_found() -> None:
    assert found(department=["toys", "food"] * 30) == {"category": "department"}


def test_a_channel_varies_inside_an_entity() -> None:
    assert found(channel=["web", "shop"] * 30) == {"channel": "channel"}
    assert found(channel=[("web", "shop")[u % 2] for u in USERS]) == {}
    assert found(acquisition_channel=["web", "shop"] * 30) == {}


def test_long_texts_are_texts() -> None:
    assert found(comment=[f"what a fine day it was, number {i}" for i in range(N)]) == {
        "text": "comment"
    }


def test_what_is_settled_stays() -> None:
    looking = fields({"user_id": USERS, "order_id": [i // 2 for i in range(N)], "bon": USERS})
    looking.put("order", "bon", ("bon",), "given")
    find_fields(looking)
    assert looking.columns["order"] == "bon"


@pytest.mark.parametrize(
    ("columns", "event"),
    [
        ({"ticket_id": range(N)}, "ticket"),
        ({"page_url": ["/a"] * N}, "view"),
        ({"watched_minutes": range(N)}, "play"),
        ({"feature_flag": ["x"] * N}, "usage"),
        ({"x": range(N)}, "event"),
    ],
)
def test_the_kind_of_all_events_is_named_by_the_columns(columns: dict, event: str) -> None:
    looking = fields({"user_id": USERS, **columns})
    find_event(looking, "data")
    assert looking.event == event


def test_rows_with_an_amount_are_purchases() -> None:
    looking = fields({"user_id": USERS})
    looking.put("amount", "spend", (), "given")
    find_event(looking, "data")
    assert looking.event == "purchase"


def test_a_kind_column_leaves_no_event_to_name() -> None:
    looking = fields({"user_id": USERS, "event": ["a", "b"] * 30})
    find_fields(looking)
    find_event(looking, "data")
    assert looking.event is None


def test_two_may_share_an_order_that_has_an_id_but_not_the_first_of_everybody() -> None:
    shared = [f"o{i}" for i in range(50)] + [f"o{i}" for i in range(10)]
    assert found(order_id=shared) == {"order": "order_id"}
    assert found(order=[i % 6 for i in range(N)]) == {}


def test_a_category_is_taken_by_what_people_can_read_and_tells_nobody_apart() -> None:
    names = [f"bar {i % 9}" for i in range(N)]
    codes = [f"c{i % 9}" for i in range(N)]
    assert found(category_id=codes, category=names)["category"] == "category"
    assert found(City_Category=["A", "B", "C"] * 20) == {}


def test_a_channel_may_be_a_code() -> None:
    assert found(sales_channel_id=[1, 2] * 30) == {"channel": "sales_channel_id"}
    assert found(source=[1, 2] * 30) == {}


@pytest.mark.parametrize(
    ("name", "levels", "is_kind"),
    [
        ("type", ["PushEvent", "WatchEvent"], True),
        ("call_type", ["voice", "data"], True),
        ("type", ["small", "large"], False),
        ("payment_type", ["card", "cash"], False),
        ("column3", ["purchase", "play"], True),
        ("column3", ["red", "blue"], False),
    ],
)
def test_the_type_of_a_record_is_its_kind(name: str, levels: list[str], is_kind: bool) -> None:
    assert (found(**{name: levels * 30}).get("kind") == name) == is_kind


def test_what_names_something_of_many_is_the_item_where_none_is_called_so() -> None:
    codes = [7000 + 37 * i % 41 for i in range(N)]
    looking = fields({"user_id": USERS, "gadget_id": codes})
    find_fields(looking)
    assert looking.columns["item"] == "gadget_id"
    assert any("taken as the item" in note for note in looking.notes)
    assert found(gadget_id=codes, sku=codes)["item"] == "sku"
    assert found(store_id=codes)["item"] == "store_id"


@pytest.mark.parametrize("name", ["editor_user_id", "zip_id", "gadget"])
def test_other_people_places_and_measures_are_no_items(name: str) -> None:
    assert "item" not in found(**{name: [7000 + 37 * i % 41 for i in range(N)]})


def test_ids_are_no_texts_however_long() -> None:
    ids = [f"{7919 * i:032x}" for i in range(N)]
    assert found(review_id=ids) == {}


def test_what_was_counted_is_no_item_nor_is_what_belongs_to_the_entity() -> None:
    plays = [1 + 37 * i % 41 for i in range(N)]
    assert (
        found(nplay_video=plays, course_id=[f"c{i % 8}" for i in range(N)])["item"] == "course_id"
    )
    assert found(product_name=[f"fan of {u % 7}" for u in USERS]) == {}


@pytest.mark.parametrize(
    ("name", "values", "is_found"),
    [
        ("nps", [i % 11 for i in range(N)], True),
        ("nps_score", [i % 11 for i in range(N)], True),
        ("nps", [i % 6 for i in range(N)], False),
        ("nps", [i % 101 for i in range(2, N + 2)], False),
        ("score", [i % 11 for i in range(N)], False),
    ],
)
def test_answers_from_0_to_10_are_told_by_their_name(
    name: str, values: list[int], is_found: bool
) -> None:
    assert ("nps" in found(**{name: values})) is is_found
