"""The releases of a project: naming one, approving, putting in use, going back.

What lives here: what is allowed, and in which words it is refused. What does not: the rows
(``stores.state.shelf``), making a release (``releasing``), two of them beside each other
(``releasediff``) and the record of one (``render.decision_record``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.domain.lifecycle import Kinship, Registered, Stage, Step, Stepped
from segmentry.domain.project import Review
from segmentry.errors import ReleaseError
from segmentry.stores.state.keeping import Papers, kept_papers, kept_release
from segmentry.stores.state.place import has_state

if TYPE_CHECKING:
    from segmentry.pipeline.releasediff import Difference
    from segmentry.stores.state.shelf import Shelf

Asked = int | str
"""A release by its number, its run, its fingerprint (or how it begins), as champion or latest."""

SHORTEST_PREFIX = 4


@dataclass(frozen=True)
class Shown:
    """A release, what was done to it, and how its segments descend from those of its parent."""

    release: Registered
    steps: tuple[Stepped, ...]
    descents: tuple[Kinship, ...]
    names: Mapping[int, str]
    parent: int | None


@dataclass(frozen=True)
class Releases:
    """The releases of the project in a folder.

    Examples
    --------
    >>> Releases(Path("/nowhere")).list()
    ()
    """

    home: Path
    review: Review = field(default_factory=Review)

    def list(self) -> tuple[Registered, ...]:
        """Give all releases, the first one first; none before there is a run."""
        if not has_state(self.home):
            return ()
        from segmentry.stores.state.shelf import Shelf

        with Shelf.of(self.home) as shelf:
            return shelf.releases()

    def find(self, asked: Asked) -> Registered:
        """Find a release.

        Parameters
        ----------
        asked : int or str

        Returns
        -------
        Registered

        Raises
        ------
        ReleaseError
            E5110 if there is none, or several.
        """
        return named(self.list(), asked)

    def show(self, asked: Asked = "champion") -> Shown:
        """Tell everything that is kept of a release.

        Raises
        ------
        ReleaseError
            E5110.
        """
        from segmentry.stores.state.shelf import Shelf

        known = self.list()
        release = named(known, asked)
        with Shelf.of(self.home) as shelf:
            steps = shelf.steps(release.fingerprint)
            descents = shelf.descents(release.fingerprint)
        kept = kept_papers(self.home, str(release.facts.get("papers"))) or {}
        names = {int(s["id"]): str(s["name"]) for s in kept.get("segments", {}).get("segments", ())}
        parent = next((r.number for r in known if r.fingerprint == release.parent), None)
        return Shown(release, steps, descents, names, parent)

    def papers(self, release: Registered) -> Papers:
        """Give what was kept of a release.

        Raises
        ------
        ReleaseError
            E5115 if it is gone or is not what was written.
        """
        kept = kept_papers(self.home, str(release.facts.get("papers")))
        if kept is None:
            raise _gone(release)
        return kept

    def diff(self, one: Asked = "champion", other: Asked = "latest") -> Difference:
        """Hold two releases beside each other.

        Parameters
        ----------
        one, other : int or str
            The earlier one first.

        Returns
        -------
        Difference

        Raises
        ------
        ReleaseError
            E5110, or E5115 if what was kept of either is gone.
        """
        from segmentry.pipeline.releasediff import difference

        return difference(self, self.find(one), self.find(other))

    def record(self, asked: Asked = "champion") -> str:
        """Write the decision record of a release: the same bytes whenever it is asked for.

        Raises
        ------
        ReleaseError
            E5110, E5115.
        """
        from segmentry.render.decision_record import decision_record

        shown = self.show(asked)
        papers = self.papers(shown.release)
        return decision_record(shown.release, papers, shown.descents, shown.parent)

    def approve(
        self, asked: Asked = "latest", *, role: str | None = None, reason: str | None = None
    ) -> Stepped:
        """Approve a release, as whoever is at work.

        Parameters
        ----------
        asked : int or str
        role : str or None
            In which; asked for where the project names roles.
        reason : str or None

        Returns
        -------
        Stepped

        Raises
        ------
        ReleaseError
            E5110; E5116 for a role that the project does not ask for.
        """
        from segmentry.stores.state.shelf import Shelf

        release = self.find(asked)
        if self.review.roles and role not in self.review.roles:
            what = "no role was given" if role is None else f"{role!r} is no role that approves"
            raise ReleaseError(
                f"{what}, and releases of this project are approved in some roles only",
                code="E5116",
                hint=f"review.roles names: {', '.join(self.review.roles)}",
            )
        with Shelf.of(self.home) as shelf:
            return shelf.stepped(Step.APPROVE, release.fingerprint, role=role, reason=reason)

    def promote(
        self, asked: Asked = "latest", *, role: str | None = None, reason: str | None = None
    ) -> Stepped:
        """Put a release in use, in one step: later runs are matched to it.

        Parameters
        ----------
        asked : int or str
        role, reason : str or None
            Of whoever is at work; written down.

        Returns
        -------
        Stepped

        Raises
        ------
        ReleaseError
            E5110; E5111 if approvals are missing; E5112 if it is in use; E5115 if its copy is gone.
        """
        from segmentry.stores.state.shelf import Shelf

        known = self.list()
        release = named(known, asked)
        self._check_kept(release)
        with Shelf.of(self.home) as shelf:
            seen = shelf.champion()
            assert seen is not None  # noqa: S101 - the first release is in use at once
            if seen.release == release.fingerprint:
                raise ReleaseError(
                    f"release {release.number} is in use already",
                    code="E5112",
                    hint="segmentry releases list",
                )
            self._check_review(shelf, release)
            return shelf.promote(release.fingerprint, seen, role=role, reason=reason)

    def rollback(self, *, reason: str | None = None) -> Stepped:
        """Put the release in use again that was in use before the present one, in one step.

        Parameters
        ----------
        reason : str or None

        Returns
        -------
        Stepped

        Raises
        ------
        ReleaseError
            E5113 if there is none; E5115 if its copy is gone.
        """
        from segmentry.stores.state.shelf import Shelf

        champion = self.find("champion")
        with Shelf.of(self.home) as shelf:
            seen = shelf.champion()
            past = in_use(shelf.steps())
            earlier = shelf.find(past[-2]) if len(past) > 1 else None
            if earlier is None or seen is None:
                raise ReleaseError(
                    f"release {champion.number} is the first that was in use, so there is none to "
                    "go back to",
                    code="E5113",
                    hint="promote another one: segmentry releases list",
                )
            self._check_kept(earlier)
            return shelf.promote(earlier.fingerprint, seen, what=Step.ROLLBACK, reason=reason)

    def _check_kept(self, release: Registered) -> None:
        if kept_release(self.home, release.fingerprint) is None:
            raise _gone(release)

    def _check_review(self, shelf: Shelf, release: Registered) -> None:
        asked, roles = self.review.approvals, self.review.roles
        approved = {
            s.who
            for s in shelf.steps(release.fingerprint)
            if s.what is Step.APPROVE and (not roles or s.role in roles)
        }
        if len(approved) >= asked:
            return
        by = f" by: {' or '.join(roles)}" if roles else ""
        role = f" --role {roles[0]}" if roles else ""
        missing = asked - len(approved)
        raise ReleaseError(
            f"release {release.number} is approved by {len(approved)} of {asked} people, and needs "
            f"{missing} more{by}",
            code="E5111",
            hint=f'segmentry releases approve {release.number}{role} --reason "what speaks for it"',
        )


def named(known: Iterable[Registered], asked: Asked) -> Registered:
    """Find a release among others by what people call it.

    Parameters
    ----------
    known : iterable of Registered
        In order.
    asked : int or str

    Returns
    -------
    Registered

    Raises
    ------
    ReleaseError
        E5110.
    """
    known, word = tuple(known), str(asked).strip()
    if known and word == "latest":
        return known[-1]
    found = [
        r
        for r in known
        if word in {str(r.number), r.run} or (word == "champion" and r.stage is Stage.CHAMPION)
    ]
    if not found and len(word) >= SHORTEST_PREFIX:
        found = [r for r in known if r.fingerprint.startswith(word)]
    if len(found) == 1:
        return found[0]
    if not known:
        hint = "the first run makes one: segmentry run"
    else:
        hint = f"the project has releases 1 to {known[-1].number}: segmentry releases list"
    what = f"{word!r} fits {len(found)} releases" if found else f"there is no release {word!r}"
    raise ReleaseError(what, code="E5110", hint=hint)


def in_use(steps: Iterable[Stepped]) -> tuple[str, ...]:
    """Give the releases that one could go back through, the one in use last.

    Parameters
    ----------
    steps : iterable of Stepped
        All of the project, in order.

    Returns
    -------
    tuple of str
        Fingerprints.
    """
    past: list[str] = []
    for step in steps:
        if step.what is Step.ROLLBACK:
            past.pop()
        elif step.what is not Step.APPROVE:
            past.append(step.release)
    return tuple(past)


def _gone(release: Registered) -> ReleaseError:
    return ReleaseError(
        f"what was kept of release {release.number} is gone or damaged",
        code="E5115",
        hint="restore the folder .segmentry from a copy, or make the run again with equal data "
        "and seed",
    )
