"""What went wrong, in words for people and in JSON for machines, on standard error."""

from __future__ import annotations

import json
import os
import sys
import traceback

from segmentry.domain.percent import NARROW_SPACE
from segmentry.errors import ProjectFileError, SegmentryError

INTERRUPTED = 130


def ended(end: SystemExit) -> int:
    """Read the exit status of a command that ended by itself."""
    status = end.code if isinstance(end.code, int) else int(end.code is not None)
    return _stopped() if status == INTERRUPTED else status


def _stopped() -> int:
    _say("stopped; earlier runs are whole, and nothing half-written is left")
    return INTERRUPTED


def told(error: Exception, *, as_json: bool, is_debug: bool) -> int:
    """Tell an error and give the exit status."""
    if is_debug:
        traceback.print_exception(error, file=sys.stderr)
    if _is_interrupt(error):
        return _stopped()
    if not isinstance(error, SegmentryError):
        error = _unexpected(error)
    if as_json:
        facts = {name: item for name, item in error.as_dict().items() if item}
        _say(json.dumps({"error": facts}, ensure_ascii=False))
    else:
        _say(in_words(error))
    return error.exit_status


def in_words(error: SegmentryError) -> str:
    """Word an error: what, where, what to try, where to read on."""
    problems = error.problems if isinstance(error, ProjectFileError) else ()
    parts = [_one(problem) for problem in problems] or [_one(error)]
    codes = dict.fromkeys(p.code for p in problems or (error,) if p.code)
    more = "".join(f"\n  more: segmentry help-error {code}" for code in codes)
    return "\n".join(parts) + more


def _one(error: SegmentryError) -> str:
    label = f"error {error.code}:" if error.code else "error:"
    if sys.stderr.isatty() and not os.environ.get("NO_COLOR"):
        label = f"\x1b[1;31m{label}\x1b[0m"
    where = f"\n  where: {printable(str(error.where))}" if error.where else ""
    hint = f"\n  try: {printable(error.hint)}" if error.hint else ""
    return f"{label} {printable(error.what)}{where}{hint}"


def _is_interrupt(error: BaseException | None) -> bool:
    """Tell an interrupt that the engine met in the middle of a query, wrapped or not."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt) or str(error) == "Query interrupted":
            return True
        error = error.__cause__ or error.__context__
    return False


def _unexpected(error: Exception) -> SegmentryError:
    return SegmentryError(
        f"something unexpected happened: {type(error).__name__}: {error}",
        code="",
        hint="`segmentry --debug COMMAND` shows where; please report it with that text",
    )


def printable(text: str) -> str:
    """Escape what a terminal would obey instead of show; line breaks stay.

    The narrow space before a percent sign becomes a plain one: some terminals lack it.
    """
    shown = text.replace(NARROW_SPACE, " ")
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in shown)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
