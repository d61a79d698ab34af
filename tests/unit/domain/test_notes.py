"""What preparation tells becomes a plain document."""

from __future__ import annotations

from segmentry.domain.notes import Cluster, Member, Notes
from segmentry.stores.documents import plain


def test_what_there_is_nothing_of_is_absent():
    notes = Notes(clusters=(Cluster("a", (Member("b", 0.95),), "first"),))
    told = plain(notes)
    assert set(told) == {"features", "clusters"}
    assert told["clusters"][0]["members"] == [{"column": "b", "correlation": 0.95}]
