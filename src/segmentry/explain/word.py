"""Columns, levels and numbers as people read them.

What lives here: turning a column's name into words, and a figure into text. What does not: what
the words mean (``pack.py``) and phrases made of them (``trait.py``, ``name.py``).
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache

FILLERS = frozenset({
    "a", "an", "the", "of", "per", "in", "on", "at", "to", "for", "by", "and", "or", "avg",
    "average", "mean", "median", "sum", "count", "number", "num", "nr", "no", "qty", "cnt", "pct",
    "percent", "percentage", "value", "values", "total", "is", "has", "flag", "amt", "mnt", "col",
    "column", "var", "x", "kb", "mb", "gb", "tb", "usd", "eur", "gbp",
})  # fmt: skip
"""Words that say how a thing was measured, not what it is."""

MACHINE_WORDS = frozenset({"cluster", "clusters", "segment", "segments", "group", "unnamed"})
"""Words of somebody's earlier segmentation, which would make a name such as "Cluster 3"."""

COUNTED = re.compile(r"^n (?=[^\W\d])")
"""Begins the name of a number of things, as in ``n_purchases``."""

UNNAMED = "Unnamed"

SMALL = frozenset({
    "a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "per", "the", "to", "with",
})  # fmt: skip
LONGEST_WORD = 18


