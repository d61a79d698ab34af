"""Releases beside each other: how segments descend, what differs, what is written down."""
