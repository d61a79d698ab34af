"""What becomes of segments after a run: who moved, what drifted, how much of it matters, and why."""
