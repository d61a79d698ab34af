"""Sources whose columns have types of their own, and expressions over them for any engine."""
