"""Bringing the spellings of one word together: case, blanks, Unicode, synonyms.

Words are changed here, never in an engine: engines differ in what they call lower case.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Form = Literal["NFC", "NFKC"]


@dataclass(frozen=True, slots=True)
class Harmony:
    """How the words of one field are written alike.

    ``synonyms`` leads from each word to the words that mean the same; they are compared as the
    other rules leave them, so ``Telly `` is found by ``telly`` where case and blanks do not count.
    """

    lower: bool = False
    spaces: bool = True
    """Blanks at the ends are left out, and several in between are one."""
    unicode: Form = "NFC"
    """Normal form: NFC joins letters and their accents, NFKC also full-width and joined signs."""
    synonyms: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, word: str) -> str:
        """Write a word the way all its spellings are written.

        Examples
        --------
        >>> tv = Harmony(lower=True, synonyms={"tv": ("television", "telly")})
        >>> tv.of(" Telly "), tv.of("TV"), tv.of("Radio  Set"), Harmony().of("TV")
        ('tv', 'tv', 'radio set', 'TV')
        """
        plain = self._plain(word)
        return self._known.get(plain, plain)

    def all_of(self, words: list[str]) -> list[str]:
        """Write many words; the synonyms are prepared once."""
        known = self._known
        return [known.get(p, p) for p in map(self._plain, words)]

    @property
    def _known(self) -> dict[str, str]:
        return {self._plain(s): self._plain(w) for w, same in self.synonyms.items() for s in same}

    def _plain(self, word: str) -> str:
        plain = unicodedata.normalize(self.unicode, word)
        for _ in range(2 if self.lower else 0):
            # Folding may take a word out of its normal form, and that form may fold again.
            plain = unicodedata.normalize(self.unicode, plain.casefold())
        return " ".join(plain.split()) if self.spaces else plain
