"""Whether people have said anything, asked of the file itself: that is all most commands need.

What lives here: one question to SQLite, without SQLAlchemy, which takes longer to load than a run
to open. What does not: reading what is said (``book``), and failures in words (``opening``).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from segmentry.stores.state.place import has_state, state_file


def is_anything_said(home: Path) -> bool:
    """Tell whether a project's state speaks of any segment.

    Parameters
    ----------
    home : Path
        The project's folder.

    Returns
    -------
    bool
        True, too, of a state that cannot be asked: whoever opens it then says what is wrong.
    """
    if not has_state(home):
        return False
    place = f"file:{quote(str(state_file(home).resolve()))}?mode=rw"
    try:
        with closing(sqlite3.connect(place, uri=True)) as connection:
            asked = "SELECT EXISTS (SELECT 1 FROM segments)"
            return bool(connection.execute(asked).fetchone()[0])
    except sqlite3.Error:
        return True
