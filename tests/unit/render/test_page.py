"""A page holds everything that it needs, and its policy allows nothing else."""

from __future__ import annotations

import json

from factories_render import minimal
from segmentry.render import page
from segmentry.render.report import render_report


def test_json_cannot_end_its_script():
    text = page.json_text({"a": "</script><!--\u2028&"})
    assert not set("<>&\u2028") & set(text)
    assert json.loads(text) == {"a": "</script><!--\u2028&"}


def test_templates_escape_what_they_are_given():
    made = page.environment().from_string("{{ name }}")
    assert made.render(name="<b>'\"&") == "&lt;b&gt;&#39;&#34;&amp;"


def test_the_chosen_theme_is_read_before_the_first_paint():
    html = render_report(minimal())
    assert html.index(page.EARLY_SCRIPT) < html.index("<style>") < html.index("<body>")


def test_our_scripts_have_no_way_to_run_or_send_anything():
    ours = "".join(page.asset(f"static/{name}.js") for name in ("page", "charts", "compare"))
    bad = (
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "eval(",
        "Function(",
        "fetch(",
        "import(",
    )
    assert [word for word in bad if word in ours] == []
