"""The exporters beside nbconvert's own and bare pandoc, one after another in one process that has imported them all.

python tools/bench/exporting.py NOTEBOOK MARKDOWN TIMES     seconds by exporter, as JSON
"""

import json
import sys
from pathlib import Path
from typing import Any

from clock import alternating


def exporting(notebook: Path, markdown: Path, times: int) -> dict[str, list[float]]:
    """Measure every exporter on an executed notebook, pandoc on the same as Markdown; a round before the first is not counted."""
    import pypandoc
    from nbconvert import HTMLExporter
    from stock_webpdf import webpdf

    from analysis.export import GongwenDOCXExporter, GongwenHTMLExporter, GongwenPDFExporter

    def by(exporter: Any) -> None:
        exporter().from_filename(str(notebook))

    calls = {
        "html": lambda: by(GongwenHTMLExporter),
        "stock html": lambda: by(HTMLExporter),
        "pdf": lambda: by(GongwenPDFExporter),
        "stock webpdf": lambda: webpdf(notebook),
        "docx": lambda: by(GongwenDOCXExporter),
        "bare pandoc docx": lambda: pypandoc.convert_file(
            str(markdown), "docx", outputfile=str(markdown.with_suffix(".docx"))
        ),
    }
    alternating(calls, 1)
    return {name: measured.seconds for name, measured in alternating(calls, times).items()}


if __name__ == "__main__":
    print(json.dumps(exporting(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))))
