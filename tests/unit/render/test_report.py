"""The report is whole, self-contained, and reads names as text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from factories_render import NASTY, documents, minimal
from segmentry.domain.evidence import DISSOLVED_JACCARD
from segmentry.render import page as pages
from segmentry.render.report import render_report

LIMIT = 2_000_000
VOID = {"meta", "br", "img", "input", "link", "hr", "rect", "line", "path"}


class Page(HTMLParser):
    """Collects what the tests ask for, and checks that elements close in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.raw: list[tuple[str, str]] = []
        self.text: list[str] = []
        self.stack: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))
        told = dict(attrs)
        if "id" in told:
            self.ids.append(told["id"])
        if tag == "a":
            self.links.append(told["href"])
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        for name, value in attrs:
            self.attributes.append((tag, name, value or ""))

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag

    def handle_data(self, data):
        if self.stack and self.stack[-1] in {"script", "style"}:
            self.raw.append((self.stack[-1], data))
        else:
            self.text.append(data)

    @property
    def words(self) -> str:
        # The narrow no-break space of a figure stays.
        return re.sub(r"[ \t\r\n]+", " ", " ".join(self.text)).strip()


CASES = {
    "five segments": documents(),
    "eight segments, sixty features": documents(n_segments=8, n_features=60, verdict="weak"),
    "three segments, none": documents(
        n_segments=3, verdict="none", outcomes=False, categories=False
    ),
    "nasty names": documents(n_segments=8, nasty=True),
    "bare": minimal(),
    "one segment": minimal(n_segments=1),
}
PAGES = {name: render_report(told) for name, told in CASES.items()}


@pytest.fixture(params=CASES)
def html(request) -> str:
    return PAGES[request.param]


@pytest.fixture
def page(html) -> Page:
    return Page(html)


def test_every_element_closes_in_order(page):
    assert page.stack == []


def test_a_report_is_at_most_two_megabytes(html):
    assert len(html.encode()) <= LIMIT


def test_three_thousand_features_still_fit():
    told = documents(n_segments=8, n_features=3000, n_points=2000)
    assert len(render_report(told).encode()) <= LIMIT


def test_nothing_is_loaded_from_anywhere(page):
    assert [
        a for a in page.attributes if a[1] in {"src", "srcset", "action", "data", "poster"}
    ] == []
    assert [link for link in page.links if not link.startswith("#")] == []
    assert not re.search(
        r"url\(|@import", "".join(text for tag, text in page.raw if tag == "style")
    )


def test_every_link_has_its_target_and_every_id_is_single(page):
    assert {link[1:] for link in page.links} - set(page.ids) == set()
    assert len(page.ids) == len(set(page.ids))


def test_headings_go_down_one_step_at_a_time(page):
    assert page.headings[0] == 1
    assert page.headings.count(1) == 1
    steps = [b - a for a, b in zip(page.headings, page.headings[1:], strict=False)]
    assert max(steps, default=0) <= 1


def test_no_attribute_is_style_or_script(page):
    assert [a for a in page.attributes if a[1] == "style" or a[1].startswith("on")] == []


def test_the_policy_names_exactly_what_the_page_runs(html):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1].replace("&#39;", "'")
    inline = re.findall(r"<(script|style)(?: type=\"module\")?>(.*?)</\1>", html, re.DOTALL)
    hashes = {
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
        for _, text in inline
    }
    assert set(re.findall(r"'sha256-[^']+'", policy)) == hashes
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


def test_the_chart_data_is_read_back_and_names_every_canvas(html, page):
    data = re.search(
        r'<script type="application/json" id="chart-data">(.*?)</script>', html, re.DOTALL
    )
    charts = json.loads(data[1])
    assert set(charts) == {value for _, name, value in page.attributes if name == "data-chart"}
    assert all(picture["height"] > 0 for c in charts.values() for picture in c)


def test_every_chart_is_a_table_too(html, page):
    canvases = [a for a in page.attributes if a[1] == "data-chart"]
    assert len(re.findall(r'<details class="as-table" open>', html)) == len(canvases)
    assert html.count("<caption>") == html.count("<table")


def test_nasty_names_are_text():
    page = Page(PAGES["nasty names"])
    flat = [" ".join(name.split()) for name in NASTY]
    assert [name for name in flat if name not in page.words] == []
    markup = re.sub(r"<(script|style)\b.*?</\1>", "", PAGES["nasty names"], flags=re.DOTALL)
    assert "<script" not in markup
    assert "<img" not in markup


