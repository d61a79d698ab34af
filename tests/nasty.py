"""Small files as people have them, each the same thirty rows in another dress.

Every file holds the columns ``id``, ``at``, ``amount`` and ``city``; whatever it looks like, the
rows of ``ROWS`` should come out of it. ``FILES`` makes them, one by one, into a folder.
"""

from __future__ import annotations

import bz2
import csv
import gzip
import io
import json
import lzma
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.feather as feather
import pyarrow.parquet as pq

from reading import wall

CITIES = ("Köln", "São Paulo, SP", 'the "Hague"', "Bonn; am Rhein", "Oslo")
NAMES = ("id", "at", "amount", "city")

Row = tuple[int, datetime, float, str]

ROWS: tuple[Row, ...] = tuple(
    (i % 7 + 1, wall("2023-01-05") + timedelta(days=5 * i), i * 1.25 + 0.5, CITIES[i % 5])
    for i in range(30)
)
"""What should come out, in this order."""

Make = Callable[[Path], Path]


@dataclass(frozen=True)
class Nasty:
    """A file, and what is told of it in the audit."""

    name: str
    make: Make
    told: str = ""
    """A word that a finding about how the file was read must hold."""
    cities: tuple[str, ...] = CITIES
    """The cities, where the format cannot hold all signs of them."""
    leaves_out: tuple[str, ...] = ()
    """Columns that the file has and that should not come out."""


def texts(rows: Sequence[Row] = ROWS) -> list[list[str]]:
    """Write the rows as plain texts."""
    return [[str(i), f"{at:%Y-%m-%d}", f"{amount:.2f}", city] for i, at, amount, city in rows]


def lines(
    delimiter: str = ",",
    *,
    header: Sequence[str] | None = NAMES,
    end: str = "\n",
    quoting: int = csv.QUOTE_MINIMAL,
    quote: str = '"',
    rows: Sequence[Sequence[str]] | None = None,
    escape: str | None = None,
) -> str:
    """Write the table as delimited text."""
    out = io.StringIO(newline="")
    writer = csv.writer(
        out, delimiter=delimiter, lineterminator=end, quoting=quoting, quotechar=quote,
        doublequote=escape is None, escapechar=escape,
    )  # fmt: skip
    if header:
        writer.writerow(header)
    writer.writerows(texts() if rows is None else rows)
    return out.getvalue()


def text(name: str, content: str | bytes, encoding: str = "utf-8") -> Make:
    """Make a file of a text."""

    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        return path

    return make


def plain(delimiter: str = ",", **facts: Any) -> str:
    """Write the table with cities that need no quotes."""
    return lines(delimiter, rows=[[*row[:3], row[3].strip('"')] for row in simple()], **facts)


SIMPLE = ("Koeln", "SaoPaulo", "Hague", "Bonn", "Oslo")


def simple() -> list[list[str]]:
    """Write the rows with cities of plain letters."""
    return [[*row[:3], SIMPLE[i % 5]] for i, row in enumerate(texts())]


def padded(*, header: bool = True, lead: str = " ") -> str:
    """Write the table in columns held apart by blanks."""
    rows = [list(NAMES), *simple()] if header else simple()
    return "".join(f"{lead}{a:>3}  {b:<12}{c:>9}   {d}\n" for a, b, c, d in rows)


def fixed() -> str:
    """Write the table at fixed places, with cities of two words and gaps."""
    rows = [list(NAMES), *([*r[:3], f"{r[3]} am See"] for r in simple())]
    return "".join(f"{a:<4}{b:<11}{c:>7} {d:<16}\n" for a, b, c, d in rows)


def with_footer(*last: str) -> str:
    """Write the table with lines below it."""
    return lines() + "".join(f"{line}\n" for line in last)


def workbook(name: str, *, above: int = 0, merged: bool = False, others: bool = False) -> Make:
    """Make a workbook with typed cells."""

    def make(folder: Path) -> Path:
        import openpyxl

        book = openpyxl.Workbook()
        sheet = book.active
        if others:
            sheet.append(["about", "this file"])
            sheet = book.create_sheet("Orders")
        for i in range(above):
            sheet.append([f"Report, part {i + 1}"])
        if merged:
            sheet.append(["Sales of the year"])
            sheet.merge_cells("A1:D1")
            sheet.append([])
        sheet.append(NAMES)
        for row in ROWS:
            sheet.append(row)
        path = folder / name
        book.save(path)
        return path

    return make


def packed(ending: str, pack: Callable[[bytes], bytes]) -> Make:
    """Make a packed file."""
    return text(f"a.csv{ending}", pack(lines().encode()))


def zipped(name: str, inner: str, beside: str | None = None) -> Make:
    """Make a zip archive."""

    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / name, "w") as archive:
            archive.writestr(inner, lines())
            if beside:
                archive.writestr(beside, "nothing")
        return folder / name

    return make


def records() -> list[dict[str, Any]]:
    """Give the rows as JSON has them."""
    return [dict(zip(NAMES, row, strict=True)) for row in texts()]


