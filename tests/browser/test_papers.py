"""The papers of a run in a real browser: open to everybody, and the explainer on two sheets."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from factories_render import documents
from segmentry.render.paper import render_paper
from segmentry.render.playbook import explainer_paper, playbook_paper
from segmentry.stores.printing import printed

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
LINES = [
    {"kind": kind, "text": "A line of some length that says what is to be done.", "reason": "9 %."}
    for kind in ("owner", "goal", "action", "guardrail", "metric", "trigger")
]
PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")


def run(n_segments: int = 6) -> dict[str, Any]:
    found = documents(n_segments=n_segments)
    for segment in found["segments"]["segments"]:
        segment["playbook"] = {**segment["playbook"], "lines": LINES}
    return found


@pytest.mark.parametrize("n_segments", [2, 8])
def test_the_explainer_is_two_sheets(chromium: Any, n_segments: int) -> None:
    pdf = printed(render_paper(explainer_paper(run(n_segments))).encode())
    assert pdf.startswith(b"%PDF")
    assert len(PAGE.findall(pdf)) == 2


@pytest.mark.parametrize("make", [playbook_paper, explainer_paper])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_papers_are_open_to_everybody(
    chromium: Any, axe: str, tmp_path: Path, make: Any, width: int
) -> None:
    path = tmp_path / "paper.html"
    path.write_text(render_paper(make(run())), encoding="utf-8")
    # The page's own policy lets no script of others run; only axe is let past it.
    context = chromium.new_context(bypass_csp=True, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(path.as_uri())
    page.add_script_tag(content=axe)
    assert page.evaluate(LOOK, list(TAGS)) == []
    assert page.evaluate(OVERFLOW) == []
    context.close()
