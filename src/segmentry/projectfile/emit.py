"""Writing a guess as a project file that teaches: every key with a comment and its reason.

What lives here: the layout and the quoting. What does not: the guesses (``guess``) and the help of
each key, which is the schema's own (``keys``).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from segmentry.domain.project import MAIN_FIELDS, MEANINGS, Project, Source
from segmentry.domain.role import Role
from segmentry.projectfile.guessed import Guess
from segmentry.projectfile.keys import (
    FEATURES,
    OUTCOME,
    PRIVACY,
    PROJECT,
    SEGMENTS,
    SOURCE,
    TEXT,
    WINDOWS,
)
from segmentry.projectfile.preparing import PREPARE, preparation_data, split_data
from segmentry.projectfile.schema import as_data
from segmentry.projectfile.terms import Record

COMMENT_AT = 44
"""Column at which comments beside a value begin."""

MOST_TOLD = 15
"""Findings that a project file tells; a check tells all of them."""

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*|\d+(\.\d+)?[dwy]")
_NOT_TEXT = frozenset(["true", "false", "yes", "no", "on", "off", "null", "y", "n"])


def emit(guess: Guess) -> str:
    """Write a guess as commented YAML that loads back to the same project.

    Parameters
    ----------
    guess : Guess

    Returns
    -------
    str
    """
    data = as_data(guess.project)
    lines = [
        *_head(guess),
        *_plain_keys(data, guess),
        "",
        *_sources(guess.project, data, guess),
        "",
        *_section("windows", WINDOWS, data["windows"]),
        "",
        *_features(data["features"], guess),
        "",
        *_texts(guess.project, data["text"]),
        *_prepare(guess.project),
        "",
        *_section("segments", SEGMENTS, data["segments"]),
        "",
        *_outcomes(data["outcomes"], guess.project),
        "",
        *_optional(data),
        "",
        *_section("privacy", PRIVACY, data["privacy"]),
        *_line("seed", data["seed"], "", _help(PROJECT, "seed")),
    ]
    return "\n".join(lines) + "\n"


def scalar(value: Any) -> str:
    """Write a value so that YAML reads back the same, on one line."""
    if isinstance(value, str):
        plain = _PLAIN.fullmatch(value) and value.lower() not in _NOT_TEXT
        # JSON strings are YAML strings; escapes keep quotes, newlines and signs on one line.
        return value if plain else _escaped(value)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(scalar(v) for v in value)}]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(k)}: {scalar(v)}" for k, v in value.items()) + "}"
    return _number(value)


def _escaped(value: str) -> str:
    """Quote a text: printable letters and signs stay as they are, all else is escaped."""
    shown = json.dumps(value, ensure_ascii=False)
    return "".join(c if c.isprintable() else _escape(c) for c in shown)


def _escape(sign: str) -> str:
    code = ord(sign)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _number(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = repr(value)
    # YAML 1.1 reads 1e-05 as text: a number with an exponent needs a point and a sign.
    if "e" in text and "." not in text.split("e")[0]:
        text = text.replace("e", ".0e")
    return re.sub(r"e(\d)", r"e+\1", text)


def comment(text: str) -> str:
    """Write a comment on one line, whatever signs are in it."""
    return "# " + "".join(c if c.isprintable() else " " for c in text)


def _line(key: str, value: Any, indent: str, note: str = "") -> Iterator[str]:
    left = f"{indent}{scalar(key)}: {scalar(value)}"
    if not note:
        yield left
    elif len(left) >= COMMENT_AT:
        yield f"{indent}{comment(note)}"
        yield left
    else:
        yield f"{left:<{COMMENT_AT}}{comment(note)}"


def _help(record: Record, name: str) -> str:
    return next(k.help for k in record.keys if k.name == name)


def _head(guess: Guess) -> Iterator[str]:
    yield "# A project file of Segmentry, guessed from the data. Change what is wrong, then:"
    yield "#   segmentry run"
    if guess.notes:
        yield "#"
        yield "# Look at these, which are not sure:"
        yield from (comment(f"- {note}") for note in guess.notes)
    yield ""


def _plain_keys(data: Mapping[str, Any], guess: Guess) -> Iterator[str]:
    for name in ("version", "project", "owner", "objective", "decision", "entity", "time_zone"):
        note = _help(PROJECT, name)
        reason = guess.reasons.get(name)
        yield from _line(name, data[name], "", _because(note, reason))
    if "currency" in data:
        yield from _line("currency", data["currency"], "", _help(PROJECT, "currency"))
    else:
        yield from _example("currency", "EUR", "", _help(PROJECT, "currency"))


def _because(note: str, reason: str | None) -> str:
    return f"{note} ({reason})" if reason else note


def _sources(project: Project, data: Mapping[str, Any], guess: Guess) -> Iterator[str]:
    yield "sources:"
    for i, (source, values) in enumerate(zip(project.sources, data["sources"], strict=True)):
        yield from _source(source, values, guess, f"sources[{i}]")


def _source(source: Source, values: Mapping[str, Any], guess: Guess, at: str) -> Iterator[str]:
    # Of files with the same columns only the first says why.
    first = "sources[0]" if source.columns == guess.project.sources[0].columns else at

    def why(name: str) -> str | None:
        return guess.reasons.get(f"{at}.{name}") or guess.reasons.get(f"{first}.{name}")

    yield f"  - name: {scalar(values['name'])}"
    for name in ("path", "table", "connection", "shape"):
        if name not in values:
            continue
        yield from _line(name, values[name], "    ", _because(_help(SOURCE, name), why(name)))
    yield f"    {comment(_help(SOURCE, 'columns'))}"
    yield "    columns:" if source.columns else "    columns: {}"
    for name, sql in values["columns"].items():
        yield from _line(name, sql, "      ", why(f"columns.{name}") or "")
    missing = [f for f in MAIN_FIELDS if f not in source.columns]
    if source.shape == "events" and missing:
        yield f"      {comment('not found: ' + ', '.join(missing))}"
    for name in ("key", "types", "event", "where", "deduplicate", "combine", "use", "texts"):
        if name in values:
            yield from _line(name, values[name], "    ", _because(_help(SOURCE, name), why(name)))
    if source.shape == "table" and source.deduplicate is None:
        yield f"{'    # deduplicate: last':<{COMMENT_AT}}{comment(_help(SOURCE, 'deduplicate'))}"
    if at == "sources[0]":
        yield from _found(guess)


def _found(guess: Guess) -> Iterator[str]:
    """Tell what was found in the data and no key above settles, with the edit that would."""
    told = [f for f in guess.findings if not f.rule]
    if not told:
        return
    yield "    # Found in the data, and only told:"
    for finding in told[:MOST_TOLD]:
        yield f"    {comment(f'- {finding.sentence}')}"
        if finding.fix:
            yield f"    {comment(f'  {finding.fix}')}"
    if len(told) > MOST_TOLD:
        yield f"    # - and {len(told) - MOST_TOLD} more: segmentry check"


def _section(name: str, record: Record, values: Mapping[str, Any]) -> Iterator[str]:
    yield f"{name}:"
    for key in record.keys:
        if key.name in values:
            yield from _line(key.name, values[key.name], "  ", key.help)
        else:
            yield from _example(key.name, _EXAMPLES.get(key.name, []), "  ", key.help)


def _prepare(project: Project) -> Iterator[str]:
    """Write how features are prepared; what is off stands there as a comment."""
    values = preparation_data(project.prepare)
    yield "prepare:"
    for key in PREPARE.keys:
        if key.name in values:
            yield from _line(key.name, values[key.name], "  ", key.help)
        else:
            yield from _example(key.name, _EXAMPLES[key.name], "  ", key.help)
    help_ = _help(PROJECT, "split")
    if project.split is None:
        yield from _example("split", _EXAMPLES["split"], "", help_)
    else:
        yield from _line("split", split_data(project.split), "", help_)


_EXAMPLES: dict[str, Any] = {
    "max_missing": 0.5,
    "reduce": {"method": "pca", "components": 0.9},
    "compare_with": "runs/latest",
    "split": {"train": 0.8, "by": "entity"},
    "max_share": 0.5,
    "must_differ_in": "churned",
    "distinct": True,
    "act_upon": "auto",
    "existing": "tier",
    "micro": True,
    "guided_by": "churned",
    "search_rows": 50_000,
}


def _example(key: str, value: Any, indent: str, note: str) -> Iterator[str]:
    left = f"{indent}# {key}: {scalar(value)}"
    if len(left) >= COMMENT_AT:
        yield f"{indent}{comment(note)}"
        yield left
    else:
        yield f"{left:<{COMMENT_AT}}{comment(note)}"


def _texts(project: Project, values: Mapping[str, Any]) -> Iterator[str]:
    """Write what is made of texts, where there are any."""
    if Role.TEXT in project.features.roles.values() or any(
        "text" in s.columns for s in project.sources
    ):
        yield from _section("text", TEXT, values)
        yield ""


def _features(values: Mapping[str, Any], guess: Guess) -> Iterator[str]:
    yield "features:"
    for name in ("include", "exclude", "measures"):
        yield from _line(name, values[name], "  ", _help(FEATURES, name))
    for name in ("milestones", "onboarding", "workflow"):
        if name in values:
            yield from _line(name, values[name], "  ", _help(FEATURES, name))
    if "kinds" in values:
        yield f"  kinds:  {comment(_help(FEATURES, 'kinds'))}"
        for meaning, kinds in values["kinds"].items():
            yield from _line(meaning, kinds, "    ", MEANINGS[meaning])
    yield from _defined(values)
    yield f"  {comment(_help(FEATURES, 'roles'))}"
    yield "  # cluster: shapes the segments. overlay: described afterwards. outcome: judged by."
    yield "  # treatment: an experiment's arm. id: names something; not used. text: what somebody"
    yield "  # wrote, whose topics and sentiment shape the segments. weight: how much each counts."
    yield "  roles:" if values["roles"] else "  roles: {}"
    for role in Role:
        for column, given in values["roles"].items():
            if given == role:
                why = guess.reasons.get(f"features.roles.{column}", "")
                yield from _line(column, given, "    ", why)


EXAMPLES = {
    "accounts": {"key": "account_id", "source": "users"},
    "harmonise": {"category": {"lower": True, "synonyms": {"tv": ["television", "telly"]}}},
    "namer": {"endpoint": "https://models.example/v1", "model": "small"},
    "review": {"approvals": 1, "roles": ["analyst", "owner"]},
}
"""What keys that are off by themselves look like."""


def _defined(values: Mapping[str, Any]) -> Iterator[str]:
    if "define" in values:
        yield f"  define:  {comment(_help(FEATURES, 'define'))}"
        for feature in values["define"]:
            for i, (name, value) in enumerate(feature.items()):
                yield f"    {' ' if i else '-'} {name}: {scalar(value)}"


def _optional(data: Mapping[str, Any]) -> Iterator[str]:
    """Write keys that are off by themselves, or show how they would be written."""
    for name, example in EXAMPLES.items():
        yield comment(_help(PROJECT, name))
        if name in data:
            yield f"{name}: {scalar(data[name])}"
        else:
            yield comment(f"{name}: {scalar(example)}")


def _outcomes(values: list[dict[str, Any]], project: Project) -> Iterator[str]:
    help_ = _help(PROJECT, "outcomes")
    if not values:
        yield from _line("outcomes", [], "", help_)
        event = project.sources[0].event or "purchase"
        example = {"name": f"next_{event}", "event": event, "horizon": "90d"}
        if project.sources[0].shape == "events":
            yield comment(f"outcomes: [{scalar(example)}]")
        return
    yield f"outcomes:  {comment(help_)}"
    for outcome in values:
        yield f"  - {scalar({k.name: outcome[k.name] for k in OUTCOME.keys if k.name in outcome})}"
