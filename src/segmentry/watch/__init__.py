"""Watching a release at work: what moved, how much of it matters, and why."""
