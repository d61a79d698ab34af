"""Draws docs/images/report.png: the opening page of a report on the simulated shop.

``python tools/picture.py`` simulates a shop of 5,000 customers, runs on it as anybody would, and
photographs the report in a headless Chromium, in light colours and 1,280 pixels wide. A folder as
its argument (``python tools/picture.py RUN``) photographs that run instead. Colours are reduced
to a palette, because the picture travels with every clone.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

PICTURE = Path(__file__).resolve().parent.parent / "docs" / "images" / "report.png"
FADING_MILLISECONDS = 2_000
"""Labels fade in after a chart is drawn."""

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
USERS = 5_000
FILLED_IN = {
    "project: events": "project: simulated shop",
    'decision: ""': 'decision: "who gets the spring voucher"',
    "# currency: EUR": "currency: GBP",
}
"""What somebody would fill into the project file of ``init``."""

WIDTH, HEIGHT = 1280, 1240
MOST_COLOURS = 256
LIMIT = 300_000
"""Bytes: more would weigh on the repository."""

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def run_of_a_shop(folder: Path) -> Path:
    """Simulate a shop, write a project file with a decision, run, and give the run's folder."""
    shop = folder / "shop"
    segmentry = [sys.executable, "-m", "segmentry"]
    users = ["--users", str(USERS)]
    subprocess.run([*segmentry, "simulate", "retail", *users, "--output", shop], check=True)  # noqa: S603 - our own commands
    subprocess.run([*segmentry, "init", shop / "events.parquet"], cwd=folder, check=True)  # noqa: S603 - our own commands
    project = folder / "segmentry.yaml"
    text = project.read_text(encoding="utf-8")
    for empty, filled in FILLED_IN.items():
        if text.count(empty) != 1:
            sys.exit(f"{empty!r} does not stand once in the project file of init")
        text = text.replace(empty, filled)
    project.write_text(text, encoding="utf-8")
    subprocess.run([*segmentry, "run"], cwd=folder, check=True)  # noqa: S603 - our own commands
    return folder / "runs" / "latest"


def photograph(report: Path) -> bytes:
    """Show the top of a report in a real browser and give the picture as PNG."""
    from playwright.sync_api import sync_playwright

    browser_path = next(filter(None, map(shutil.which, NAMES)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT},
            color_scheme="light",
            reduced_motion="reduce",
        )
        page.goto(report.resolve().as_uri())
        page.wait_for_selector("[data-chart=sizes][data-drawn=yes]")
        page.wait_for_timeout(FADING_MILLISECONDS)
        picture = page.screenshot()
        browser.close()
    return picture


def pixels(png: bytes) -> NDArray[np.uint8]:
    """Read an 8-bit RGB or RGBA picture without interlace; the result has shape (h, w, 3)."""
    place, data, width, height, channels = len(SIGNATURE), b"", 0, 0, 0
    while place < len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        content = png[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            width, height, _, colour = struct.unpack(">IIBB", content[:10])
            channels = {2: 3, 6: 4}[colour]
        elif kind == b"IDAT":
            data += content
        place += length + 12
    stride = width * channels
    raw = np.frombuffer(zlib.decompress(data), dtype=np.uint8).reshape(height, stride + 1)
    rows = np.zeros((height + 1, stride + channels), dtype=np.int64)
    for y, line in enumerate(raw, 1):
        _unfilter(int(line[0]), line[1:], rows[y - 1], rows[y], channels)
    return rows[1:, channels:].astype(np.uint8).reshape(height, width, channels)[:, :, :3]


def _unfilter(
    kind: int,
    line: NDArray[np.uint8],
    above: NDArray[np.int64],
    row: NDArray[np.int64],
    channels: int,
) -> None:
    """Undo a line's filter (PNG specification, section 9) into ``row``, padded at the left."""
    if kind in {0, 2}:
        row[channels:] = (line + (above[channels:] if kind == 2 else 0)) % 256
        return
    for x, byte in enumerate(line.tolist(), channels):
        left, up, corner = int(row[x - channels]), int(above[x]), int(above[x - channels])
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + up) // 2
        else:
            guess = min((left, up, corner), key=lambda known: abs(left + up - corner - known))
        row[x] = (byte + guess) % 256


def with_palette(image: NDArray[np.uint8]) -> bytes:
    """Write a picture with at most 256 colours: the frequent ones, and for others the nearest."""
    flat = image.reshape(-1, 3)
    colours, index, counts = np.unique(flat, axis=0, return_inverse=True, return_counts=True)
    kept = np.argsort(-counts, kind="stable")[:MOST_COLOURS]
    palette = colours[kept].astype(np.int64)
    gaps = ((colours[:, None, :].astype(np.int64) - palette[None]) ** 2).sum(axis=2)
    nearest = gaps.argmin(axis=1).astype(np.uint8)
    height, width = image.shape[:2]
    lines = np.zeros((height, width + 1), dtype=np.uint8)  # filter 0 suits a palette best
    lines[:, 1:] = nearest[index.reshape(-1)].reshape(height, width)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return SIGNATURE + b"".join(
        _chunk(kind, content)
        for kind, content in (
            (b"IHDR", header),
            (b"PLTE", palette.astype(np.uint8).tobytes()),
            (b"IDAT", zlib.compress(lines.tobytes(), 9)),
            (b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def main() -> None:
    """Photograph a given run, or one of a simulated shop."""
    with tempfile.TemporaryDirectory(prefix="segmentry-picture-") as scratch:
        run = Path(sys.argv[1]) if len(sys.argv) > 1 else run_of_a_shop(Path(scratch))
        picture = with_palette(pixels(photograph(run / "report.html")))
    if len(picture) > LIMIT:
        sys.exit(f"the picture has {len(picture):,} bytes, more than {LIMIT:,}")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    PICTURE.write_bytes(picture)
    sys.stdout.write(f"{PICTURE}: {len(picture):,} bytes\n")


if __name__ == "__main__":
    main()
