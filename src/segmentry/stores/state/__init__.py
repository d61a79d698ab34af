"""What people say of segments, kept beside the runs: an embedded database of the project's own."""
