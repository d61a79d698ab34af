"""Behavioural event logs with planted segments: for the demo, for tests, for sharing safely.

One idea per file. ``population`` is who the users are (the planted truth, with exact densities),
``overlap`` how far the planted segments can be told apart at all, ``timeline`` when users act,
``scenarios`` what they do in a shop, in an application, in a media service, ``dirt`` what goes
wrong on the way into a log, and ``generate`` writes it all to files in blocks of users.
"""

from segmentry.simulate.generate import Simulation, simulate

__all__ = ["Simulation", "simulate"]
