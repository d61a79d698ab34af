"""Features over arrays: the same definitions as ``features.compile``, a faster way to the figures.

What lives here: sorted rows of one piece of the entities, and each aggregate as a few passes over
arrays. What does not: what a feature is (``domain.formula``), and where events lie (``pipeline``).
"""