def nested() -> list[dict[str, Any]]:
    """Give the rows with a part of them inside an object."""
    return [
        {"id": int(r["id"]), "at": r["at"], "sale": {"amount": float(r["amount"])},
         "city": r["city"]}
        for r in records()
    ]  # fmt: skip


def arrow(kind: str) -> Make:
    """Make a file that knows types."""

    def make(folder: Path) -> Path:
        columns = dict(zip(NAMES, map(list, zip(*ROWS, strict=True)), strict=True))
        table = pa.table(columns)
        path = folder / f"a.{kind}"
        if kind == "parquet":
            table = table.set_column(3, "city", table["city"].dictionary_encode())
            pq.write_table(table.set_column(2, "amount", table["amount"].cast(pa.float32())), path)
        else:
            feather.write_feather(table, path)
        return path

    return make


def parts(folder: Path) -> Path:
    """Make a folder of files: one without a header, one with other order and letter case."""
    rows = texts()
    where = folder / "parts"
    where.mkdir()
    (where / "a.csv").write_text(lines(rows=rows[:10]))
    (where / "b.csv").write_text(lines(rows=rows[10:20], header=None))
    turned = [[r[3], r[0], r[2], r[1]] for r in rows[20:]]
    (where / "c.csv").write_text(lines(rows=turned, header=("City", "ID", "Amount", "At")))
    return where


def _files() -> Iterator[Nasty]:
    for name, sign in (
        ("comma", ","), ("semicolon", ";"), ("tab", "\t"), ("bar", "|"), ("caret", "^"),
        ("tilde", "~"), ("control a", "\x01"), ("broken bar", "\u00a6"),
        ("hash", "#"), ("dollar", "$"), ("two colons", "::"), ("two bars", "||"),
    ):  # fmt: skip
        whole = lines("\x1f").replace("\x1f", sign) if len(sign) > 1 else lines(sign)
        yield Nasty(f"parted by {name}", text("a.csv", whole))
    yield Nasty("parted by colon", text("a.txt", plain(":")), cities=SIMPLE)
    yield Nasty("blanks", text("a.txt", padded()), "runs of blanks", cities=SIMPLE)
    yield Nasty("blanks without margin", text("a.txt", padded(lead="")), cities=SIMPLE)
    yield Nasty("fixed places", text("a.txt", fixed()), cities=tuple(f"{c} am See" for c in SIMPLE))
    yield Nasty("line ends of Windows", text("a.csv", lines(end="\r\n")))
    yield Nasty("line ends of old Macs", text("a.csv", plain(end="\r")), cities=SIMPLE)
    yield Nasty("no end of the last line", text("a.csv", lines().rstrip("\n")))
    yield Nasty("blank lines between", text("a.csv", plain(end="\n\n")), cities=SIMPLE)
    yield Nasty("blank lines above", text("a.csv", "\n\n\n" + lines()))
    yield Nasty("all in quotes", text("a.csv", lines(quoting=csv.QUOTE_ALL)))
    yield Nasty("single quotes", text("a.csv", lines(quote="'", quoting=csv.QUOTE_ALL)))
    yield Nasty("escaped quotes", text("a.csv", lines(quoting=csv.QUOTE_ALL, escape="\\")))
    yield Nasty(
        "tabs without quotes", text("a.tsv", lines("\t", quoting=csv.QUOTE_NONE, quote="\0"))
    )
    yield Nasty(
        "line breaks in cells",
        text("a.csv", lines(rows=[[*r[:3], r[3].replace("Oslo", "Os\nlo")] for r in texts()])),
        cities=(*CITIES[:4], "Os\nlo"),
    )
    loose = "\n".join(" , ".join(r) for r in [list(NAMES), *simple()]) + "\n"
    yield Nasty("blanks around values", text("a.csv", loose), cities=SIMPLE)
    yield from _encodings()
    yield from _above_and_below()
    yield from _columns()
    yield from _other_formats()


def _encodings() -> Iterator[Nasty]:
    for encoding, told in (
        ("utf-8-sig", ""), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"),
        ("latin-1", "latin-1"), ("cp1252", ""),
    ):  # fmt: skip
        yield Nasty(f"written in {encoding}", text("a.csv", lines(), encoding), told)
    euro = [[*r[:3], r[3].replace("Oslo", "€ Oslo")] for r in texts()]
    yield Nasty(
        "a euro of Windows", text("a.csv", lines(rows=euro), "cp1252"), "Windows-1252",
        cities=(*CITIES[:4], "€ Oslo"),
    )  # fmt: skip


