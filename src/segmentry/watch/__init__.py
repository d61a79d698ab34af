"""What becomes of segments after a run: who moved, what drifted, and why."""
