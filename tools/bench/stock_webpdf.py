"""nbconvert's own webpdf exporter, with the browser that the machine has.

python tools/bench/stock_webpdf.py NOTEBOOK PDF
"""

import shutil
import sys
from pathlib import Path
from typing import Any

from nbconvert import WebPDFExporter
from playwright.async_api import BrowserType

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or "chromium"
_launch = BrowserType.launch


async def _launched(self: BrowserType, **how: Any) -> Any:
    return await _launch(self, **{**how, "executable_path": CHROMIUM})


def webpdf(notebook: Path) -> bytes:
    """Export one notebook."""
    BrowserType.launch = _launched  # type: ignore[method-assign]
    body, _ = WebPDFExporter(disable_sandbox=True).from_filename(str(notebook))  # type: ignore[no-untyped-call]
    return body  # type: ignore[return-value]  # bytes, whatever its annotation says


if __name__ == "__main__":
    Path(sys.argv[2]).write_bytes(webpdf(Path(sys.argv[1])))
