"""The page of a data check in a real browser: quiet, narrow, in both themes, open to everybody."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from segmentry.pipeline.check import check_files
from segmentry.render.check_page import render_check

pytestmark = pytest.mark.browser

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
LOOK = """async tags => {
  const told = await axe.run(document, {
    runOnly: { type: 'tag', values: tags }, resultTypes: ['violations'],
  });
  return told.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.target.join(' ')}`));
}"""
OVERFLOW = """() => [...document.querySelectorAll('body *')]
  .filter(e => !e.closest('.scroll, .unseen, .contents, svg')
    && e.getBoundingClientRect().right > innerWidth + 0.5)
  .map(e => e.tagName + '.' + e.className)"""
CONTRAST = """() => {
  const shade = c => {
    const [r, g, b] = c.match(/[\\d.]+/g).slice(0, 3)
      .map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const bar = document.querySelector('.shape rect');
  const a = shade(getComputedStyle(bar).fill);
  const b = shade(getComputedStyle(document.body).backgroundColor);
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""


class Silent:
    """Listens and says nothing."""

    def phase(self, name: str, detail: str = "") -> None:
        """Take a phase."""

    def advance(self, done: int, total: int) -> None:
        """Take a step."""


@pytest.fixture(scope="module")
def pages(data_folder: Path) -> dict[str, str]:
    """Draw the checks of a real log and a real table."""
    found = {
        "log": data_folder / "retentioneering_ecom" / "ecom_events.csv.gz",
        "table": data_folder / "cc_general" / "cc_general.csv.gz",
    }
    return {n: render_check(check_files([p], progress=Silent()).document) for n, p in found.items()}


@pytest.mark.data
@pytest.mark.parametrize("case", ["log", "table"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_quiet_fits_and_can_be_seen(
    chromium: Any, pages: dict[str, str], tmp_path: Path, case: str, theme: str, width: int
) -> None:
    path = tmp_path / "check.html"
    path.write_text(pages[case], encoding="utf-8")
    context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)
    page, trouble = context.new_page(), []
    page.on("console", lambda m: trouble.append(m.text))
    page.on("pageerror", lambda e: trouble.append(str(e)))
    page.on("request", lambda r: r.url == path.as_uri() or trouble.append(r.url))
    page.add_init_script(
        "addEventListener('securitypolicyviolation', e => console.error(e.violatedDirective))"
    )
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERFLOW) == []
    assert page.evaluate(CONTRAST) >= 3
    # The theme's own script is all that runs, and it works.
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before
    assert trouble == []
    context.close()


@pytest.mark.data
@pytest.mark.parametrize("case", ["log", "table"])
def test_axe_finds_nothing_in_either_theme(
    chromium: Any, axe: str, pages: dict[str, str], tmp_path: Path, case: str
) -> None:
    path = tmp_path / "check.html"
    path.write_text(pages[case], encoding="utf-8")
    # The page's own policy lets no script of others run; only axe is let past it.
    context = chromium.new_context(viewport={"width": 390, "height": 900}, bypass_csp=True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.add_script_tag(content=axe)
    found = []
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        found += [f"{theme}: {told}" for told in page.evaluate(LOOK, list(TAGS))]
    context.close()
    assert found == []
