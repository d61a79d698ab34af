"""A page of ours: one HTML file under a policy that lets nothing else run, load or be sent.

What lives here: style, scripts, policy and templates put together. What does not: what a page
says (``report`` and others).
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from segmentry.render import format as fmt
from segmentry.render.feature_words import feature_words
from segmentry.render.glossary import GLOSSARY, anchor

if TYPE_CHECKING:
    from jinja2 import Environment

CHART_SCRIPT = "vendor/echarts.min.js"
STYLES = ("static/tokens.css", "static/report.css")
PAGE_SCRIPT = "static/page.js"
EARLY_SCRIPT = (
    'const root=document.documentElement;root.classList.add("js");'
    'try{const theme=sessionStorage.getItem("segmentry-theme");'
    'if(theme==="dark"||theme==="light")root.dataset.theme=theme}catch{}'
)
"""Runs before the first paint: readers without scripts get every table open, and a page that was
switched to another theme does not flash in the first one when it is loaded again."""


def render_page(
    template: str,
    context: Mapping[str, Any],
    *,
    scripts: tuple[str, ...] = (),
    styles: tuple[str, ...] = (),
) -> str:
    """Render a template as one page that needs nothing beside itself.

    Parameters
    ----------
    template : str
        A file of ``templates/`` that extends ``page.html.j2``.
    context : mapping
        What the template reads; further it gets ``glossary``.
    scripts : tuple of str
        Files of ours to run after ``page.js``, in this order. With any, the chart library runs
        before them; a build without it leaves it out.
    styles : tuple of str
        Style sheets of ours beside those of every page.

    Returns
    -------
    str
        HTML with style, scripts and data inside.
    """
    style = "\n".join(asset(name) for name in (*STYLES, *styles))
    library = _library() if scripts else None
    ours = tuple(asset(name) for name in (PAGE_SCRIPT, *scripts))
    run = (EARLY_SCRIPT, *((library,) if library else ()), *ours)
    return (
        environment()
        .get_template(template)
        .render(
            **context,
            style=style,
            library=library,
            scripts=ours,
            early_script=EARLY_SCRIPT,
            policy=_policy(style, run),
        )
    )


@cache
def asset(name: str) -> str:
    """Read a file of this package."""
    return files("segmentry.render").joinpath(name).read_text(encoding="utf-8")


def _library() -> str | None:
    """Give the fetched chart library; without it, tables stand in for the charts."""
    try:
        return asset(CHART_SCRIPT)
    except FileNotFoundError:
        return None


@cache
def environment() -> Environment:
    """Give the templates, which escape whatever they are given."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("segmentry.render", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        fmt_date=fmt.date,
        anchor=anchor,
        share=fmt.share,
        plain=fmt.plain,
        fixed=fmt.fixed,
        whole=fmt.whole,
        sentence=fmt.sentence,
        words=feature_words,
    )
    made.globals["glossary"] = GLOSSARY
    return made


def json_text(data: object) -> str:
    """Write JSON that may stand inside a script element, whatever names it holds."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def _policy(style: str, scripts: tuple[str, ...]) -> str:
    """Allow exactly this style and these scripts, and no request at all."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {' '.join(_hash(s) for s in scripts)}",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"
