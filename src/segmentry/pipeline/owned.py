"""Segments that people own: what may be said of them, by whom it is kept, and how it is shown.

What lives here: rules of changes, one transaction each, and the report under the present names.
What does not: the tables (``stores.state``), finding segments again (``recognised``), merging and
splitting (``reshaped``), taking back (``undoing``), and the methods of a run (``owning``).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from segmentry.domain.owned import Deed, Entry, Facts, Owned
from segmentry.domain.release import Release
from segmentry.errors import UsageError, nearest
from segmentry.render.report import render_report
from segmentry.stores.files import replacing, writing
from segmentry.stores.runfolder import RunFolder, open_run
from segmentry.stores.state.keeping import keep_release
from segmentry.stores.state.peek import is_anything_said
from segmentry.stores.state.place import FOLDER, has_state, home_of
from segmentry.stores.state.said import SaidRun

LONGEST_WORDS = {"name": 200, "owner": 200, "note": 10_000}
"""Characters of what people say."""

REPORTS = "reports"


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of a change: the sentence, the segment as it is now, the line of the history.

    ``segment_id`` is None where it was of a run as a whole, and ``entry`` where nothing was
    written: it was so already, or it was only tried.
    """

    sentence: str
    segment_id: int | None
    owned: Owned | None
    entry: Entry | None = None


Rule = Callable[["Case"], tuple[Facts, str] | str]
"""Gives the facts that change and how that is said, or only why nothing changes."""


@dataclass(frozen=True)
class Case:
    """A segment at the moment of a change: nobody else writes until it is done."""

    release: Release
    said: Mapping[int, Owned]
    place: int

    @property
    def segment_id(self) -> int:
        """Give its id."""
        return self.release.segment_ids[self.place]

    @property
    def name(self) -> str:
        """Give its present name."""
        return self.release.segment_names[self.place]

    @property
    def owned(self) -> Owned:
        """Give what is said of it."""
        return self.said.get(self.segment_id) or Owned(0)

    def refuse_locked(self) -> None:
        """Refuse a change of what a lock keeps.

        Raises
        ------
        UsageError
        """
        if self.owned.is_locked:
            raise UsageError(
                f"{self.name!r} is locked",
                hint=f"unlock it first: segmentry segments unlock {self.segment_id}",
            )


def rename(new: str, *, suggested_by: str | None = None) -> Rule:
    """Give the rule for another name, and the model that suggested it, where one did."""

    def rule(case: Case) -> tuple[Facts, str] | str:
        name = name_of(new)
        if name == case.name and suggested_by in {None, case.owned.suggested_by}:
            return f"Segment {case.segment_id} is called {name!r} already"
        case.refuse_locked()
        others = [n for i, n in enumerate(case.release.segment_names) if i != case.place]
        if name.casefold() in {n.casefold() for n in others}:
            raise UsageError(
                f"another segment is called {name!r}", hint="two segments cannot share a name"
            )
        facts: dict[str, str | None] = {"name": name}
        if suggested_by != case.owned.suggested_by:
            facts["suggested_by"] = suggested_by
        told = f", as {suggested_by} suggested" if suggested_by else ""
        return facts, f"{case.name!r} is now called {name!r}{told}"

    return rule


def lock(case: Case) -> tuple[Facts, str] | str:
    """Keep the name, and neither merge nor split: the rule for locking."""
    if case.owned.is_locked:
        return f"{case.name!r} is locked already"
    return {"is_locked": True, "name": case.name}, f"{case.name!r} is locked"


def unlock(case: Case) -> tuple[Facts, str] | str:
    """Let it be renamed, merged and split again: the rule for unlocking."""
    if not case.owned.is_locked:
        return f"{case.name!r} is not locked"
    return {"is_locked": False}, f"{case.name!r} is no longer locked"


def told(fact: str, text: str) -> Rule:
    """Give the rule for another owner or note; nothing at all takes it away."""

    def rule(case: Case) -> tuple[Facts, str] | str:
        words = said_words(fact, text) or None
        if words == getattr(case.owned, fact):
            return f"The {fact} of {case.name!r} is that already"
        sentence = f"The {fact} of {case.name!r} is {words!r}"
        return {fact: words}, sentence if words else f"{case.name!r} has no {fact} any more"

    return rule


RULES: dict[Deed, Callable[[str], Rule]] = {
    Deed.RENAME: rename,
    Deed.LOCK: lambda _: lock,
    Deed.UNLOCK: lambda _: unlock,
    Deed.OWN: lambda text: told("owner", text),
    Deed.NOTE: lambda text: told("note", text),
}
"""What may be said of one segment."""


def change(
    folder: Path,
    asked: int | str,
    deed: Deed,
    text: str = "",
    *,
    base: Path | None = None,
    dry_run: bool = False,
) -> Changed:
    """Say something of a segment of a run.

    Parameters
    ----------
    folder : Path
        The run's; nothing in it changes.
    asked : int or str
        The segment, by its id or its present name.
    deed : Deed
        One of ``RULES``.
    text : str
        The name, owner or note.
    base : Path or None
        The project's folder, for a run that lies elsewhere than in its ``runs``.
    dry_run : bool
        Only say what would be done.

    Returns
    -------
    Changed

    Raises
    ------
    UsageError
        If there is no such segment, it is locked, or the words will not do.
    StoreError
        If the state cannot be read or written.
    """
    return changed_by(folder, asked, deed, RULES[deed](text), base=base, dry_run=dry_run)


