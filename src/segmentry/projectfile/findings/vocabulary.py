"""Words by which dirt shows: general ones, never the names of a data set."""

from __future__ import annotations

NOBODY = frozenset(
    {
        *("unknown", "guest", "anonymous", "anon", "none", "null", "undefined", "missing"),
        *("not set", "(not set)", "not available", "nobody", "no customer", "unregistered"),
        *("n/a", "na", "nan", "nil", "-", "--", "?", "unassigned", "no user", "not logged in"),
    }
)
"""What systems write where an entity should stand."""

UNKNOWN = frozenset(
    {
        *("?", "unknown", "n/a", "na", "nan", "null", "nil", "undefined", "missing", "-", "--"),
        *("not set", "(not set)", "not available", "unspecified", "not specified", "tbd", "none"),
        *("not known", "no data", "#n/a", "#ref!", "#value!"),
    }
)
"""What stands in a category where nothing is known."""

OURS = frozenset(
    {"test", "tester", "testing", "demo", "internal", "qa", "dummy", "sandbox", "staging", "bot"}
)
"""Words in the names of accounts that no customer has."""

RESERVED_DOMAINS = (
    "example.com", "example.org", "example.net", "test.com", "[a-z0-9.-]+.test", "localhost",
)  # fmt: skip
"""Domains that cannot receive mail (RFC 2606), and what people type instead of their own."""

SERVICES = frozenset(
    {
        *("post", "postage", "shipping", "delivery", "carriage", "freight", "handling", "dotcom"),
        *("manual", "adjust", "adjustment", "bank", "charge", "charges", "fee", "fees", "discount"),
        *("voucher", "giftcard", "commission", "debt", "refund", "surcharge", "deposit", "tip"),
        *("sample", "samples", "test", "correction", "rounding", "tax", "vat", "insurance"),
        *("amazonfee", "credit", "donation", "bankcharges"),
    }
)
"""Words of lines on a bill that are no product."""
