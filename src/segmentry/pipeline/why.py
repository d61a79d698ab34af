"""Why an entity of a run is where it is, out of what the run has stored.

What lives here: finding the entity, its values and what is usual, and scoring changed values by the
run's own release. What does not: reasons and the search for changes (``explain``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.arrays import codes_of
from segmentry.domain.assigner import Answers
from segmentry.domain.recipe import MISSING
from segmentry.domain.release import Release
from segmentry.domain.role import Kind
from segmentry.domain.table import ENTITY, FeatureTable
from segmentry.domain.why import Change, Counterfactual, Reason, Why
from segmentry.errors import UsageError
from segmentry.explain.counterfactual import Ground, Value, smallest_change
from segmentry.explain.reasons import Usual, margins, reasons, spoken
from segmentry.explain.word import phrase, sentence
from segmentry.stores.keys import pseudonym, pseudonym_key
from segmentry.stores.runfolder import RunFolder

ONLY_UP = frozenset({
    "tenure_days", "n_events", "n_orders", "n_purchases", "n_items", "n_sessions", "n_returns",
    "value_total", "active_days", "n_categories", "n_kinds", "n_channels",
})  # fmt: skip
"""Features of events that only grow: what has happened is not undone."""


def why(
    stored: RunFolder, entity: str, *, to: int | str | None = None, folder: Path | None = None
) -> Why:
    """Say why an entity is in its segment, and what would move it to another.

    Parameters
    ----------
    stored : RunFolder
    entity : str
        Its id, as the data has it; a number is given by its digits.
    to : int, str or None
        The segment to move to, by id or name; None is the runner-up.
    folder : Path or None
        Where the key of pseudonyms lies, for runs that hide ids; None is the present one.

    Returns
    -------
    Why

    Raises
    ------
    UsageError
        If the run holds no such entity, or no such segment.
    """
    return _Case.of(stored, entity, folder or Path()).told(to)


@dataclass(frozen=True, eq=False)
class _Case:
    """One entity of a run."""

    entity: str
    release: Release
    table: FeatureTable
    row: int
    segment: NDArray[np.int64]
    """Of every entity of the run."""

    @classmethod
    def of(cls, stored: RunFolder, entity: str, folder: Path) -> _Case:
        release = stored.release()
        table = FeatureTable.of(stored.table("features"), release.columns)
        row = _row_of(table, entity, release, folder)
        answers = release.assigner.answer(release.recipe.apply(table).X)
        return cls(entity, release, table, row, answers.segment)

    @cached_property
    def own(self) -> FeatureTable:
        """Give the table of this entity alone."""
        return self.table.take(np.array([self.row]))

    @cached_property
    def features(self) -> tuple[str, ...]:
        """Name the features that segments are made of."""
        return tuple(dict.fromkeys(self.release.recipe.features))

    @cached_property
    def present(self) -> dict[str, Value | None]:
        """Give the entity's own values."""
        values: dict[str, Value | None] = {}
        for name in self.features:
            value = self.own.data[name][0].as_py()
            is_text = self.table.column(name).kind is Kind.CATEGORY
            values[name] = value if value is None or is_text else float(value)
        return values

    def told(self, to: int | str | None) -> Why:
        release, names = self.release, self.release.segment_names
        answers = release.assigner.answer(release.recipe.apply(self.own).X)
        here, second = int(answers.segment[0]), int(answers.second[0])
        confidence, is_far = float(answers.confidence[0]), bool(answers.anomaly[0])
        wanted = second if to is None else release.place_of(to)
        for_: tuple[Reason, ...] = ()
        against: tuple[Reason, ...] = ()
        change, unmoved = None, "there is no other segment"
        if wanted == here and to is not None:
            unmoved = f"it is in {names[here]!r} already"
        if second != here:
            beside = wanted if wanted != here else second
            prepared = release.recipe.prepare(self.own).X[0]
            parts = margins(release.recipe, release.assigner, prepared, here, beside)
            typical = {f: self._typical(f, here, beside) for f in self.features}
            for_, against = reasons(parts, self.present, typical, (names[here], names[beside]))
            if wanted != here:
                change, unmoved = self._moved(parts, wanted)
        is_alone = second == here
        return Why(
            self.entity,
            release.segment_ids[here],
            names[here],
            confidence,
            release.assigner.is_calibrated,
            is_far,
            None if is_alone else release.segment_ids[second],
            None if is_alone else names[second],
            for_,
            against,
            change,
            unmoved,
            self._sentences(here, second, confidence, is_far=is_far, reasons=for_, moved=change),
        )

    def _typical(self, feature: str, here: int, beside: int) -> Usual:
        groups = (self.segment == here, self.segment == beside, np.ones(len(self.segment), bool))
        if self.table.column(feature).kind is Kind.CATEGORY:
            codes, levels = self.table.categories(feature)
            return _usual("mostly", [_commonest(codes[g], levels) for g in groups])
        numbers = self.table.numbers(feature)
        known = [numbers[group & ~np.isnan(numbers)] for group in groups]
        if not all(len(values) for values in known):
            return _usual("median", [float(np.median(v)) if len(v) else None for v in known])
        medians = [float(np.median(values)) for values in known]
        if spoken(medians[0]) != spoken(medians[1]):
            return _usual("median", medians)
        return _usual("average", [float(values.mean()) for values in known])

    def _moved(self, parts: Mapping[str, float], wanted: int) -> tuple[Counterfactual | None, str]:
        """Search the smallest change, and score the entity with it once more."""
        asked = self.release.project.get("segments", {}).get("act_upon", "auto")
        may_change = (
            self.features if asked == "auto" else tuple(f for f in self.features if f in asked)
        )
        ranked = sorted(may_change, key=lambda f: (-round(parts[f], 9), f))
        name = self.release.segment_names[wanted]
        changes = smallest_change(self._ground(wanted), ranked, wanted, self._score)
        if not changes:
            what = "features that the project acts upon" if asked != "auto" else "features"
            return None, f"no change of up to four {what} to what is usual in {name!r} does it"
        changed = {c.feature: c.after for c in changes}
        answers = self._answers([changed])
        if int(answers.segment[0]) != wanted:  # pragma: no cover - what is told must hold
            return None, f"no change was found that leads to {name!r}"
        effort = round(self._ground(wanted).effort(changed), 6)
        told = f"with {_listed(changes)} it would be in {name!r}, all else as it is"
        ids = self.release.segment_ids
        confidence = float(answers.confidence[0])
        return Counterfactual(ids[wanted], name, changes, confidence, effort, sentence(told)), ""

    def _ground(self, wanted: int) -> Ground:
        member = self.segment == wanted
        everyone, members, levels = {}, {}, {}
        for name in self.features:
            if self.table.column(name).kind is Kind.CATEGORY:
                codes, words = self.table.categories(name)
                known = codes[member & (codes >= 0)]
                shares = np.bincount(known, minlength=len(words)) / max(len(known), 1)
                levels[name] = dict(zip(words, shares.tolist(), strict=True))
                continue
            numbers = self.table.numbers(name)
            is_known = ~np.isnan(numbers)
            everyone[name], members[name] = numbers[is_known], numbers[is_known & member]
        is_timed = self.release.window is not None
        return Ground(self.present, everyone, members, levels, ONLY_UP if is_timed else frozenset())

    def _score(self, tried: Sequence[Mapping[str, Value]]) -> NDArray[np.int64]:
        return self._answers(tried).segment

    def _answers(self, tried: Sequence[Mapping[str, Value]]) -> Answers:
        """Score the entity with each of several changes, as any other entity is."""
        import pyarrow as pa

        n = len(tried)
        data = self.own.data.take(pa.array(np.zeros(n, dtype=np.int64)))
        data = data.set_column(0, ENTITY, pa.array(np.arange(n)))
        for name in {f for changes in tried for f in changes}:
            place = data.schema.get_field_index(name)
            values = [changes.get(name, self.present[name]) for changes in tried]
            data = data.set_column(place, name, pa.array(values, data.schema.field(name).type))
        table = FeatureTable.of(data, self.release.columns)
        return self.release.assigner.answer(self.release.recipe.apply(table).X)

    def _sentences(
        self,
        here: int,
        second: int,
        confidence: float,
        *,
        is_far: bool,
        reasons: tuple[Reason, ...],
        moved: Counterfactual | None,
    ) -> tuple[str, ...]:
        names = self.release.segment_names
        told = [f"{self.entity} is in {names[here]!r}"]
        if second != here:
            sure = (
                f"{confidence:.0%} of those as near keep their segment when segments are found anew"
                if self.release.assigner.is_calibrated
                else f"nearness {confidence:.2f}, 0.5 on the border"
            )
            told = [f"{told[0]} ({sure}); the next is {names[second]!r}."]
        if reasons:
            first = "; ".join(r.sentence for r in reasons[:3])
            told.append(f"What speaks for it most: {first}.")
        if is_far:
            told.append("It lies far outside its segment: read it as one of its kind.")
        if moved is not None:
            told.append(moved.sentence)
        return tuple(told)


