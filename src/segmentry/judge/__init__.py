"""How good a candidate is, whether there is anything to find, and which candidate is chosen."""
