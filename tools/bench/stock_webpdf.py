"""nbconvert's own webpdf exporter, with the browser that the machine has.

python tools/bench/stock_webpdf.py NOTEBOOK PDF CHROMIUM
"""

import sys
from pathlib import Path
from typing import Any

from nbconvert import WebPDFExporter
from playwright.async_api import BrowserType


def main(notebook: Path, pdf: Path, chromium: str) -> None:
    """Export one notebook."""
    launch = BrowserType.launch

    async def launched(self: BrowserType, **how: Any) -> Any:
        return await launch(self, **{**how, "executable_path": chromium})

    BrowserType.launch = launched  # type: ignore[method-assign]
    body, _ = WebPDFExporter(disable_sandbox=True).from_filename(str(notebook))  # type: ignore[no-untyped-call]
    pdf.write_bytes(body)  # type: ignore[arg-type]  # bytes, whatever its annotation says


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
