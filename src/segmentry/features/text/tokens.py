"""Texts into words: lower case, one form of the same word, and words that say nothing left out.

What lives here: reading a text as words, for any language as far as its signs allow. What does not:
weights of words (``vocabulary``) and what they feel like (``sentiment``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from segmentry.domain.textmodel import Language

LONGEST_TEXT = 100_000
"""Signs of a text that are read; a longer one has said by then what it is about."""

LONGEST_WORD = 40
"""Signs up to which a run of letters is a word, and no code or address."""

ENGLISH_SHARE = 0.2
"""Share of a text's words that are function words of English, from which it looks English: in
English prose they are near a half, in short questions a third."""

MOSTLY = 0.5
"""Share of texts that must look English for English rules to be used on all."""

_WORD = re.compile(r"[^\W\d_][^\W_]*(?:'[^\W_]+)*")
_WITHOUT_BLANKS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff"
_UNSPACED = re.compile(f"[{_WITHOUT_BLANKS}]")
_RUNS = re.compile(f"[{_WITHOUT_BLANKS}]+|[^{_WITHOUT_BLANKS}]+")
_APOSTROPHES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "`": "'"})
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")

STOP_WORDS = frozenset({
    "a", "about", "after", "again", "ain", "all", "also", "am", "an", "and", "any", "anyone",
    "anything", "are", "aren", "as", "at", "b", "be", "because", "been", "before", "being", "both",
    "but", "by", "c", "can", "cannot", "could", "couldn", "d", "did", "didn", "do", "does", "doesn",
    "doing", "don", "done", "e", "each", "either", "else", "even", "ever", "every", "for", "from",
    "g", "get", "gets", "getting", "go", "going", "got", "h", "had", "hadn", "has", "hasn", "have",
    "haven", "having", "he", "hello", "her", "here", "hi", "him", "his", "how", "however", "i",
    "if", "in", "into", "is", "isn", "it", "its", "j", "just", "k", "know", "l", "let", "like", "m",
    "many", "may", "me", "might", "more", "most", "much", "must", "mustn", "my", "n", "need",
    "needed", "needn", "no", "nor", "not", "now", "o", "of", "off", "ok", "okay", "on", "one",
    "only", "or", "other", "our", "own", "p", "please", "q", "quite", "r", "really", "s", "same",
    "see", "shall", "she", "should", "shouldn", "since", "so", "some", "someone", "something",
    "such", "t", "tell", "than", "thank", "thanks", "that", "the", "their", "them", "then", "there",
    "these", "they", "thing", "things", "this", "those", "though", "through", "thus", "to", "too",
    "u", "until", "upon", "us", "v", "very", "via", "w", "want", "wanted", "was", "wasn", "we",
    "were", "weren", "what", "when", "where", "whether", "which", "while", "who", "whom", "whose",
    "why", "will", "with", "won", "would", "wouldn", "x", "y", "yes", "yet", "you", "your", "z",
})  # fmt: skip
"""Words of English that a text of any topic has: ours, written from general knowledge."""

FUNCTION_WORDS = frozenset({
    "a", "about", "after", "all", "am", "an", "and", "any", "are", "as", "at", "be", "because",
    "been", "but", "by", "can", "could", "did", "do", "does", "for", "from", "had", "has", "have",
    "he", "her", "him", "his", "how", "i", "if", "in", "into", "is", "it", "its", "just", "me",
    "my", "no", "not", "of", "on", "or", "our", "out", "she", "should", "so", "some", "than",
    "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "to", "too",
    "very", "was", "we", "were", "what", "when", "where", "which", "while", "who", "why", "will",
    "with", "would", "you", "your",
})  # fmt: skip
"""The most common words of English, few of which other languages write."""


def words_of(text: str | None) -> list[str]:
    r"""Read a text as words in lower case, in its own order.

    Compatible signs are made one, apostrophes too; digits alone are no word. Scripts that are
    written without blanks are read as pairs of neighbouring signs.

    Examples
    --------
    >>> words_of("My card hasn\u2019t ARRIVED yet, 2 weeks!")
    ['my', 'card', "hasn't", 'arrived', 'yet', 'weeks']
    >>> words_of("\u4f60\u597d\u5417"), words_of(None), words_of("\x00 \U0001f642 12")
    (['\u4f60\u597d', '\u597d\u5417'], [], [])
    """
    if not text:
        return []
    plain = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).translate(_APOSTROPHES)
    found: list[str] = []
    for word in _WORD.findall(_UNSEEN.sub("", plain).lower()):
        if _UNSPACED.search(word):
            found += _of_mixed(word)
        elif len(word) <= LONGEST_WORD:
            found.append(word)
    return found


def _of_mixed(word: str) -> list[str]:
    """Read a run of letters of which some are written without blanks."""
    found: list[str] = []
    for run in _RUNS.findall(word):
        if _UNSPACED.match(run):
            found += [run[i : i + 2] for i in range(max(len(run) - 1, 1))]
        else:
            found += [w for w in _WORD.findall(run) if len(w) <= LONGEST_WORD]
    return found


def looks_english(words: Sequence[str]) -> bool:
    """Tell whether the words of a text look like English.

    Examples
    --------
    >>> looks_english(words_of("Where is my card?")), looks_english(words_of("Wo ist meine Karte?"))
    (True, False)
    """
    if not words:
        return False
    return sum(w.split("'")[0] in FUNCTION_WORDS for w in words) >= ENGLISH_SHARE * len(words)


def terms_of(words: Sequence[str], language: Language) -> list[tuple[str, str]]:
    """Give the telling words of a text as (term, how it is written), in order.

    English words lose their endings, so that "cards" and "card" are one term, and those that every
    text may have are left out. Words of other languages stay as they are.

    Examples
    --------
    >>> terms_of(["my", "cards", "hasn't", "arrived"], "english")
    [('card', 'cards'), ('arriv', 'arrived')]
    """
    if language == "any":
        return [(w, w) for w in words]
    bare = (w.split("'")[0] for w in words)
    return [(stem(w), w) for w in bare if w not in STOP_WORDS and len(w) > 1]


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Take the common endings of English off a word: plural, -ed, -ing, a last -e.

    Light on purpose: it only has to bring forms of one word together.

    Examples
    --------
    >>> [stem(w) for w in ("cards", "countries", "topping", "topped", "charge", "charged", "is")]
    ['card', 'country', 'top', 'top', 'charg', 'charg', 'is']
    """
    if len(word) > 4 and word.endswith("ies"):
        word = word[:-3] + "y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed"):
        rest = word.removesuffix(ending)
        if rest != word and len(rest) >= 3 and any(vowel in rest for vowel in "aeiouy"):
            is_doubled = len(rest) > 3 and rest[-1] == rest[-2] and rest[-1] not in "lsz"
            word = rest[:-1] if is_doubled else rest
            break
    return word[:-1] if len(word) > 4 and word.endswith("e") else word
