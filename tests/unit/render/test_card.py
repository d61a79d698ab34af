from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from builders import structure
from segmentry.domain.evidence import Evidence
from segmentry.render.card import HEADLINES, card


def drawn(verdict: str = "clear", *, n_anomalies: int = 0, warnings: tuple[str, ...] = ()) -> str:
    evidence = Evidence(structure(verdict), (), warnings)
    return card(
        "Segmenter(n_segments=2)",
        evidence,
        names=["Loyal <b>Regulars</b>", "Others"],
        sizes=[1_200, 400],
        n_anomalies=n_anomalies,
    )


class Balance(HTMLParser):
    """Counts open tags and keeps the text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.told = ""

    def handle_starttag(self, tag, attrs) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        self.told += f"{data} "


def read(html: str) -> str:
    parser = Balance()
    parser.feed(html)
    assert parser.open == []
    return parser.told


@pytest.mark.parametrize("verdict", list(HEADLINES))
def test_the_verdict_leads(verdict) -> None:
    told = read(drawn(verdict))
    assert told.startswith(HEADLINES[verdict])
    assert str(verdict) in told


def test_segments_are_shown_with_size_and_share() -> None:
    told = read(drawn())
    assert "2 segments of 1,600 rows" in told
    assert re.search(r"Regulars</b> 1,200 75\W%", told)
    assert re.search(r"Others 400 25\W%", told)
    widths = [float(w) for w in re.findall(r"width:([\d.]+)em\"", drawn())]
    assert widths[0] == pytest.approx(3 * widths[1])


def test_everything_given_is_escaped() -> None:
    html = drawn(warnings=("<script>alert(1)</script>",))
    assert "<script" not in html
    assert "<b>" not in html
    assert "Loyal <b>Regulars</b>" in read(html)


def test_anomalies_and_warnings_are_told() -> None:
    assert "No row lies far outside" in drawn()
    assert "1 row lies far outside its segment." in drawn(n_anomalies=1)
    told = read(drawn(n_anomalies=1_234, warnings=("Beware.",)))
    assert "1,234 rows lie far outside their segment." in told
    assert "Beware." in told


def test_nothing_is_fetched_and_no_colour_is_fixed() -> None:
    html = drawn()
    assert "http" not in html
    assert not re.search(r"#[0-9a-f]{3,8}\b|rgb\(", html)
