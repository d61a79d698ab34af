"""Formulas out of their text: ``read_formula(str(formula)) == formula``.

What lives here: the grammar, one method for each of its rules, and errors that say at which
character. What does not: tokens (``formulatokens``), what makes sense (``formularules``), and the
way to the text (``formula``: each value prints itself).

::

    text      = words | piece
    words     = word "if" test {"and" test} ";" {word "if" ... ";"} "else" word
    test      = sum (">" | "<=") number
    piece     = sum {"if" sum ">=" number}
    sum       = product {("+" | "-") product}
    product   = atom {("*" | "/") atom}
    atom      = number | "(" piece ")" | aggregate | function "(" piece ")"
              | "larger" "(" piece "," piece ")"
              | "steps in order" "(" aggregate {"," aggregate} ")"
              | "days" "(" ("cut" | aggregate) "-" aggregate ")"
    aggregate = measure "(" [of ["over" rows] | rows] ["where" condition {"and" condition}]
                ["in" span] ")"
    of        = field | "measure" word | aggregate
    condition = (field | aggregate) ("in" | "not in" | "means" | sign | "is") ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from math import isinf
from typing import Literal, TypeVar, get_args

from segmentry.domain.formula import (
    LABELS,
    MEASURE,
    SIGNS,
    Aggregate,
    Condition,
    Constant,
    Days,
    Field,
    Formula,
    Function,
    Larger,
    Measure,
    Operation,
    Operator,
    Over,
    Reached,
    Where,
    Words,
)
from segmentry.domain.formularules import (
    EVENT_HOLDS,
    SPANS,
    fields_of,
    why_not_aggregate,
    why_not_condition,
    why_not_inner,
    why_not_span,
)
from segmentry.domain.formulatokens import Token, Tokens, refusal
from segmentry.domain.project import MEANINGS
from segmentry.errors import nearest

_T = TypeVar("_T")

FunctionName = Literal["sqrt", "ln", "positive", "or zero"]

MEASURES = {tuple(str(m).split()): m for m in Measure} | {
    ("min",): Measure.LEAST,
    ("max",): Measure.MOST,
}
"""How measures are written, word by word."""

FUNCTIONS: dict[tuple[str, ...], FunctionName] = {
    tuple(name.split()): name for name in get_args(FunctionName)
}
MEAN, LARGER, DAYS, REACHED = ("mean",), ("larger",), ("days",), ("steps", "in", "order")
CALLS = (*MEASURES, MEAN, *FUNCTIONS, LARGER, DAYS, REACHED)

ALIASES = {"order": "order_id", "session": "session_id"}
"""Fields that a source's ``columns`` call otherwise."""

DEEPEST = 40
"""Brackets inside brackets."""

MOST_SIGNS = 150
"""Signs of arithmetic, and every 'if', in one formula."""

_COMPARED: dict[tuple[str, ...], Operator] = {
    **{(sign,): operator for sign, operator in SIGNS.items()},
    **{tuple(operator.split()): operator for operator in SIGNS.values()},
}
_PLAIN: dict[tuple[str, ...], Operator] = {
    ("is", "known"): "not in",
    ("is", "that", "before"): "repeats",
}
_AMONG: dict[tuple[str, ...], Operator] = {
    ("means",): "means",
    ("not", "in"): "not in",
    ("!=",): "not in",
    ("in",): "in",
    ("=",): "in",
    ("is",): "in",
}
"""What may be asked of a field: about a number, about itself, about values."""
_INSTANTS = {Measure.FIRST, Measure.LAST}


def read_formula(text: str) -> Formula | Words:
    """Read the text of a formula, the way formulas print.

    Parameters
    ----------
    text : str
        ``count(events where hour < 5) / count(events)``, say.

    Returns
    -------
    Formula or Words
        One that can be computed by every engine from events that have the fields it needs.

    Raises
    ------
    ProjectFileError
        E1010, with the character at which reading ends.

    Examples
    --------
    >>> str(read_formula("mean(amount where amount>0)/2"))
    'sum(amount where amount > 0) / count(amount where amount > 0) / 2'
    """
    tokens = Tokens.of(text)
    reader = _Reader(tokens)
    found = reader.words() if reader.are_words() else reader.piece()
    tokens.expect_end()
    return found


