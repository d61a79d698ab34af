"""Where data lies and is computed: a thin room around Ibis for each engine."""
