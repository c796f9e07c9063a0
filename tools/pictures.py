"""Renew the pictures of the documentation from the example's report, which has to have been run before (`make report`)::

    python tools/pictures.py

It needs Chromium and playwright, as the tests do.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
REPORT = ROOT / "reports" / "qinghe" / "2021" / "report.html"
TARGET = ROOT / "docs" / "pictures" / "report.png"
WIDTH, HEIGHT, SCALE = 1080, 760, 2
COLOURS = 64
"""Enough for text and a frame, and a picture of some 100 kB."""
FIGURE = "span.figure:has-text('101.6%')"
"""The figure that is pointed at: the completion rate of the first indicator."""


def main() -> int:
    """Write the picture."""
    parser = argparse.ArgumentParser(description="renew the pictures of the documentation")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser")
    take(REPORT, TARGET, parser.parse_args().chromium)
    return 0


def take(report: Path, target: Path, chromium: str) -> None:
    """Take the report's first page with a figure pointed at, so that its source shows."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, device_scale_factor=SCALE)
        page.goto(report.as_uri())
        figure = page.locator(FIGURE).first
        figure.hover()
        page.screenshot(path=str(target))
        browser.close()
    with Image.open(target) as taken:
        taken.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
