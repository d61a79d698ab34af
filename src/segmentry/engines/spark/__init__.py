"""Spark through Ibis: in this process, on a cluster, or behind Spark Connect."""
