"""The text of a formula in pieces: words, numbers, signs, each with its place.

What lives here: cutting a text, looking ahead in it, and errors that name a character. What does
not: what the pieces mean (``formulatext``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from segmentry.domain.formula import KEYWORDS
from segmentry.errors import ProjectFileError

LONGEST = 10_000
"""Characters of a formula."""

SHOWN = 24
"""Characters that an error shows."""

_PIECE = re.compile(
    r"""
    (?P<blank>\s+)
  | (?P<days>\d+(?:\.\d+)?d\b)
  | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?!\w))
  | (?P<word>[^\W\d]\w*)
  | (?P<quoted>'(?:[^']|'')*' | "(?:[^"]|"")*")
  | (?P<sign>>=|<=|!=|[-+*/()<>=,;])
    """,
    re.VERBOSE,
)

Kind = Literal["word", "quoted", "number", "days", "sign", "end"]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text, and where it begins."""

    kind: Kind
    text: str
    at: int

    def says(self, text: str) -> bool:
        """Say whether it is a word or sign of the language; what stands in quotes is none."""
        return self.text == text and self.kind in {"word", "sign"}

    @property
    def is_value(self) -> bool:
        """Say whether it may be the value of a field: a word of its own, or one in quotes."""
        return self.kind == "quoted" or (self.kind == "word" and self.text not in KEYWORDS)

    @property
    def value(self) -> str:
        """Give the word that it stands for."""
        if self.kind != "quoted":
            return self.text
        return self.text[1:-1].replace(self.text[0] * 2, self.text[0])


@dataclass
class Tokens:
    """The pieces of a text, and how far reading has come."""

    text: str
    pieces: Sequence[Token]
    place: int = 0

    @classmethod
    def of(cls, text: str) -> Tokens:
        """Cut a text.

        Raises
        ------
        ProjectFileError
            E1010 at the first character that begins no piece.
        """
        if len(text) > LONGEST:
            msg = f"a formula has at most {LONGEST:,} characters, and this one {len(text):,}"
            raise ProjectFileError(msg, code="E1010")
        pieces: list[Token] = []
        at = 0
        while at < len(text):
            found = _PIECE.match(text, at)
            if found is None:
                end = Token("end", "", at)
                raise refusal(cls(text, [*pieces, end], len(pieces)), "this cannot be read", end)
            if found.lastgroup != "blank":
                pieces.append(Token(found.lastgroup, found[0], at))  # type: ignore[arg-type]
            at = found.end()
        return cls(text, [*pieces, Token("end", "", len(text))])

    @property
    def now(self) -> Token:
        """Give the piece that is read next."""
        return self.pieces[self.place]

    def ahead(self, n: int) -> Token:
        """Give a piece further on."""
        return self.pieces[min(self.place + n, len(self.pieces) - 1)]

    def advance(self) -> None:
        """Go on to the next piece."""
        self.place = min(self.place + 1, len(self.pieces) - 1)

    def follows(self, words: Sequence[str]) -> bool:
        """Say whether these words and signs stand next."""
        return all(self.ahead(i).says(word) for i, word in enumerate(words))

    def takes(self, words: Sequence[str]) -> bool:
        """Read these words and signs if they stand next, and say whether they did."""
        if not self.follows(words):
            return False
        self.place += len(words)
        return True

    def take(self, word: str) -> bool:
        """Read a word or sign if it stands next, and say whether it did."""
        return self.takes((word,))

    def expect(self, word: str, hint: str | None = None) -> None:
        """Read a word or sign that has to stand next."""
        if not self.take(word):
            raise refusal(self, f"{word!r} is expected", hint=hint)

    def expect_end(self) -> None:
        """Refuse whatever is left."""
        if self.now.kind != "end":
            raise refusal(self, "the formula ends here, and its text goes on")


def refusal(
    tokens: Tokens, what: str, token: Token | None = None, hint: str | None = None
) -> ProjectFileError:
    """Say what is wrong, at which character (from 1), and what stands there."""
    at = (token or tokens.now).at
    rest = tokens.text[at : at + SHOWN]
    shown = f"{rest}{'...' if len(tokens.text) > at + SHOWN else ''}" if rest else "its end"
    return ProjectFileError(f"{what}, at character {at + 1}: {shown}", code="E1010", hint=hint)
