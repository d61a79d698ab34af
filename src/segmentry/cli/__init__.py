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
    from segmentry.cli.app import start

    raise SystemExit(start(sys.argv[1:]))
