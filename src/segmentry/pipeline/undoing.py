"""Taking back what was said or done to segments; that is a change too, and is kept.

What lives here: which entry of the history can be taken back, and what was before. What does not:
the changes themselves (``owned``, ``byhand``).
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.domain.owned import Deed, Entry, Facts, Owned
from segmentry.errors import UsageError
from segmentry.pipeline.owned import Changed
from segmentry.stores.state.keeping import kept_release
from segmentry.stores.state.place import has_state

if TYPE_CHECKING:
    from segmentry.stores.state.book import Book


def undo(home: Path, *, number: int | None = None, dry_run: bool = False) -> Changed:
    """Take back a change that was not taken back; that is a change too, and is kept.

    Parameters
    ----------
    home : Path
        The project's folder.
    number : int or None
        Of the entry in the history; None is the last one.
    dry_run : bool

    Returns
    -------
    Changed

    Raises
    ------
    UsageError
        If there is nothing to take back, or what was changed has changed again since.
    """
    which = f"no entry {number} that could be taken back" if number else "nothing to take back"
    nothing = UsageError(f"there is {which}", hint="segmentry segments history")
    if not has_state(home):
        raise nothing
    from segmentry.stores.state.book import Book

    with Book.of(home) as book:
        entry = book.last(number)
        if entry is None:
            raise nothing
        if entry.what in {Deed.MERGE, Deed.SPLIT}:
            return _undone_by_hand(book, home, entry, dry_run=dry_run)
        segment_id, release = entry.segment_id or 0, entry.release
        what = f"{entry.what.noun} of {entry.called!r} ({_facts(entry.after)})"
        said = book.said(release)
        owned = said[segment_id]
        _refuse_changed(home, entry, said)
        if dry_run:
            return Changed(f"Only tried: the {what} is taken back.", segment_id, owned)
        undone = book.say(
            release,
            segment_id,
            Deed.UNDO,
            entry.before,
            called=owned.name or entry.called,
            undoes=entry.number,
        )
        return Changed(
            f"The {what} is taken back.", segment_id, book.said(release)[segment_id], undone
        )


def _refuse_changed(home: Path, entry: Entry, said: Mapping[int, Owned]) -> None:
    """Refuse to take back what is no longer so, or a name that another segment has by now."""
    owned = said[entry.segment_id or 0]
    changed = [name for name, value in entry.after.items() if getattr(owned, name) != value]
    if changed:
        raise UsageError(
            f"the {' and '.join(changed)} of {entry.called!r} has changed again since entry "
            f"{entry.number}",
            hint="take the later change back first",
        )
    release = kept_release(home, entry.release)
    if "name" not in entry.before or release is None:
        return
    written = dict(zip(release.segment_ids, release.segment_names, strict=True))
    names = {i: o.name for i, o in said.items() if o.name}
    back = str(entry.before["name"] or written[entry.segment_id or 0])
    others = {i: n for i, n in (written | names).items() if i != entry.segment_id}
    if back.casefold() in {n.casefold() for n in others.values()}:
        raise UsageError(
            f"another segment is called {back!r} by now", hint="give that another name first"
        )


def _undone_by_hand(book: Book, home: Path, entry: Entry, *, dry_run: bool) -> Changed:
    """Take a merge or a split back: the run before it is the latest again."""
    from segmentry.pipeline.byhand import take_back
    from segmentry.stores.state.book import Line

    sentence = take_back(home, entry, dry_run=dry_run)
    if dry_run:
        return Changed(f"Only tried: {sentence}.", None, None)
    line = Line(undoes=entry.number)
    undone = book.wrote(Deed.UNDO, entry.release, entry.after, entry.before, line)
    return Changed(f"The {entry.what} is taken back: {sentence}.", None, None, undone)


def _facts(facts: Facts) -> str:
    return ", ".join(f"{name} {value!r}" for name, value in facts.items())
