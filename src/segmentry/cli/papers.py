"""The papers of a run as files: the playbook and the explainer, as Markdown, HTML and PDF.

What lives here: which files are written, all of them or none. What does not: what they say
(``render.playbook``) and how a page is printed (``stores.printing``).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from segmentry.cli.targets import check_papers

if TYPE_CHECKING:
    from segmentry.stores.runfolder import RunFolder

FOLDER = "playbook"
STEMS = ("playbook", "explainer")


def write_papers(
    stored: RunFolder,
    folder: Path,
    *,
    inputs: Iterable[Path],
    effects: Path | None = None,
    capacity: int | None = None,
    pdf: bool = False,
) -> tuple[Path, ...]:
    """Write a run's papers into a folder.

    Parameters
    ----------
    stored : RunFolder
    folder : Path
        Made where it is missing.
    inputs : iterable of Path
        Files that are read, which nothing may be written over.
    effects : Path, optional
        A CSV file of measured effects.
    capacity : int, optional
        Members that one owner can look after.
    pdf : bool
        Whether each paper is printed as well.

    Returns
    -------
    tuple of Path
        The files, in the order in which they were written.

    Raises
    ------
    UsageError
        E1101 where a file would be written over that is not ours, or the effects are not as asked.
    StoreError
        E5030 where there is nothing to print with, E5001 where nothing can be written; no file was
        changed.
    """
    from segmentry.cli.effects import read_effects
    from segmentry.render.paper import markdown, render_paper
    from segmentry.render.playbook import explainer_paper, playbook_paper
    from segmentry.stores.files import replacing, writing
    from segmentry.stores.printing import printed

    endings = ("md", "html", *(("pdf",) if pdf else ()))
    check_papers(folder, STEMS, endings, inputs=inputs)
    documents = stored.documents()
    segments = (str(s["name"]) for s in documents["segments"]["segments"])
    given = read_effects(effects, segments) if effects is not None else ()
    papers = (playbook_paper(documents, given, capacity), explainer_paper(documents))
    contents: dict[Path, bytes] = {}
    for stem, paper in zip(STEMS, papers, strict=True):
        page = render_paper(paper).encode()
        contents[folder / f"{stem}.md"] = markdown(paper).encode()
        contents[folder / f"{stem}.html"] = page
        if pdf:
            contents[folder / f"{stem}.pdf"] = printed(page)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    for path, content in contents.items():
        with replacing(path) as file:
            file.write(content)
    return tuple(contents)
