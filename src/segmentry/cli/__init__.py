"""The command line: one file per command, each imported when it is used.

``app`` lists the commands, ``failures`` words what went wrong, ``progress`` and ``table`` draw.
Data goes to standard output, messages to standard error.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Carry out the command that was typed; never a traceback unless ``--debug`` asks for it.

    Raises
    ------
    SystemExit
        Always: 0 done, 1 the work failed, 2 wrong usage or project file, 130 interrupted.
    """
    import gc

    # Loading and compiling make very many objects that all stay, and looking through them again
    # and again for rubbish took a tenth of a run.
    gc.set_threshold(100_000, 50, 100)
    from segmentry.cli.app import start

    raise SystemExit(start(sys.argv[1:]))