def test_none_is_said_before_anything_else():
    words = Page(PAGES["three segments, none"]).words
    first = words.index("What was found")
    assert words.index("customers, no clear segments") < first
    assert words.index("the least bad way to divide it") < first
    assert "Do not take it by these segments" in words
    assert "If one acted on it Invite to early access" in words


def test_weak_is_a_banner_and_clear_is_not():
    assert 'class="banner weak"' in PAGES["eight segments, sixty features"]
    assert 'class="banner' not in PAGES["five segments"]
    assert "Clear segments" in Page(PAGES["five segments"]).words


def test_the_five_sentences_and_the_decision_open_the_page():
    words = Page(PAGES["five segments"]).words
    sentences = CASES["five segments"]["summary"]["headline"]
    assert [s for s in sentences if s not in words] == []
    assert "Who gets the win-back campaign" in words


def test_a_bare_run_asks_for_the_decision_and_claims_no_verdict():
    words = Page(PAGES["bare"]).words
    assert "No decision is written down for this run." in words
    assert "Structure not tested" in words


def test_every_finding_and_every_candidate_reason_is_in_the_page():
    words = Page(PAGES["five segments"]).words
    told = CASES["five segments"]
    wanted = [f["sentence"] for f in told["audit"]["findings"]]
    wanted += [c["reason"] for c in told["candidates"]["candidates"]]
    wanted += told["candidates"]["rationale"]
    assert [w for w in wanted if w.lower() not in words.lower()] == []


def test_evidence_names_segments_and_not_their_numbers():
    words = Page(PAGES["five segments"]).words
    assert "hardest to tell apart are “Weekend browsers” and “Slipping former regulars”" in words
    assert "days since last seen at most 31.5 and orders above 6.5" in words
    assert not re.search(r"\bsegment [1-8]\b", words)


def test_why_a_segment_has_its_name_is_told_in_words():
    told = documents()
    told["segments"]["segments"][0]["naming"] = {
        "name": "Frequent Customers",
        "reason": "composed from n_orders 1.2 sd above everyone; recency_days 0.8 sd below",
    }
    words = Page(render_report(told)).words
    assert "orders 1.2 sd above everyone; days since last seen 0.8 sd below" in words
    assert "n_orders 1.2 sd" not in words


def test_every_part_is_there_only_where_its_key_is():
    full, bare = PAGES["five segments"], PAGES["bare"]
    parts = ("compare", "rules", "outlines", "stability", "recognised", "baseline", "afterwards")
    assert [p for p in parts if f'id="{p}"' not in full] == []
    assert [p for p in parts if f'id="{p}"' in bare] == []


def test_percent_is_written_in_one_way():
    words = Page(PAGES["five segments"]).words
    assert re.search(r"\d\u202f%", words)
    assert not re.search(r"\d[ \u00a0]?%", words)


def test_without_the_fetched_script_the_tables_stand_alone(monkeypatch):
    monkeypatch.setattr(pages, "CHART_SCRIPT", "vendor/absent.js")
    html = render_report(documents(n_segments=3))
    assert len(html) < 400_000
    assert "globalThis.echarts" in html


def test_levels_that_only_repeat_another_are_left_out_of_the_figures():
    told = documents(n_segments=3)
    repeat = {"column": "first_channel=paid search", "reason": "marks the same as 'plan=Pro'"}
    told["audit"]["recipe"]["left_out"].append(repeat)
    words = Page(render_report(told)).words
    assert "First channel: paid search" not in words
    assert "“paid search” marks the same as 'plan=Pro'" in words


def test_equal_documents_give_the_same_page():
    assert render_report(documents(n_segments=3)) == render_report(documents(n_segments=3))


def test_what_was_run_anew_and_what_dissolves_is_told_as_it_is():
    told = Page(render_report(documents())).words
    assert "method was run anew, with its number of segments" in told
    assert "search was repeated" not in told
    assert f"below {DISSOLVED_JACCARD} it dissolves" in told
    assert "Range of nine in ten resamples" in told


def test_held_out_outcomes_are_not_called_blind():
    told = Page(render_report(documents())).words
    assert "borders had been found with data up to the end" in told
    assert "took no part in finding" not in told
    assert "Neither the search" not in told


def test_the_opening_speaks_of_entities_by_the_projects_word():
    told = documents()
    told["summary"]["project"]["entity"] = "subscription_id"
    told["summary"]["headline"] = ["We looked at 9 entities.", "a", "b", "c", "d"]
    words = Page(render_report(told)).words
    assert "We looked at 9 subscriptions." in words