def changed_by(
    folder: Path,
    asked: int | str,
    deed: Deed,
    rule: Rule,
    *,
    base: Path | None = None,
    dry_run: bool = False,
) -> Changed:
    """Say of a segment what a rule gives; see ``change``."""
    home, stored = settled_home(folder, base), open_run(folder)
    if dry_run and not has_state(home):
        case = _case(SaidRun(stored.folder, {}), asked)
        return _tried(case, rule(case))
    from segmentry.stores.state.book import Book

    release = stored.release()
    with Book.of(home) as book:
        case = _case(SaidRun(stored.folder, book.said(release.fingerprint)), asked)
        found = rule(case)
        if isinstance(found, str) or dry_run:
            return _tried(case, found)
        keep_release(home, release)
        entry = book.say(release.fingerprint, case.segment_id, deed, found[0], called=case.name)
        owned = book.said(release.fingerprint)[case.segment_id]
        return Changed(f"{found[1]}.", case.segment_id, owned, entry)


def _case(stored: SaidRun, asked: int | str) -> Case:
    release = stored.release()
    return Case(release, stored.said, release.place_of(asked))


def _tried(case: Case, found: tuple[Facts, str] | str) -> Changed:
    sentence = f"{found}." if isinstance(found, str) else f"Only tried: {found[1]}."
    return Changed(sentence, case.segment_id, case.said.get(case.segment_id))


def said_words(fact: str, text: str) -> str:
    """Check what people say: not too long, and no signs that a terminal obeys.

    Raises
    ------
    UsageError
    """
    words = text.strip()
    if len(words) > LONGEST_WORDS[fact]:
        raise UsageError(
            f"the {fact} has {len(words):,} characters",
            hint=f"at most {LONGEST_WORDS[fact]:,} are kept",
        )
    allowed = "\n\t" if fact == "note" else ""
    if any(unicodedata.category(c) in {"Cc", "Cs"} and c not in allowed for c in words):
        raise UsageError(f"the {fact} holds signs that cannot be shown", hint="leave them out")
    return words


def name_of(text: str) -> str:
    """Check a name: it has a letter, as a number is an id.

    Raises
    ------
    UsageError
    """
    name = said_words("name", text)
    if not name or name.isdecimal():
        raise UsageError(f"{text!r} is no name", hint="write a name with a letter in it")
    return name


def settled_home(folder: Path, base: Path | None) -> Path:
    """Give the folder of the project in whose state a run's segments are kept.

    Raises
    ------
    UsageError
        If the run lies in no project's ``runs``, and none is named.
    """
    home = home_of(folder, base)
    if home is None:
        raise UsageError(
            "the run lies outside a project, so there is no place to keep what is said of it",
            where=str(folder),
            hint="name the project's folder: -p FOLDER, or project_folder= in Python",
        )
    return home


def forget(home: Path, asked: str, *, dry_run: bool = False) -> Changed:
    """Say nothing of a segment any more, also of one that later runs did not find again.

    Parameters
    ----------
    home : Path
        The project's folder.
    asked : str
        The name that people gave it, or its number in the state.
    dry_run : bool

    Returns
    -------
    Changed

    Raises
    ------
    UsageError
        If people own no such segment.
    """
    from segmentry.stores.state.book import FACTS, Book

    if not is_anything_said(home):
        raise UsageError("nothing has been said of the segments of this project")
    with Book.of(home) as book:
        known = [s for s in book.known() if not s.owned.is_bare]
        names = {str(s.owned.name or s.owned.key): s for s in known}
        wanted = {asked.casefold()}
        seen = next(
            (s for n, s in names.items() if wanted & {n.casefold(), str(s.owned.key)}), None
        )
        if seen is None:
            raise UsageError(f"people own no segment {asked!r}", hint=nearest(asked, names))
        called = seen.owned.name or f"segment {seen.segment_id}"
        sentence = f"nothing is said of {called!r} any more"
        if dry_run:
            return Changed(f"Only tried: {sentence}.", seen.segment_id, seen.owned)
        nothing = {fact: False if fact == "is_locked" else None for fact in FACTS}
        entry = book.say(seen.release, seen.segment_id, Deed.FORGET, nothing, called=called)
        return Changed(f"N{sentence[1:]}.", seen.segment_id, None, entry)


def history(home: Path) -> tuple[Entry, ...]:
    """Give what was done to the segments of a project, the first entry first."""
    if not has_state(home):
        return ()
    from segmentry.stores.state.book import Book

    with Book.of(home) as book:
        return book.history()


def listed(stored: RunFolder) -> list[dict[str, Any]]:
    """Give the segments of a run with what people say of them, as plain data."""
    keys = ("id", "name", "size", "share", "owner", "locked", "note")
    said = stored.said if isinstance(stored, SaidRun) else {}
    rows = []
    for segment in stored.document("segments")["segments"]:
        row = {key: segment[key] for key in keys if key in segment}
        owned = said.get(segment["id"])
        row["named_by"] = (owned or Owned(0)).named_by
        rows.append(row)
    return rows


def report_of(stored: RunFolder, home: Path | None) -> Path:
    """Give the report of a run under the present names: its own, or one drawn anew.

    Parameters
    ----------
    stored : RunFolder
    home : Path or None
        The project's folder, where a page that is drawn anew is kept.

    Returns
    -------
    Path
    """
    if home is None or not isinstance(stored, SaidRun):
        return stored.report
    page = home / FOLDER / REPORTS / f"{stored.folder.name}.html"
    with writing(page):
        page.parent.mkdir(parents=True, exist_ok=True)
    with replacing(page) as file:
        file.write(render_report(stored.documents()).encode())
    return page.resolve()