def _row_of(table: FeatureTable, entity: str, release: Release, folder: Path) -> int:
    import pyarrow as pa
    import pyarrow.compute as pc

    asked = entity
    if release.project.get("privacy", {}).get("ids") == "pseudonym":
        key = pseudonym_key(folder, may_make=False)
        asked = pseudonym(pa.array([entity]), key)[0].as_py()
    ids = table.entity_ids.cast(pa.string())
    places = codes_of(pc.indices_nonzero(pc.equal(ids, asked)))
    if not len(places) and asked != entity:  # the pseudonym itself may have been given
        places = codes_of(pc.indices_nonzero(pc.equal(ids, entity)))
    if not len(places):
        raise UsageError(
            f"the run holds no entity {entity!r}",
            hint="write the id as in assignments.parquet; `segmentry assign` takes new entities",
        )
    return int(places[0])


def _usual(kind: str, of_groups: Sequence[Value | None]) -> Usual:
    own, other, everyone = of_groups
    return kind, own, other, everyone


def _commonest(codes: NDArray[np.int64], levels: tuple[str, ...]) -> str | None:
    known = codes[codes >= 0]
    return levels[int(np.bincount(known).argmax())] if len(known) else None


def _listed(changes: tuple[Change, ...]) -> str:
    told = [
        f"{phrase(c.feature.removesuffix(MISSING))} {spoken(c.after)} instead of "
        f"{'none known' if c.before is None else spoken(c.before)}"
        for c in changes
    ]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} and {told[-1]}"
