"""Behavioural features said again, slowly, in plain Python: the oracle of the compiled ones.

It shares nothing with the compiled features but the words of their definition: it knows zones
through ``zoneinfo``, medians and lines through ``statistics``, money through ``decimal``.
"""
