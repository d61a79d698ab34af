"""Names that a model suggests from aggregates; only for whoever asks, and never needed."""
