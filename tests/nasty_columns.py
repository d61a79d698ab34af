"""Columns as people write them: texts, the type and values that should come out, what is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reading import wall

NBSP, NARROW, MINUS = "\u00a0", "\u202f", "\u2212"


@dataclass(frozen=True)
class Nasty:
    """A column of texts, and what should come out of it."""

    name: str
    texts: tuple[str, ...]
    type: str
    values: tuple[Any, ...]
    told: str = ""
    """Words that a finding about the column must hold; empty where nothing is to be told."""
    beside: tuple[str, ...] = ()
    """Another column of the same file, whose numbers tell how people there write decimals."""


def _n(name: str, texts: str, values: tuple[Any, ...], told: str = "", **facts: Any) -> Nasty:
    return Nasty(name, tuple(texts.split("|")), "float64", values, told, **facts)


NUMBERS = (
    Nasty("whole", ("1", "2", "+3", "-4"), "int64", (1, 2, 3, -4)),
    Nasty("whole with a point", ("1.0", "2.", "3"), "int64", (1, 2, 3)),
    _n("plain", "1.5|2|.5|1e3|1.5E-3", (1.5, 2.0, 0.5, 1000.0, 0.0015)),
    _n("decimal comma", "1,5|2,25|300", (1.5, 2.25, 300.0), "written like 1.234,5"),
    _n("power with a decimal comma", "1,5E+03|2,5", (1500.0, 2.5), "1.234,5"),
    _n("commas in groups", "1,234.56|12|1,234,567", (1234.56, 12.0, 1234567.0), "1,234.5"),
    _n("points in groups", "1.234,56|12|1.234.567", (1234.56, 12.0, 1234567.0), "1.234,5"),
    _n("blanks in groups", f"1{NBSP}234,56|1 234|12,5", (1234.56, 1234.0, 12.5), "1.234,5"),
    _n("narrow blanks", f"1{NARROW}234.56|12.5", (1234.56, 12.5), "1,234.5"),
    _n("apostrophes", "1'234.50|12.5|1\u2019000", (1234.5, 12.5, 1000.0), "1,234.5"),
    _n("Indian groups", "1,23,456.78|12,34,567|5", (123456.78, 1234567.0, 5.0), "1,234.5"),
    _n("a comma settled by a short rest", "1,234|12,5|7,25", (1.234, 12.5, 7.25), "1.234,5"),
    _n("a comma settled by a point", "1,234|2,345.5", (1234.0, 2345.5), "1,234.5"),
    _n("a comma settled by a nought", "1,234|0,567", (1.234, 0.567), "1.234,5"),
    _n("a comma that nothing settles", "1,234|2,500", (1234.0, 2500.0), "could all be read"),
    _n(
        "a comma settled by another column", "1,234|2,500", (1.234, 2.5), "could all be read",
        beside=("0,5", "1,75"),
    ),
    _n(
        "a point settled by another column", "1.234|2.500", (1234.0, 2500.0), "could all be read",
        beside=("0,5", "1,75"),
    ),
    _n("a point where points are decimals", "1.234|2.500", (1.234, 2.5), beside=("0.5", "1.75")),
    _n("dollars", "$1,234.50|$5|$.75", (1234.5, 5.0, 0.75), "1,234.5"),
    _n("euros behind", "1.234,50 €|5 €|0,75€", (1234.5, 5.0, 0.75), "1.234,5"),
    _n("pounds below nought", "-£5.25|£-6|£7", (-5.25, -6.0, 7.0), "1,234.5"),
    _n("codes", "USD 12|USD 1,250.75", (12.0, 1250.75), "1,234.5"),
    _n("codes behind", "12 EUR|7,5 EUR", (12.0, 7.5), "1.234,5"),
    _n("crowns", "12 kr|1 250 kr|7,50 kr.", (12.0, 1250.0, 7.5), "1.234,5"),
    _n("rupees", "Rs.12|Rs. 1,00,000|₹5", (12.0, 100000.0, 5.0), "1,234.5"),
    _n("reals", "R$ 1.234,50|R$ 7,00", (1234.5, 7.0), "1.234,5"),
    _n("francs with a dash", "CHF 5.-|CHF 7.50", (5.0, 7.5), "1,234.5"),
    _n("several currencies", "$5|€6|€7.5", (5.0, 6.0, 7.5), "several currencies"),
    _n("percent", "12.5 %|7%|0%", (0.125, 0.07, 0.0), "12.5 % is read as 0.125"),
    _n("percent with a comma", "12,5 %|7%", (0.125, 0.07), "12.5 % is read as 0.125"),
    _n("book-keepers' brackets", "(12.50)|7.25|($1,000.00)", (-12.5, 7.25, -1000.0), "(12.50)"),
    _n("a minus behind", "12.50-|7.25", (-12.5, 7.25), "1,234.5"),
    _n("a long minus", f"{MINUS}12.5|7.25", (-12.5, 7.25), "1,234.5"),
    _n("marks for nothing", "1.5|?|-|2.5|N/A", (1.5, None, None, 2.5, None), "as missing"),
    Nasty("an error of Excel", ("1", "#DIV/0!", "2"), "int64", (1, None, 2), "as missing"),
    Nasty("null of MySQL", ("1", "\\N", "2"), "int64", (1, None, 2)),
    Nasty("null of pandas", ("1", "<NA>", "2"), "int64", (1, None, 2)),
    Nasty("codes that begin with noughts", ("00123", "04567"), "string", ("00123", "04567")),
    Nasty(
        "telephone numbers", ("555 123 456", "555 123 789"), "string",
        ("555 123 456", "555 123 789"),
    ),
    Nasty("amounts of things", ("12 kg", "7 kg"), "string", ("12 kg", "7 kg")),
    Nasty("versions", ("1.2.3", "1.2.4"), "string", ("1.2.3", "1.2.4")),
    Nasty("ranges", ("1-5", "6-10"), "string", ("1-5", "6-10")),
    Nasty("none as a word", ("none", "gold", "none"), "string", ("none", "gold", "none")),
    Nasty("yes and no", ("Yes", "no", ""), "bool", (True, False, None)),
)  # fmt: skip


def _t(name: str, texts: str, values: tuple[Any, ...], told: str = "") -> Nasty:
    return Nasty(name, tuple(texts.split("|")), "timestamp", values, told)


D1, D2 = wall("2023-01-13"), wall("2023-02-05")
T1, T2 = wall("2023-01-13 14:05:00"), wall("2023-02-05 09:30:15")


def _utc(text: str) -> datetime:
    return wall(text).replace(tzinfo=UTC)


DATES = (
    _t("ISO 8601", "2023-01-13|2023-02-05", (D1, D2)),
    _t("ISO 8601 with slashes", "2023/1/13|2023/2/5", (D1, D2)),
    _t("ISO 8601 with a time", "2023-01-13T14:05:00|2023-02-05T09:30:15", (T1, T2)),
    _t("ISO 8601 with half days", "2023-01-13 02:05:00 PM|2023-02-05 09:30:15 AM", (T1, T2)),
    _t("ISO 8601 with a zone", "2023-01-13T14:05:00Z|2023-02-05T09:30:15+01:00",
       (_utc("2023-01-13 14:05:00"), _utc("2023-02-05 08:30:15"))),
    _t("an offset behind a blank", "2023-01-13 14:05:00 +0200|2023-02-05 09:30:15 +0200",
       (_utc("2023-01-13 12:05:00"), _utc("2023-02-05 07:30:15"))),
    _t("a zone behind another format", "13.01.2023 14:05:00 +02:00|05.02.2023 09:30:15 +02:00",
       (_utc("2023-01-13 12:05:00"), _utc("2023-02-05 07:30:15"))),
    _t("fractions", "2023-01-13 14:05:00.277Z", (_utc("2023-01-13 14:05:00.277"),)),
    _t("day first", "13/01/2023|05/02/2023", (D1, D2)),
    _t("month first", "01/13/2023|02/05/2023", (D1, D2)),
    _t("either", "03/04/2023|02/05/2023", (wall("2023-03-04"), D2), "%d/%m/%Y too"),
    _t("dots", "13.1.2023|5.2.2023", (D1, D2)),
    _t("dashes", "13-01-2023|05-02-2023", (D1, D2)),
    _t("years of two digits", "13/01/23|05/02/23", (D1, D2)),
    _t("years of two digits, month first", "01/13/23|02/05/23", (D1, D2)),
    _t("month names", "Jan 13, 2023|Feb 5, 2023", (D1, D2)),
    _t("long month names", "January 13, 2023|February 5, 2023", (D1, D2)),
    _t("day and month name", "13-Jan-23|5-Feb-23", (D1, D2)),
    _t("day and long month name", "13 January 2023|5 February 2023", (D1, D2)),
    _t("day, slashes, month name", "13/Jan/2023|05/Feb/2023", (D1, D2)),
    _t("weekdays", "Fri, 13 Jan 2023|Sun, 5 Feb 2023", (D1, D2)),
    _t("mail", "Fri, 13 Jan 2023 14:05:00 GMT|Sun, 05 Feb 2023 09:30:15 GMT",
       (_utc("2023-01-13 14:05:00"), _utc("2023-02-05 09:30:15"))),
    _t("a date of C", "Fri Jan 13 14:05:00 2023|Sun Feb 05 09:30:15 2023", (T1, T2)),
    _t("a web server's", "13/Jan/2023:14:05:00 +0000|05/Feb/2023:09:30:15 +0000",
       (_utc("2023-01-13 14:05:00"), _utc("2023-02-05 09:30:15"))),
    _t("half days", "1/13/2023 2:05 PM|2/5/2023 9:30 AM", (T1, T2.replace(second=0))),
    _t("half days in one", "1/13/2023 2:05:00PM|2/5/2023 9:30:15AM", (T1, T2)),
    _t("a comma before the time", "13/01/2023, 14:05:00|05/02/2023, 09:30:15", (T1, T2)),
    _t("a mix", "2023-01-13|2023-02-05|13/01/2023|5 Feb 2023", (D1, D2, D1, D2), "3 ways"),
    _t("a mix with doubts", "2023-01-13|2023-02-05|04/03/2023",
       (D1, D2, wall("2023-04-03")), "could be read as %d/%m/%Y too"),
    _t("contradictions", "13/01/2023|14/01/2023|02/05/2023|01/13/2023",
       (D1, wall("2023-01-14"), wall("2023-05-02"), D1), "can only be read as %m/%d/%Y"),
    _t("nought dates of MySQL", "2023-01-13|0000-00-00|2023-02-05", (D1, None, D2), "missing"),
    Nasty("times alone", ("14:05", "09:30"), "string", ("14:05", "09:30")),
    Nasty("months", ("2023-01", "2023-02"), "string", ("2023-01", "2023-02")),
)  # fmt: skip

TIMES = (
    _t("days without signs", "20230113|20230205", (D1, D2)),
    _t("days as fractions", "20230113.0|20230205.0", (D1, D2)),
    _t("seconds without signs", "20230113140500|20230205093015", (T1, T2)),
    _t("months without signs", "202301|202302", (wall("2023-01-01"), wall("2023-02-01"))),
    _t("months", "2023-01|2023-02", (wall("2023-01-01"), wall("2023-02-01"))),
    _t("months by name", "Jan 2023|Feb 2023", (wall("2023-01-01"), wall("2023-02-01"))),
    _t("weeks", "2023-W02|2023-W05", (wall("2023-01-09"), wall("2023-01-30"))),
    _t("seconds", "1673618700|1675589415", (T1.replace(tzinfo=UTC), T2.replace(tzinfo=UTC)),
       "seconds since 1970"),
    _t("seconds and fractions", "1673618700.5|1675589415.0",
       (_utc("2023-01-13 14:05:00.5"), T2.replace(tzinfo=UTC)), "seconds since 1970"),
    _t("milliseconds", "1673618700000|1675589415000",
       (T1.replace(tzinfo=UTC), T2.replace(tzinfo=UTC)), "milliseconds since 1970"),
    _t("microseconds", "1673618700000000|1675589415000000",
       (T1.replace(tzinfo=UTC), T2.replace(tzinfo=UTC)), "microseconds since 1970"),
    _t("nanoseconds", "1673618700000000000|1675589415000000000",
       (T1.replace(tzinfo=UTC), T2.replace(tzinfo=UTC)), "nanoseconds since 1970"),
    _t("days of a spreadsheet", "44939.586805555555|44962", (T1, D2), "days since 1900"),
)  # fmt: skip
"""Columns that are only read as times where the project says that they are."""