@lru_cache(maxsize=16_384)
def tokens(name: str) -> str:
    """Write a column's name in lower case with single blanks: ``MonthlyCharges`` reads alike.

    Examples
    --------
    >>> tokens("ProductRelated_Duration"), tokens("ONEOFF_PURCHASES"), tokens("days-since 1st")
    ('product related duration', 'oneoff purchases', 'days since 1st')
    """
    text = unicodedata.normalize("NFKC", name)
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text)
    text = re.sub(r"(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    return " ".join(re.sub(r"[\W_]+", " ", text).lower().split())


def title(text: str) -> str:
    """Write words as in a headline, keeping short capitals such as DSL.

    Examples
    --------
    >>> title("bank transfer"), title("DSL"), title("month-to-month")
    ('Bank Transfer', 'DSL', 'Month-to-Month')
    """
    return " ".join(_title_word(word, first=i == 0) for i, word in enumerate(text.split()))


def _title_word(word: str, *, first: bool) -> str:
    if "-" in word:
        parts = [_title_word(part, first=i == 0) for i, part in enumerate(word.split("-"))]
        return "-".join(parts)
    if word.isupper() and len(word) <= 4:
        return word
    if word.lower() in SMALL and not first:
        return word.lower()
    return word[:1].upper() + word[1:].lower()


def label(name: str, *, n_words: int = 2) -> str:
    """Say what a column is about, in at most ``n_words`` words fit for a name.

    Examples
    --------
    >>> label("Detergents_Paper"), label("avg_shipping_cost_per_order"), label("\U0001f642")
    ('Detergents Paper', 'Shipping Cost', 'Unnamed')
    >>> label("n_purchases"), label("n")
    ('Purchases', 'N')
    """
    words = [w for w in COUNTED.sub("", tokens(name)).split() if w not in MACHINE_WORDS]
    telling = [w for w in words if w not in FILLERS] or words
    if not any(letter.isalpha() for word in telling for letter in word):
        return UNNAMED
    return title(" ".join(w[:LONGEST_WORD] for w in telling[:n_words]))


def phrase(name: str) -> str:
    """Say a column's name in a sentence, at most six words of it.

    Examples
    --------
    >>> phrase("n_events_30d"), phrase("n_refunds_recent")
    ('number of events in the last 30 days', 'number of recent refunds')
    """
    text = " ".join(w[:LONGEST_WORD] for w in tokens(name).split()[:6])
    return _spoken(COUNTED.sub("number of ", text)) or "an unnamed column"


def things(name: str) -> str:
    """Say what a column of yes and no is about: of a number of things, that there are any.

    Examples
    --------
    >>> things("n_refunds"), things("Partner")
    ('with any refunds', 'partner')
    """
    text = " ".join(w[:LONGEST_WORD] for w in tokens(name).split()[:6])
    return _spoken(COUNTED.sub("with any ", text)) or "an unnamed column"


def _spoken(text: str) -> str:
    """Say the window of a feature as people do."""
    text = re.sub(r"^((?:number of|with any) )(.+) recent$", r"\1recent \2", text)
    text = re.sub(r" (\d+) (\d+)d$", r" \1.\2d", text)
    return re.sub(r" ([\d.]+)d$", r" in the last \1 days", text)


def level_label(text: str, *, n_words: int = 3) -> str:
    """Say a category's level in words fit for a name; empty where it has none.

    Examples
    --------
    >>> level_label("Credit card (automatic)"), level_label("Month-to-month"), level_label("3")
    ('Credit Card', 'Month-to-Month', '3')
    """
    plain = unicodedata.normalize("NFKC", re.sub(r"\([^)]*\)", " ", text))
    words = re.sub(r"[^\w\-]+|_+", " ", plain).split()
    kept = [w.strip("-")[:LONGEST_WORD] for w in words if w.strip("-")]
    return title(" ".join(kept[:n_words]))


def figure(value: float) -> str:
    """Write a number with about three digits that matter.

    Examples
    --------
    >>> [figure(v) for v in (0.0, 0.0123, 0.5, 4.04, 12.6, 1234.5, -3.0)]
    ['0', '0.012', '0.5', '4', '13', '1,234', '-3']
    """
    size = abs(value)
    if size >= 10:
        return f"{value:,.0f}"
    if size >= 1:
        return f"{value:.1f}".removesuffix(".0")
    if value == 0:
        return "0"
    digits = min(6, 1 - math.floor(math.log10(size)))
    return f"{value:.{digits}f}".rstrip("0").rstrip(".") or "0"


def sentence(text: str) -> str:
    """Make a phrase a sentence: a capital in front, a full stop behind."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "!", "?")) else ".")


def plural_noun(entity: str | None) -> str | None:
    """Say who is clustered, where the entity's name tells it; None where it does not.

    Examples
    --------
    >>> plural_noun("CustomerID"), plural_noun("session_id"), plural_noun("row_number")
    ('Customers', 'Sessions', None)
    """
    for word in tokens(entity or "").split():
        for known, noun in NOUNS.items():
            if word in (known, known + "s", known + "id"):
                return noun
    return None


def singular(noun: str) -> str:
    """Undo the plural of a noun in ``NOUNS`` or of a pack.

    Examples
    --------
    >>> singular("Companies"), singular("Customers"), singular("People")
    ('Company', 'Customer', 'Person')
    """
    if noun == "People":
        return "Person"
    return noun[:-3] + "y" if noun.endswith("ies") else noun.removesuffix("s")


NOUNS = {
    "customer": "Customers", "cust": "Customers", "client": "Clients", "buyer": "Buyers",
    "shopper": "Shoppers", "guest": "Guests", "user": "Users", "account": "Accounts",
    "subscriber": "Subscribers", "member": "Members", "visitor": "Visitors",
    "session": "Sessions", "viewer": "Viewers", "listener": "Listeners", "reader": "Readers",
    "player": "Players", "household": "Households", "company": "Companies",
    "organization": "Organisations", "organisation": "Organisations", "workspace": "Workspaces",
    "tenant": "Tenants", "team": "Teams", "store": "Stores", "shop": "Shops",
    "supplier": "Suppliers", "seller": "Sellers", "merchant": "Merchants", "driver": "Drivers",
    "patient": "Patients", "student": "Students", "employee": "Employees", "donor": "Donors",
    "traveller": "Travellers", "passenger": "Passengers", "device": "Devices",
    "cardholder": "Cardholders", "card": "Cards", "borrower": "Borrowers", "policy": "Policies",
    "product": "Products", "person": "People", "contact": "Contacts", "lead": "Leads",
    "visit": "Visits", "order": "Orders", "trip": "Trips", "text": "Texts", "query": "Queries",
    "question": "Questions", "ticket": "Tickets", "review": "Reviews", "message": "Messages",
    "comment": "Comments", "vendor": "Vendors", "dealer": "Dealers", "partner": "Partners",
    "subscription": "Subscriptions",
}  # fmt: skip
"""Entities that a name may speak of; anything else falls to the pack's noun."""
