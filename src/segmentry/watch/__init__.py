"""What becomes of segments after a run: movement and drift."""