def _above_and_below() -> Iterator[Nasty]:
    yield Nasty("a title", text("a.csv", "Sales of the year\n" + lines()), "1 line above")
    yield Nasty(
        "five lines above",
        text("a.csv", "Shop: Bonn\nFrom, to\n\nMade on 3 May 2023, noon\n\n" + lines()),
        "3 lines above",
    )
    yield Nasty("a title of full width", text("a.csv", "Sales,,,\n,,,\n" + lines()), "above")
    yield Nasty("comments above", text("a.csv", "# made by hand\n# twice\n" + lines()), "2 lines")
    yield Nasty("a header in a comment", text("a.csv", "# all\n#" + lines()), "1 line")
    inside = lines().splitlines(keepends=True)
    inside.insert(9, "# a break, no sales\n")
    inside.insert(20, "#\n")
    yield Nasty("comments among rows", text("a.csv", "".join(inside)), "comments")
    yield Nasty("a line that names the delimiter", text("a.csv", "sep=;\n" + lines(";")))
    yield Nasty("a line drawn under the header", text("a.txt", _drawn()), cities=SIMPLE)
    yield Nasty("a table for people", text("a.txt", _markdown()), cities=SIMPLE)
    yield Nasty("a total", text("a.csv", with_footer("Total,,564.75,")), "1 line about")
    yield Nasty("a short total", text("a.csv", with_footer("Grand total: 564.75")), "1 line about")
    yield Nasty("a count of rows", text("a.csv", with_footer("", "(30 rows affected)")), "about")
    yield Nasty(
        "a remark", text("a.csv", with_footer("", "Generated on 3 May 2023, by hand")), "about"
    )
    twice = [*texts()[:15], list(NAMES), *texts()[15:]]
    yield Nasty("a repeated header", text("a.csv", lines(rows=twice)), "1 repeated header")


def _drawn() -> str:
    rows = [list(NAMES), ["----", "----------", "------", "--------"], *simple()]
    return "".join(f"{a:<4} {b:<10} {c:<6} {d:<8}\n" for a, b, c, d in rows)


def _markdown() -> str:
    rows = [list(NAMES), ["---", ":---", "---:", "---"], *simple()]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _columns() -> Iterator[Nasty]:
    rows = texts()
    indexed = [[str(i), *row] for i, row in enumerate(rows)]
    left = "column1"
    yield Nasty(
        "the index of pandas", text("a.csv", lines(header=("", *NAMES), rows=indexed)),
        "only numbers the rows", leaves_out=(left,),
    )  # fmt: skip
    yield Nasty(
        "an unnamed index", text("a.csv", lines(header=("Unnamed: 0", *NAMES), rows=indexed)),
        "only numbers the rows", leaves_out=("Unnamed: 0",),
    )  # fmt: skip
    yield Nasty(
        "names of rows", text("a.csv", lines(rows=indexed)), "only numbers the rows",
        leaves_out=(left,),
    )  # fmt: skip
    open_ended = "".join(f"{line},\n" for line in plain().splitlines())
    yield Nasty("open ends", text("a.csv", open_ended), cities=SIMPLE, leaves_out=("column5",))
    head, rest = open_ended.split("\n", 1)
    yield Nasty("open ends but in the header", text("a.csv", f"{head[:-1]}\n{rest}"),
                cities=SIMPLE, leaves_out=("column5",))  # fmt: skip
    yield Nasty("open end of the header", text("a.csv", plain().replace("city\n", "city,,\n")),
                cities=SIMPLE)  # fmt: skip
    yield Nasty(
        "names in blanks", text("a.csv", lines(header=(" id", "at ", "\tamount", " city\u00a0")))
    )


def _other_formats() -> Iterator[Nasty]:
    for ending, pack in ((".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)):
        yield Nasty(f"packed as {ending}", packed(ending, pack))
    yield Nasty("a zip archive", zipped("a.csv.zip", "a.csv"))
    yield Nasty("a zip archive from a Mac", zipped("a.zip", "b.csv", beside="__MACOSX/._b.csv"))
    json_lines = "\n".join(map(json.dumps, records()))
    yield Nasty("JSON Lines", text("a.jsonl", json_lines))
    yield Nasty("a JSON array", text("a.json", json.dumps(records())))
    yield Nasty("a JSON array over lines", text("a.json", json.dumps(records(), indent=2)))
    around = {"status": "ok", "page": {"n": 1}, "rows": records()}
    yield Nasty("JSON around an array", text("a.json", json.dumps(around)), "rows are the list")
    columns = {n: [r[n] for r in records()] for n in NAMES}
    yield Nasty("JSON of columns", text("a.json", json.dumps(columns)))
    keyed = {n: {str(i): v for i, v in enumerate(values)} for n, values in columns.items()}
    yield Nasty("JSON of pandas", text("a.json", json.dumps(keyed)))
    yield Nasty("no ending", text("export", lines()))
    yield Nasty("a text that is called a workbook", text("a.xls", lines("\t")))
    yield Nasty("a workbook", workbook("a.xlsx"))
    yield Nasty("a workbook with titles", workbook("a.xlsx", above=3), "3 rows above")
    yield Nasty("a workbook with a merged title", workbook("a.xlsx", merged=True), "1 row above")
    yield Nasty("a workbook of two sheets", workbook("a.xlsx", others=True), "'Orders'")
    yield Nasty("a workbook that is called CSV", _renamed(workbook("a.xlsx"), "b.csv"))
    for kind in ("parquet", "feather", "arrow"):
        yield Nasty(f"a file of kind {kind}", arrow(kind))
    yield Nasty("files of one kind in other dress", parts)


def _renamed(make: Make, name: str) -> Make:
    return lambda folder: make(folder).rename(folder / name)


FILES = tuple(_files())
