"""axe finds nothing wrong with the report: every page, theme and width, and whatever opens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from factories_render import documents, minimal
from segmentry.render.report import render_report

pytestmark = pytest.mark.browser

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
CASES = {
    "five segments": documents(),
    "weak": documents(n_segments=8, n_features=40, verdict="weak", nasty=True, n_points=200),
    "none": documents(n_segments=3, verdict="none", outcomes=False, categories=False),
    "bare": minimal(n_segments=4),
}
WIDTHS = (360, 768, 1280)
LOOK = """async tags => {
  const told = await axe.run(document, {
    runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'],
  });
  return told.violations.flatMap(v => v.nodes.map(n =>
    `${v.id}: ${n.target.join(' ')} - ${n.failureSummary.replace(/\\s+/g, ' ')}`));
}"""
OPEN = """() => {
  for (const details of document.querySelectorAll('details')) details.open = true;
  location.hash = '#compare=1,2,3';
  document.querySelector('#doors [value=marketing]').click();
  document.querySelector('#trust a.term').click();
}"""
OTHER_VIEWS = """() => {
  for (const view of document.querySelectorAll('.switch label:last-of-type input')) view.click();
}"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("reports")
    addresses = {}
    for name, told in CASES.items():
        path = folder / f"{name.replace(' ', '-')}.html"
        path.write_text(render_report(told), encoding="utf-8")
        addresses[name] = path.as_uri()
    return addresses


@pytest.fixture
def look(chromium, axe, pages) -> Iterator[Callable[..., list[str]]]:
    contexts = []

    def look_at(case: str, width: int, do: str = "") -> list[str]:
        # The page's own policy lets no script of others run; only axe is let past it.
        context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
        contexts.append(context)
        page: Any = context.new_page()
        page.goto(pages[case])
        page.add_script_tag(content=axe)
        if do:
            page.evaluate(do)
        found = []
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            found += [f"{theme}: {told}" for told in page.evaluate(LOOK, list(TAGS))]
        return found

    yield look_at
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing_in_a_full_report_of_either_theme(look, width):
    assert look("five segments", width) == []


@pytest.mark.parametrize("case", [c for c in CASES if c != "five segments"])
def test_axe_finds_nothing_in_other_reports(look, case):
    assert look(case, 768) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_what_opens(look, width):
    assert look("five segments", width, OPEN) == []


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_in_the_other_view_of_each_chart(look, width):
    # The radar, bars in place of areas, own units in place of standard deviations.
    assert look("five segments", width, OTHER_VIEWS) == []


def test_axe_would_find_something(look):
    spoil = """() => { document.querySelector('main').insertAdjacentHTML('beforeend',
      '<img src="data:,"><p style="color:#999;background:#fff">pale</p>'); }"""
    found = look("bare", 1280, spoil)
    assert {line.split(": ")[1] for line in found} >= {"image-alt", "color-contrast"}
