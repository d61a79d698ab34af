"""Families of derived features: models over engine features, one file each."""
