"""What segments are like, in figures and then in words: contrasts, names, traits, actions.

Everything said of a segment follows by rule from measured contrasts. The words are data
(``packs/*.yaml``), the rules are here. ``describe.py`` is the way in; nothing here draws or writes.
"""
