"""Which words of some texts are counted, how much each weighs, and texts as rows of weights.

What lives here: the vocabulary and TF-IDF. What does not: reading texts as words (``tokens``), and
topics (``topics``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from segmentry.domain.textmodel import MOST_TERMS, Language
from segmentry.features.text.tokens import terms_of

FEWEST_TEXTS = 2
"""Texts that must have a word: one alone tells nothing of what goes together."""

FEWEST_WRITERS = 5
"""Entities in whose texts a word must stand: what fewer write may be somebody's name, and would be
shown in the names of topics and kept with a release. Sweeney, L. (2002). k-anonymity: a model for
protecting privacy. Int. J. of Uncertainty, Fuzziness and Knowledge-based Systems 10, 557-570."""

MOST_TEXTS: Mapping[Language, float] = {"english": 0.6, "any": 0.2}
"""Share of texts beyond which a word tells none of them apart. Where no list of empty words is at
hand, they are known by being everywhere."""

ENOUGH_TEXTS = 50
"""With fewer texts, a word may be in most of them and still tell."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms in ascending order, how each is usually written, and its weight."""

    terms: tuple[str, ...]
    shown: tuple[str, ...]
    idf: NDArray[np.float64]


def vocabulary_of(
    texts: Iterable[Sequence[str]],
    language: Language,
    writers: Iterable[Iterable[int]] | None = None,
) -> Vocabulary:
    r"""Choose the terms of texts, the most common ones.

    Parameters
    ----------
    texts : iterable of sequence of str
        The words of each text.
    language : Language
    writers : iterable of iterable of int, optional
        Who wrote each text: a term, and the way in which it is written, must then be known of
        ``FEWEST_WRITERS`` of them. Left out, nobody is protected.

    Returns
    -------
    Vocabulary
        With weights :math:`\ln \frac{1 + n}{1 + n_t} + 1`; the same whatever the texts' order.

    References
    ----------
    Salton, G. and Buckley, C. (1988). Term-weighting approaches in automatic text retrieval.
    Information Processing and Management 24, 513-523.
    """
    in_texts: Counter[str] = Counter()
    written: Counter[tuple[str, str]] = Counter()
    n = 0
    known = None if writers is None else _Known()
    for words, who in zip(texts, repeat(()) if writers is None else writers, strict=False):
        n += 1
        pairs = set(terms_of(words, language))
        written.update(pairs)
        in_texts.update({term for term, _ in pairs})
        if known is not None:
            known.update(pairs, who)
    most = MOST_TEXTS[language] * n if n >= ENOUGH_TEXTS else n
    common = [t for t, count in in_texts.items() if FEWEST_TEXTS <= count <= most]
    common = [t for t in common if known is None or known.of_many(t)]
    kept = sorted(sorted(common, key=lambda t: (-in_texts[t], t))[:MOST_TERMS])
    shown: dict[str, str] = {}
    # The most common form; of equals the shortest, then the first in the alphabet.
    for (term, form), _ in sorted(written.items(), key=lambda p: (-p[1], len(p[0][1]), p[0])):
        if known is None or known.of_many((term, form)):
            shown.setdefault(term, form)
    counts = np.array([in_texts[t] for t in kept], dtype=np.float64)
    idf = np.log((1.0 + n) / (1.0 + counts)) + 1.0
    # A term that each few write in another way is shown without its ending.
    return Vocabulary(tuple(kept), tuple(shown.get(t, t) for t in kept), idf)


class _Known:
    """Of how many writers each word is known, as far as that matters."""

    def __init__(self) -> None:
        self._writers: dict[str | tuple[str, str], set[int]] = {}

    def update(self, pairs: Iterable[tuple[str, str]], who: Iterable[int]) -> None:
        """Note the terms and forms of a text."""
        some = list(islice(who, FEWEST_WRITERS))
        for pair in pairs:
            for word in (pair[0], pair):
                found = self._writers.setdefault(word, set())
                # No more are kept than are asked for: a word of millions is no larger than others.
                if len(found) < FEWEST_WRITERS:
                    found.update(some)

    def of_many(self, word: str | tuple[str, str]) -> bool:
        """Say whether a term, or a form of it, is known of enough writers."""
        return len(self._writers.get(word, ())) >= FEWEST_WRITERS


def counts_of(texts: Iterable[Sequence[str]], terms: Sequence[str], language: Language) -> Any:
    """Count the terms of texts.

    Returns
    -------
    scipy sparse matrix of shape (n_texts, n_terms), float64
        Columns ascend inside each row.
    """
    from scipy.sparse import csr_matrix

    place = {term: i for i, term in enumerate(terms)}
    ends, columns, values = [0], [], []
    for words in texts:
        found = Counter(place[t] for t, _ in terms_of(words, language) if t in place)
        for column in sorted(found):
            columns.append(column)
            values.append(float(found[column]))
        ends.append(len(columns))
    return csr_matrix(
        (np.array(values), np.array(columns, dtype=np.int64), np.array(ends, dtype=np.int64)),
        shape=(len(ends) - 1, len(terms)),
    )


def weighed(counts: Any, idf: NDArray[np.float64]) -> Any:
    """Weigh counted terms: one plus the logarithm of the count, times idf, rows of length 1."""
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    values = (1.0 + np.log(counts.data)) * idf[counts.indices]
    lengths = np.sqrt(np.bincount(rows, weights=values**2, minlength=counts.shape[0]))
    weights = counts.copy()
    weights.data = values / lengths[rows]
    return weights
