"""The media service."""

from __future__ import annotations

import numpy as np
import pytest

from segmentry.simulate.scenarios.media import MEDIA
from simulated import lines


@pytest.mark.parametrize("minutes", [10.0, 60.0])
def test_plays_last_as_long_as_the_user_likes(minutes: float) -> None:
    _, _, columns = lines("media", minutes_per_play=minutes)
    is_play = np.array(columns["event"].to_pylist()) == "play"
    lengths = columns["minutes"].to_numpy(zero_copy_only=False)
    assert np.median(lengths[is_play]) == pytest.approx(minutes, rel=0.05)


def test_a_skip_is_short_and_a_like_has_no_length() -> None:
    _, _, columns = lines("media")
    kinds = np.array(columns["event"].to_pylist())
    lengths = columns["minutes"].to_numpy(zero_copy_only=False)
    assert np.isnan(lengths[kinds == "like"]).all()
    assert np.median(lengths[kinds == "skip"]) < 0.2 * np.median(lengths[kinds == "play"])
    shares = [(kinds == kind).mean() for kind in ("play", "skip", "like")]
    assert shares == pytest.approx([0.88, 0.07, 0.05], abs=0.01)


def test_the_next_title_of_a_sitting_starts_where_the_last_one_ended() -> None:
    made, user, columns = lines("media", plays_per_visit=4.0)
    times = np.array(columns["played_at"])
    same = user[1:] == user[:-1]
    gaps = (np.diff(times) / np.timedelta64(60, "s"))[same]
    lengths = columns["minutes"].to_numpy(zero_copy_only=False)[:-1][same]
    follows = np.abs(gaps - lengths) < 0.2
    n_followers = len(times) - len(made.visits)
    # Likes last half a minute and have no length of their own.
    assert follows.sum() > 0.9 * n_followers


def test_titles_have_one_genre_and_some_are_far_more_popular() -> None:
    _, _, columns = lines("media")
    pairs = set(zip(*(columns[c].to_pylist() for c in ("content_id", "genre")), strict=True))
    assert len(pairs) == len(columns["content_id"].unique())
    counts = np.sort(np.bincount(columns["content_id"].indices.to_numpy(), minlength=5_000))[::-1]
    assert counts[:500].sum() > 3 * counts[-500:].sum()


def test_its_own_columns_are_named() -> None:
    assert (MEDIA.columns.entity, MEDIA.columns.time) == ("user_id", "played_at")