@dataclass
class _Reader:
    """Reads one text from left to right; each method reads one rule of the grammar."""

    tokens: Tokens
    depth: int = field(default=0)
    n_signs: int = field(default=0)

    def are_words(self) -> bool:
        """Say whether the text tells a word for each entity, not a number."""
        return self.tokens.now.is_value and self.tokens.ahead(1).says("if")

    def words(self) -> Words:
        """Read a word for each case, and for all others."""
        cases = []
        while not self.tokens.take("else"):
            word = self._word("a word for this case, or 'else',")
            self.tokens.expect("if", "a word with a blank in it stands in quotes")
            tests = [self._test()]
            while self.tokens.take("and"):
                tests.append(self._test())
            self.tokens.expect(";")
            cases.append((tuple(tests), word))
        return Words(tuple(cases), self._word("a word for all other entities"))

    def _test(self) -> tuple[Formula, bool, float]:
        told, sign = self._sum(), self.tokens.now
        if not (self.tokens.take(">") or self.tokens.take("<=")):
            raise refusal(self.tokens, "a case is told by > or <=")
        return told, sign.text == ">", self._number()

    def _word(self, what: str) -> str:
        token = self.tokens.now
        if not token.is_value:
            raise refusal(self.tokens, f"{what} is expected")
        self.tokens.advance()
        return token.value

    def piece(self) -> Formula:
        """Read a number for each entity, and where there is one."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise refusal(self.tokens, f"more than {DEEPEST} brackets stand inside each other")
        found = self._sum()
        while self.tokens.take("if"):
            self._count_sign()
            given = self._sum()
            if not self.tokens.take(">="):
                raise refusal(self.tokens, "a formula holds 'if' another is >= a number")
            found = Where(found, given, self._number())
        self.depth -= 1
        return found

    def _sum(self) -> Formula:
        return self._chain(("+", "-"), lambda: self._chain(("*", "/"), self._atom))

    def _chain(self, signs: tuple[str, ...], part: Callable[[], Formula]) -> Formula:
        found = part()
        while (sign := self.tokens.now.text) in signs and self.tokens.now.kind == "sign":
            self._count_sign()
            self.tokens.advance()
            found = Operation(sign, found, part())  # type: ignore[arg-type]
        return found

    def _count_sign(self) -> None:
        self.n_signs += 1
        if self.n_signs > MOST_SIGNS:
            raise refusal(self.tokens, f"a formula has no more than {MOST_SIGNS} signs")

    def _atom(self) -> Formula:
        if self.tokens.take("("):
            found = self.piece()
            self.tokens.expect(")")
            return found
        if self.tokens.now.kind == "number" or self.tokens.now.says("-"):
            return Constant(self._number())
        return self._call()

    def _number(self) -> float:
        is_negative = self.tokens.take("-")
        if self.tokens.now.kind != "number":
            raise refusal(self.tokens, "a number is expected")
        number = float(self.tokens.now.text)
        if isinf(number):
            raise refusal(self.tokens, "the number is too large")
        self.tokens.advance()
        return -number if is_negative else number

    def _call(self) -> Formula:
        at = self.tokens.now
        name = self._name()
        if name in FUNCTIONS:
            return Function(FUNCTIONS[name], self._inside(self.piece))
        if name == DAYS:
            return self._inside(self._days)
        if name == LARGER:
            return self._inside(self._larger)
        if name == REACHED:
            return self._inside(self._reached)
        if name == MEAN:
            return self._mean(at)
        found = self._aggregate(MEASURES[name], at)
        if found.measure in _INSTANTS:
            hint = f"days(cut - {found}) are the days from then to the cut"
            raise refusal(self.tokens, f"{found} is an instant, not a number", at, hint)
        return found

    def _name(self) -> tuple[str, ...]:
        """Read the name of a measure or a function, which may be several words."""
        at = self.tokens.now
        for name in sorted(CALLS, key=len, reverse=True):
            if self.tokens.takes((*name, "(")):
                return name
        if at.kind != "word":
            raise refusal(self.tokens, "a number, a measure or a function is expected")
        if at.text in EVENT_HOLDS or at.text in ALIASES:
            hint = f"say what is made of its events, such as count({at.text})"
            raise refusal(self.tokens, f"the field {at.text!r} stands alone", at, hint)
        if any(name[0] == at.text for name in CALLS):
            raise refusal(self.tokens, f"a bracket is expected after {at.text!r}", at)
        known = [" ".join(name) for name in CALLS]
        what = f"{at.text!r} is no measure and no function"
        raise refusal(self.tokens, what, at, nearest(at.text, known))

    def _inside(self, read: Callable[[], _T]) -> _T:
        found = read()
        self.tokens.expect(")")
        return found

    def _larger(self) -> Larger:
        a = self.piece()
        self.tokens.expect(",")
        return Larger(a, self.piece())

    def _days(self) -> Days:
        until = None if self.tokens.take("cut") else self._instant()
        self.tokens.expect("-")
        return Days(self._instant(), until)

    def _reached(self) -> Reached:
        steps = [self._instant()]
        while self.tokens.take(","):
            steps.append(self._instant())
        return Reached(tuple(steps))

    def _instant(self) -> Aggregate:
        at, name = self.tokens.now, self._name()
        if MEASURES.get(name) not in _INSTANTS:
            hint = "such as last(events in history)"
            raise refusal(self.tokens, "'first' or 'last' is expected", at, hint)
        return self._aggregate(MEASURES[name], at)

    def _mean(self, at: Token) -> Formula:
        """Read a mean, which is a sum for each known value."""
        total = self._aggregate(Measure.SUM, at)
        if not isinstance(total.of, str) or total.over in {Over.VISITS, Over.SESSIONS}:
            hint = f"{total} / count({total.over}), say"
            raise refusal(self.tokens, f"a mean over {total.over} is not told", at, hint)
        known = Aggregate(Measure.COUNT, total.of, total.span, total.where, total.over, total.by)
        return Operation("/", total, known)

    def _aggregate(self, measure: Measure, at: Token) -> Aggregate:
        """Read what is measured, of which rows; the measure and its bracket were read."""
        self.depth += 1
        if self.depth > DEEPEST:
            raise refusal(self.tokens, f"more than {DEEPEST} brackets stand inside each other")
        of = self._of()
        over, by = Over.EVENTS, None
        if of is None or self.tokens.take("over"):
            over, by = self._rows()
        where = []
        if self.tokens.take("where"):
            where.append(self._condition(over, by))
            while self.tokens.take("and"):
                where.append(self._condition(over, by))
        span = self._span() if self.tokens.take("in") else "lookback"
        self.tokens.expect(")")
        self.depth -= 1
        found = Aggregate(measure, of, span, tuple(where), over, by)
        if why := why_not_aggregate(found):
            raise refusal(self.tokens, why, at)
        return found

    def _of(self) -> Field | Aggregate | None:
        """Read what of the rows is measured; None where rows alone are named."""
        now, after = self.tokens.now, self.tokens.ahead(1)
        if now.says(")") or (now.text in set(Over) and not after.says("over")):
            return None
        if self._is_call():
            at = self.tokens.now
            name = self._name()
            if name not in MEASURES:
                raise refusal(self.tokens, "a field or a measure is expected", at)
            return self._aggregate(MEASURES[name], at)
        return self._field(None)

    def _is_call(self) -> bool:
        return any(self.tokens.follows((*name, "(")) for name in CALLS)

    def _rows(self) -> tuple[Over, Field | None]:
        now = self.tokens.now
        if now.says(")"):
            return Over.EVENTS, None
        if now.text not in set(Over):
            raise refusal(self.tokens, "rows are expected", now, nearest(now.text, map(str, Over)))
        self.tokens.advance()
        over = Over(now.text)
        if not self.tokens.take("by"):
            return over, None
        label = self.tokens.now
        if over is not Over.STEPS or label.text not in LABELS:
            what = "steps are compared by a label" if over is Over.STEPS else "only steps have 'by'"
            raise refusal(self.tokens, what, label, nearest(label.text, LABELS))
        self.tokens.advance()
        return over, label.text

    def _field(self, over: tuple[Over, Field | None] | None) -> Field:
        """Read a field; of the rows where these are known already."""
        now = self.tokens.now
        if now.kind != "word":
            raise refusal(self.tokens, "a field is expected")
        self.tokens.advance()
        if now.says("measure"):
            return MEASURE + self._word("the name of a measured column")
        name = ALIASES.get(now.text, now.text)
        rows = [over] if over is not None else [(o, LABELS[0]) for o in Over]
        known = {f for o, by in rows for f in fields_of(o, by)}
        if name not in known:
            raise self._no_field(now, over, known)
        return name

    def _no_field(
        self, token: Token, over: tuple[Over, Field | None] | None, known: set[Field]
    ) -> Exception:
        of = f" of {over[0]}" if over is not None else ""
        hint = nearest(token.text, known | (set() if over else {str(o) for o in Over}))
        if over == (Over.STEPS, None) and token.text in LABELS:
            hint = f"steps by {token.text} have it"
        return refusal(self.tokens, f"no field{of} is called {token.text!r}", token, hint)

    def _span(self) -> str:
        token = self.tokens.now
        if why := why_not_span(token.text):
            hint = nearest(token.text, SPANS) if token.kind == "word" else "days, such as 30d"
            raise refusal(self.tokens, why, token, hint)
        self.tokens.advance()
        return token.text

    def _condition(self, over: Over, by: Field | None) -> Condition:
        at = self.tokens.now
        if self._is_call():
            name = self._name()
            if name not in MEASURES:
                raise refusal(self.tokens, "a field or a measure is expected", at)
            of: Field | Aggregate = self._aggregate(MEASURES[name], at)
            if why := why_not_inner(of, over):  # type: ignore[arg-type]
                raise refusal(self.tokens, why, at)
        else:
            of = self._field((over, by))
        found = self._asked(of, by)
        if why := why_not_condition(found, over, by):
            hint = nearest(str(found.values[0]), MEANINGS) if found.operator == "means" else None
            raise refusal(self.tokens, why, at, hint)
        if self.tokens.now.says("or"):
            hint = "words of one field follow 'in', others are counts to add"
            raise refusal(self.tokens, "conditions hold together, there is no 'or'", hint=hint)
        return found

    def _asked(self, of: Field | Aggregate, by: Field | None) -> Condition:
        for words, operator in _COMPARED.items():
            if self.tokens.takes(words):
                return Condition(of, operator, bound=self._number())
        for words, operator in _PLAIN.items():
            if self.tokens.takes(words):
                return Condition(of, operator)
        for words, operator in _AMONG.items():
            if self.tokens.takes(words):
                return Condition(of, operator, self._values_of(of, by))
        hint = "such as > 0, in a, b, not in a, is known"
        raise refusal(self.tokens, "what is asked of it is expected", hint=hint)

    def _values_of(self, of: Field | Aggregate, by: Field | None) -> tuple[str | int, ...]:
        """Read values; those of a label are words, even where they are written in digits."""
        values = self._values()
        is_label = of in LABELS or (of == "before" and by is not None)
        return tuple(str(v) for v in values) if is_label else values

    def _values(self) -> tuple[str | int, ...]:
        has_bracket = self.tokens.take("(")
        values = [self._value()]
        while self.tokens.take(","):
            values.append(self._value())
        if has_bracket:
            self.tokens.expect(")")
        return tuple(values)

    def _value(self) -> str | int:
        if self.tokens.now.is_value:
            return self._word("a word")
        at, number = self.tokens.now, self._number()
        if not number.is_integer():
            raise refusal(self.tokens, "a list holds words or whole numbers", at)
        return int(number)
