"""The report in a real browser: drawn, quiet, narrow, in both themes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from factories_render import documents, minimal
from segmentry.render.report import render_report

pytestmark = pytest.mark.browser

CASES = {
    "five segments": documents(),
    "none": documents(n_segments=3, verdict="none", outcomes=False, categories=False),
    "weak": documents(n_segments=8, n_features=40, verdict="weak", n_points=400),
    "nasty names": documents(n_segments=8, n_features=60, nasty=True, n_points=400),
    "bare": minimal(n_segments=4),
}

PAGES = {name: render_report(told) for name, told in CASES.items()}

SCROLL = """async () => {
  for (const chart of document.querySelectorAll('[data-chart]')) {
    if (!chart.checkVisibility()) continue;
    chart.scrollIntoView({ behavior: 'instant' });
    while (chart.dataset.drawn !== 'yes') await new Promise(requestAnimationFrame);
  }
}"""
COLOURS = """() => Object.fromEntries([...document.querySelectorAll('[data-chart]')].map(chart => {
  const canvas = chart.querySelector('canvas');
  const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = new Set();
  for (let i = 0; i < pixels.length; i += 4)
    if (pixels[i + 3] > 0) seen.add(pixels[i] * 65536 + pixels[i + 1] * 256 + pixels[i + 2]);
  return [chart.dataset.chart, seen.size];
}))"""
OVERFLOW = """() => [...document.querySelectorAll('body *')]
  .filter(e => !e.closest('.scroll, .unseen, .contents'))
  .filter(e => e.getBoundingClientRect().right > innerWidth + 0.5)
  .map(e => e.tagName + '.' + e.className)"""


@dataclass
class Opened:
    """A page, and whatever it did that it should not have done."""

    page: Any
    trouble: list[str] = field(default_factory=list)

    def draw_all(self) -> None:
        """Scroll to every chart until it is drawn."""
        self.page.evaluate(SCROLL)


@pytest.fixture
def opened(chromium, tmp_path) -> Iterator[Callable[..., Opened]]:
    contexts = []

    def open_report(case: str, **choices: Any) -> Opened:
        path = tmp_path / "report.html"
        path.write_text(PAGES[case], encoding="utf-8")
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **choices})
        contexts.append(context)
        told = Opened(context.new_page())
        page, trouble, address = told.page, told.trouble, path.as_uri()
        page.on("console", lambda m: trouble.append(f"console {m.type}: {m.text}"))
        page.on("pageerror", lambda e: trouble.append(f"error: {e}"))
        page.on("dialog", lambda d: (trouble.append(f"dialog: {d.message}"), d.dismiss()))
        page.on("request", lambda r: r.url == address or trouble.append(f"request: {r.url[:80]}"))
        page.add_init_script(
            "addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective))"
        )
        page.goto(address)
        return told

    yield open_report
    for context in contexts:
        context.close()


SIGHTS = (
    ("five segments", "light"),
    ("five segments", "dark"),
    ("nasty names", "light"),
    ("nasty names", "dark"),
    ("none", "light"),
    ("bare", "dark"),
)


@pytest.mark.parametrize(("case", "theme"), SIGHTS)
def test_every_chart_is_drawn_and_nothing_is_requested_logged_or_asked(opened, case, theme):
    report = opened(case, color_scheme=theme)
    report.draw_all()
    colours = report.page.evaluate(COLOURS)
    assert len(colours) == report.page.locator("figure").count()
    assert {chart: n for chart, n in colours.items() if n < 10} == {}
    assert report.trouble == []


@pytest.mark.parametrize(
    ("case", "width"), [("five segments", 360), ("nasty names", 360), ("nasty names", 820)]
)
def test_a_narrow_page_does_not_scroll_sideways(opened, case, width):
    report = opened(case, viewport={"width": width, "height": 760})
    report.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert report.page.evaluate("document.documentElement.scrollWidth") <= width
    assert report.page.evaluate(OVERFLOW) == []


def test_the_theme_button_switches_page_and_charts(opened):
    report = opened("five segments", color_scheme="light")
    report.draw_all()
    page = report.page
    ground = "getComputedStyle(document.body).backgroundColor"
    picture = "document.querySelector('[data-chart=sizes] canvas').toDataURL()"
    before = page.evaluate(ground), page.evaluate(picture)
    page.get_by_role("button", name="Switch to the dark theme").click()
    after = page.evaluate(ground), page.evaluate(picture)
    assert before[0] != after[0]
    assert before[1] != after[1]
    page.get_by_role("button", name="Switch to the light theme").click()
    assert page.evaluate(ground) == before[0]
    assert page.evaluate("localStorage.length + document.cookie.length") == 0
    assert report.trouble == []


def test_the_chosen_theme_outlives_loading_the_page_again(opened):
    page = opened("bare", color_scheme="light").page
    ground = "getComputedStyle(document.body).backgroundColor"
    page.get_by_role("button", name="Switch to the dark theme").click()
    dark = page.evaluate(ground)
    page.reload()
    page.wait_for_function(f"{ground} === '{dark}'")
    assert page.get_by_role("button", name="Switch to the light theme").is_visible()


def test_the_system_theme_is_followed_while_the_page_is_open(opened):
    report = opened("five segments", color_scheme="light")
    before = report.page.evaluate("getComputedStyle(document.body).color")
    report.page.emulate_media(color_scheme="dark")
    assert report.page.evaluate("getComputedStyle(document.body).color") != before


def test_every_chart_opens_as_a_table(opened):
    page = opened("five segments").page
    assert not page.locator("#figure-heatmap table").is_visible()
    page.locator("#figure-heatmap summary").click()
    assert page.locator("#figure-heatmap table").is_visible()
    assert page.locator("figure").count() == page.locator("details.as-table").count()


def test_without_scripts_every_table_is_open_and_no_canvas_is_in_the_way(opened):
    page = opened("five segments", java_script_enabled=False).page
    count = page.locator("figure").count()
    assert count > 8
    assert page.locator("figure table:visible").count() == count
    assert page.locator("figure .canvas:visible").count() == 0
    assert not page.locator("#theme").is_visible()


def test_the_keyboard_reaches_the_report_past_the_contents(opened):
    page = opened("five segments").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_focus_can_be_seen(opened):
    page = opened("five segments").page
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_a_chart_takes_the_wide_form_again_after_it_was_narrow(opened):
    report = opened("five segments")
    report.draw_all()
    left = (
        "echarts.getInstanceByDom(document.querySelector('[data-chart=heatmap]'))"
        ".getOption().grid[0].left"
    )
    wide = report.page.evaluate(left)
    report.page.set_viewport_size({"width": 360, "height": 760})
    report.page.wait_for_function(f"{left} < {wide}")
    report.page.set_viewport_size({"width": 1280, "height": 900})
    report.page.wait_for_function(f"{left} === {wide}")
    assert report.trouble == []


def test_paper_gets_every_chart_and_every_detail_on_light_ground(opened):
    report = opened("five segments", color_scheme="dark")
    closed = "document.querySelectorAll('details:not([open])').length"
    before = report.page.evaluate(closed)
    ground = report.page.evaluate(
        f"""() => {{ dispatchEvent(new Event('beforeprint'));
        const drawn = document.querySelectorAll('[data-drawn=yes]').length;
        const scheme = getComputedStyle(document.documentElement).colorScheme;
        const shut = {closed};
        dispatchEvent(new Event('afterprint'));
        return [drawn, scheme, shut, getComputedStyle(document.documentElement).colorScheme]; }}"""
    )
    charts = len(report.page.query_selector_all("[data-chart]"))
    assert ground == [charts, "light", 0, "light dark"]
    assert report.page.evaluate(closed) == before > 10
    assert len(report.page.pdf()) > 20_000
    assert report.trouble == []


def test_paper_cuts_nothing_off_at_the_side(opened):
    page = opened("weak", viewport={"width": 688, "height": 900}).page
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0


PAPER = """() => {
  dispatchEvent(new Event('beforeprint'));
  return [...document.querySelectorAll('[data-chart]')].map(chart => {
    const svg = chart.querySelector('svg'), room = chart.getBoundingClientRect();
    const { width, height } = svg.getBoundingClientRect();
    return { unseen: svg.querySelectorAll('text[fill-opacity="0"]').length,
      texts: svg.querySelectorAll('text').length, height,
      fits: width <= room.width + 0.5 && height <= room.height + 0.5 };
  });
}"""


def test_paper_gets_charts_in_lines_with_every_label_and_on_one_sheet(opened):
    report = opened("five segments", viewport={"width": 688, "height": 900})
    report.page.emulate_media(media="print")
    found = report.page.evaluate(PAPER)
    assert all(chart["texts"] > 2 and chart["fits"] for chart in found)
    assert {chart["unseen"] for chart in found} == {0}
    sheet = 269 * 96 / 25.4  # A4 within its margins, in pixels
    assert max(chart["height"] for chart in found) < 0.75 * sheet
    report.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert report.page.locator("[data-chart] svg").count() == 0
    assert report.page.locator("[data-chart]:has(canvas)").count() == len(found)
    assert report.trouble == []


def test_a_tooltip_of_a_nasty_name_is_drawn_and_not_built(opened):
    report = opened("nasty names")
    report.draw_all()
    page = report.page
    elements = page.evaluate("document.querySelectorAll('*').length")
    for key in ("sizes", "heatmap", "snake", "map"):
        canvas = page.locator(f"[data-chart={key}]")
        canvas.scroll_into_view_if_needed()
        box = canvas.bounding_box()
        for across in (0.45, 0.6):
            page.mouse.move(
                box["x"] + box["width"] * across, box["y"] + min(box["height"], 700) / 2
            )
    assert page.evaluate("document.querySelectorAll('*').length") == elements
    assert page.evaluate("document.querySelector('[data-chart] img, [data-chart] script')") is None
    assert report.trouble == []


def test_a_switch_shows_another_picture_of_the_same_figures(opened):
    report = opened("five segments")
    report.draw_all()
    page = report.page
    kind = "echarts.getInstanceByDom(document.querySelector('[data-chart=sizes]')).getOption()"
    assert page.evaluate(f"{kind}.series[0].type") == "treemap"
    by_people = page.evaluate(f"{kind}.series[0].data[0].value")
    page.get_by_role("radio", name="Share of value").check()
    assert page.evaluate(f"{kind}.series[0].data[0].value") != by_people
    page.keyboard.press("ArrowRight")
    assert page.evaluate(f"{kind}.series.map(s => s.type)") == ["bar", "bar"]
    assert report.trouble == []


PARTS = "[...document.querySelectorAll('main > section')].map(e => e.id)"
CARDS = "[...document.querySelectorAll('#segments > article')].map(e => e.id)"
LISTED = "[...document.querySelectorAll('.contents > ol > li > a')].map(a => a.hash.slice(1))"
LISTED_CARDS = "[...document.querySelectorAll('.contents ol ol a')].map(a => a.hash.slice(1))"


def test_a_door_orders_parts_cards_and_contents_alike_and_hides_nothing(opened):
    report = opened("five segments")
    page = report.page
    written = [page.evaluate(what) for what in (PARTS, CARDS)]
    page.locator("#doors input").first.focus()
    leading = {"analytics": "trust", "customer success": "segments", "marketing": "segments"}
    for door, first in leading.items():
        page.keyboard.press("ArrowRight")
        assert page.get_by_role("radio", name=door).is_checked()
        parts, cards = page.evaluate(PARTS), page.evaluate(CARDS)
        assert parts[:2] == ["opening", first]
        assert page.evaluate(LISTED) == parts
        assert page.evaluate(LISTED_CARDS) == cards
        assert [sorted(parts), sorted(cards)] == [sorted(w) for w in written]
        assert page.locator("main > section:visible").count() == len(parts)
    assert page.evaluate(CARDS) != written[1]
    page.get_by_role("radio", name="everyone").check()
    assert [page.evaluate(PARTS), page.evaluate(CARDS)] == written
    report.draw_all()
    assert report.trouble == []


def test_the_chosen_door_outlives_loading_the_page_and_is_kept_on_paper(opened):
    page = opened("five segments").page
    written = page.evaluate(PARTS)
    page.get_by_role("radio", name="analytics").check()
    chosen = page.evaluate(PARTS)
    page.reload()
    assert page.get_by_role("radio", name="analytics").is_checked()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(PARTS) == chosen != written
    assert not page.locator("#doors").is_visible()


def test_without_scripts_there_are_no_doors(opened):
    page = opened("five segments", java_script_enabled=False).page
    assert not page.locator("#doors").is_visible()
    assert page.locator("#segments").is_visible()


def test_the_radar_is_one_more_picture_of_the_profiles(opened):
    report = opened("five segments")
    report.draw_all()
    page = report.page
    kinds = (
        "echarts.getInstanceByDom(document.querySelector('[data-chart=snake]'))"
        ".getOption().series.map(s => s.type)"
    )
    page.get_by_role("radio", name="Radar").check()
    assert set(page.evaluate(kinds)) == {"radar"}
    assert page.evaluate(COLOURS)["snake"] >= 10
    assert report.trouble == []


MEANING = "#meaning"


def test_a_term_tells_its_meaning_to_the_pointer_and_lets_it_cross(opened):
    page = opened("five segments").page
    term = page.locator("#segments a.term").first
    term.hover()
    assert "figure in the middle" in page.locator(MEANING).inner_text()
    page.locator(MEANING).hover()
    page.wait_for_timeout(400)
    assert page.locator(MEANING).is_visible()
    page.mouse.move(2, 2)
    page.locator(MEANING).wait_for(state="detached")


def test_a_term_tells_its_meaning_to_the_keyboard_and_escape_closes_it(opened):
    page = opened("five segments").page
    term = page.locator("#segments a.term").first
    term.scroll_into_view_if_needed()
    page.keyboard.press("Tab")
    term.focus()
    page.keyboard.press("Enter")
    meaning = page.locator(MEANING)
    assert meaning.is_visible()
    assert term.get_attribute("aria-expanded") == "true"
    assert term.get_attribute("aria-describedby") == "meaning"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#meaning') !== null")
    page.keyboard.press("Escape")
    assert meaning.count() == 0
    assert page.evaluate("document.activeElement.className") == "term"
    assert term.get_attribute("aria-expanded") == "false"


def test_a_term_tells_its_meaning_to_a_tap_and_stays_inside_the_screen(opened):
    page = opened("five segments", viewport={"width": 360, "height": 740}, has_touch=True).page
    terms = [t for t in page.locator("#trust a.term").all() if t.is_visible()]
    assert len(terms) > 5
    for term in terms:
        term.tap()
        box = page.locator(MEANING).bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 360
        term.tap()
        assert page.locator(MEANING).count() == 0


def test_without_scripts_a_term_leads_to_the_glossary(opened):
    page = opened("five segments", java_script_enabled=False).page
    page.locator("#segments a.term").first.click()
    assert page.url.endswith("#term-median")


def compared(page) -> list[list[str]]:
    rows = page.locator("#compare-result tbody tr").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def test_segments_are_compared_by_the_keyboard_and_sorted_by_their_gap(opened):
    report = opened("five segments")
    page, told = report.page, CASES["five segments"]["segments"]["segments"]
    page.locator("#compare-first").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("End")
    assert page.evaluate("location.hash") == "#compare=1,5"
    first, last = (
        {(c["feature"], c.get("level")): c for c in told[i]["contrasts"]} for i in (0, 4)
    )
    gaps = {k: first[k]["difference"] - last[k]["difference"] for k in first}
    key = max(gaps, key=lambda k: abs(gaps[k]))
    rows = compared(page)
    shown = [float(r[-1].split("\n")[0].replace("−", "-")) for r in rows]
    assert [abs(g) for g in shown] == sorted(map(abs, shown), reverse=True)
    assert shown[0] == pytest.approx(gaps[key], abs=0.006)
    low, high = rows[0][-1].split("\n")[1].replace("−", "-").split(" to ")
    assert float(low) == pytest.approx(first[key]["low"] - last[key]["high"], abs=0.006)
    assert float(high) == pytest.approx(first[key]["high"] - last[key]["low"], abs=0.006)
    assert report.trouble == []


def test_an_address_brings_back_a_comparison_of_three(opened):
    page = opened("five segments").page
    page.evaluate("location.hash = '#compare=4,2,3'")
    page.wait_for_function("document.querySelector('#compare-third').value === '3'")
    heads = page.locator("#compare-result thead th").all_inner_texts()
    names = [s["name"] for s in CASES["five segments"]["segments"]["segments"]]
    assert [h.strip() for h in heads[1:4]] == [names[3], names[1], names[2]]
    assert len(compared(page)) == 12
    page.get_by_role("button", name="All 15 features").click()
    assert len(compared(page)) == 15


@pytest.mark.parametrize("address", ["#compare=9,9", "#compare=1", "#compare=<img>", "#compare=,"])
def test_an_address_that_names_nothing_compares_the_first_two(opened, address):
    report = opened("five segments")
    report.page.evaluate("address => { location.hash = address }", address)
    report.page.wait_for_timeout(50)
    assert report.page.locator("#compare-first").input_value() == "1"
    assert len(compared(report.page)) == 12
    assert report.trouble == []


def test_nasty_names_are_compared_as_text(opened):
    report = opened("nasty names")
    assert len(compared(report.page)) > 5
    assert report.page.locator("#compare-result img, #compare-result script").count() == 0
    assert report.trouble == []


def test_a_reader_who_wants_no_motion_gets_none(opened):
    page = opened("five segments", reduced_motion="reduce").page
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_the_contents_mark_the_part_that_is_read(opened):
    page = opened("five segments").page
    page.evaluate("document.getElementById('trust').scrollIntoView({ behavior: 'instant' })")
    page.wait_for_function("document.querySelector('.contents [aria-current]')?.hash === '#trust'")
