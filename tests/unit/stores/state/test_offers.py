"""The last suggestions for a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from segmentry.errors import StoreError
from segmentry.stores.state.offers import Offers, keep_offers, offers_of
from segmentry.stores.state.place import has_state


def test_the_last_suggestions_of_a_release_are_kept_and_no_state_is_made(tmp_path: Path) -> None:
    assert offers_of(tmp_path, "a") is None
    keep_offers(tmp_path, "a", Offers("small", {1: "Early Birds"}))
    keep_offers(tmp_path, "a", Offers("other", {2: "Night Owls"}))
    assert offers_of(tmp_path, "a") == Offers("other", {2: "Night Owls"})
    assert offers_of(tmp_path, "b") is None
    assert not has_state(tmp_path)
    assert (tmp_path / ".segmentry" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("content", ["[]", "{}", '{"model": 1, "names": {}}', "{"])
def test_a_file_that_is_not_ours_is_told(tmp_path: Path, content: str) -> None:
    keep_offers(tmp_path, "a", Offers("small", {}))
    (tmp_path / ".segmentry" / "suggested" / "a.json").write_text(content)
    with pytest.raises(StoreError, match=r"JSON|no suggestions") as told:
        offers_of(tmp_path, "a")
    assert told.value.code == "E5003"
