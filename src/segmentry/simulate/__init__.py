"""Event logs and tables with planted segments: for the demo, for tests, for sharing safely.

One idea per file. ``population`` is who the users are (the planted truth, with exact densities),
``overlap`` how far the planted segments can be told apart at all, ``timeline`` when users act,
``scenarios`` what they do in a shop, in an application, in a media service, and what tables of
one row each tell of them, ``dirt`` what goes wrong on the way into a log. ``generate`` writes logs
and ``tables`` writes tables, in blocks of users.
"""

from segmentry.simulate.catalogue import TABLES
from segmentry.simulate.generate import Simulation, simulate
from segmentry.simulate.tables import SimulatedTable, simulate_table

__all__ = ["TABLES", "SimulatedTable", "Simulation", "simulate", "simulate_table"]
