"""Asking a model for names, judging what it says, and taking what a person accepts.

What lives here: the order of things. What does not: what is told (``aggregates``), how it is asked
(``wording``, ``endpoints``), and the rules (``explain.suggested``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from segmentry.domain.owned import Deed
from segmentry.endpoints.chat import Chat
from segmentry.errors import NamerError
from segmentry.maths.suppression import FEWEST_TOLD
from segmentry.pipeline.owned import Changed, changed_by, rename, settled_home
from segmentry.pipeline.suggest.aggregates import Aggregates, aggregates_of
from segmentry.pipeline.suggest.wording import body_of, read_answer
from segmentry.stores.runfolder import RunFolder
from segmentry.stores.state.offers import Offers, keep_offers, offers_of

NOTHING = "nothing was suggested for it"
ALIKE = "another segment was suggested the same name"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name and a sentence beside the name that stands; ``refused`` is why it may not be taken.

    What was refused is given as it came: whoever shows it escapes it.
    """

    segment_id: int
    present: str
    name: str
    sentence: str
    refused: str | None = None


def question(stored: RunFolder, home: Path, model: str) -> tuple[Aggregates, bytes]:
    """Give what may be told of a run, and the bytes that would be sent.

    Raises
    ------
    NamerError
        E5068 if nothing may be told.
    """
    aggregates = aggregates_of(stored, home)
    if not aggregates.portraits:
        raise NamerError(
            f"every segment is locked, or has fewer than {FEWEST_TOLD} entities",
            code="E5068",
            hint="segmentry segments list",
        )
    return aggregates, body_of(model, aggregates)


def suggest(stored: RunFolder, home: Path, model: str, chat: Chat) -> tuple[Suggestion, ...]:
    """Ask for names, and keep those that the rules let pass until somebody takes them.

    Parameters
    ----------
    stored : RunFolder
        Under the present names.
    home : Path
        The project's folder.
    model : str
    chat : Chat

    Returns
    -------
    tuple of Suggestion
        One per segment that was told of; no name of a segment changes by it.

    Raises
    ------
    NamerError
        E5061 to E5066 if there was no answer, or none that can be read; E5068 if there is nothing
        to ask.
    """
    aggregates, body = question(stored, home, model)
    made = judged(aggregates, read_answer(chat.ask(body)))
    names = {s.segment_id: s.name for s in made if s.refused is None}
    keep_offers(home, stored.release().fingerprint, Offers(model, names))
    return made


def judged(aggregates: Aggregates, answers: dict[int, tuple[str, str]]) -> tuple[Suggestion, ...]:
    """Hold each suggestion against the figures of its segment, and against the others."""
    count = Counter(name.casefold() for name, _ in answers.values())
    found = []
    for portrait in aggregates.portraits:
        name, sentence = answers.get(portrait.segment_id, ("", ""))
        refused = portrait.rules.refuse(name, sentence) if name else NOTHING
        if refused is None and count[name.casefold()] > 1:
            refused = ALIKE
        found.append(Suggestion(portrait.segment_id, portrait.present, name, sentence, refused))
    return tuple(found)


def accept(
    stored: RunFolder, asked: Sequence[str], base: Path | None = None, *, dry_run: bool = False
) -> tuple[Changed, ...]:
    """Take names that were suggested for a run; each is a change of its own in the history.

    Parameters
    ----------
    stored : RunFolder
        Under the present names.
    asked : sequence of str
        Segments, by id or name.
    base : Path or None
        The project's folder, for a run that lies elsewhere than in its ``runs``.
    dry_run : bool

    Returns
    -------
    tuple of Changed

    Raises
    ------
    NamerError
        E5067 if no suggestion stands for a segment, or what is kept of it is a name that the
        figures do not show; nothing is changed then.
    UsageError
        If there is no such segment, it is locked, or another has the name by now.
    """
    release, home = stored.release(), settled_home(stored.folder, base)
    offers = offers_of(home, release.fingerprint)
    ids = [release.segment_ids[release.place_of(a)] for a in dict.fromkeys(asked)]
    for segment_id in ids:
        if offers is None or segment_id not in offers.names:
            raise NamerError(
                f"no suggestion stands for segment {segment_id} of this run",
                code="E5067",
                hint="ask for some first: segmentry segments suggest; one that was refused cannot "
                "be taken",
            )
    if offers is None:
        return ()
    _judge_again(stored, home, {i: offers.names[i] for i in ids})

    def taken(segment_id: int, *, is_tried: bool) -> Changed:
        rule = rename(offers.names[segment_id], suggested_by=offers.model)
        return changed_by(stored.folder, segment_id, Deed.ACCEPT, rule, base=base, dry_run=is_tried)

    tried = tuple(taken(i, is_tried=True) for i in ids)
    return tried if dry_run else tuple(taken(i, is_tried=False) for i in ids)


def _judge_again(stored: RunFolder, home: Path, names: Mapping[int, str]) -> None:
    """Hold names that were kept in a file against the figures once more: anybody may write there.

    A segment that is locked has no portrait, and is refused as such when it is to be changed.
    """
    rules = {p.segment_id: p.rules for p in aggregates_of(stored, home).portraits}
    locked = {s["id"] for s in stored.document("segments")["segments"] if s.get("locked")}
    for segment_id, name in names.items():
        if segment_id in locked:
            continue
        own = rules.get(segment_id)
        why = own.refuse_name(name) if own else f"it has fewer than {FEWEST_TOLD} entities"
        if why is not None:
            raise NamerError(
                f"the name that is kept for segment {segment_id} may not stand: {why}",
                code="E5067",
                hint="ask again: segmentry segments suggest",
            )
