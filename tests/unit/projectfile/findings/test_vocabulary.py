"""Words by which dirt shows."""

from __future__ import annotations

from segmentry.projectfile.findings import vocabulary


def test_words_are_written_as_they_are_compared() -> None:
    for words in (vocabulary.NOBODY, vocabulary.UNKNOWN, vocabulary.OURS, vocabulary.SERVICES):
        assert all(w == w.lower().strip() for w in words)


def test_services_are_words_of_no_ordinary_product() -> None:
    assert vocabulary.SERVICES.isdisjoint({"lamp", "bag", "mug", "card", "box", "light", "set"})
