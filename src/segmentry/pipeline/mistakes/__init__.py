"""Looking for common mistakes: in a project and its features before a run, in segments after."""
