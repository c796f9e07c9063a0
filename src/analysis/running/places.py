"""Where the files of a run lie."""

from dataclasses import dataclass
from pathlib import Path

from analysis.intake.places import USUAL, left_by_a_program
from analysis.scheme.names import below
from analysis.scheme.period import Period

INGEST, INDICATORS, REPORT = "1_ingest.ipynb", "2_indicators.ipynb", "3_report.ipynb"
RETURNS = "returns"
"""Below a period's folder of tables: what stage 1 writes."""
NOTEBOOKS = (INGEST, INDICATORS, REPORT)
"""The notebooks of a run, in the order of the data."""


@dataclass(frozen=True)
class Places:
    """The folders of a town and period; all absolute, since a notebook's working directory is not the project's.

    Attributes:
        root: the project's folder.
        raw, processed, reports: the folders that hold a folder a town.
        scheme: the assessment scheme.
    """

    root: Path
    raw: Path
    processed: Path
    reports: Path
    scheme: Path
    town: str
    period: Period

    @property
    def notebooks(self) -> Path:
        """The notebooks as kept in git."""
        return self.root / "notebooks"

    @property
    def returns(self) -> Path:
        """The departments' returns."""
        return below(self.raw, self.town, str(self.period))

    @property
    def tables(self) -> Path:
        """The tables that the stages write."""
        return below(self.processed, self.town, str(self.period))

    @property
    def report(self) -> Path:
        """The report's folder, as readers find it."""
        return below(self.reports, self.town, str(self.period))

    def inputs(self) -> dict[str, Path]:
        """Every file that may go into the report: the returns of this and other periods, facts, scheme, notebooks."""
        folders = {"raw": self.returns.parent, "scheme": self.scheme}
        files = {
            f"{name}/{path.relative_to(folder.parent if name == 'raw' else folder).as_posix()}": path
            for name, folder in folders.items()
            for path in folder.rglob("*")
            if not left_by_a_program(path.name) and path.is_file()
        }
        return files | {f"notebooks/{name}": self.notebooks / name for name in NOTEBOOKS}

    def returned(self) -> dict[str, Path]:
        """The returns of this period and of those that it looks back on; their tables, where the returns are gone."""
        files: dict[str, Path] = {}
        for other in (self.period, *self.period.looked_back_on()):
            folder, tables = self.returns.parent / str(other), self.tables.parent / str(other) / RETURNS
            if folder.is_dir():
                paths = (
                    path for path in sorted(folder.iterdir()) if not left_by_a_program(path.name) and path.is_file()
                )
                files |= {f"raw/{other}/{path.name}": path for path in paths}
            elif other != self.period:
                files |= {f"processed/{other}/{path.name}": path for path in sorted(tables.glob("*.parquet"))}
        return files

    def parameters(self) -> dict[str, str]:
        """The parameters that every notebook takes."""
        return {
            "town": self.town,
            "period": str(self.period),
            "raw": str(self.raw),
            "processed": str(self.processed),
            "scheme": str(self.scheme),
        }


def folder_of(root: Path, name: str, given: Path | None = None) -> Path:
    """One of the folders: its usual place below the project's root, or where `given` says, seen from the root."""
    return (root / (given or USUAL[name])).resolve()


def places_of(root: Path, town: str, period: Period, **folders: Path | None) -> Places:
    """The folders of a town and period below the project's root, or where `folders` says (raw, processed, …)."""

    raw, processed, reports, scheme = (folder_of(root, name, folders.get(name)) for name in USUAL)
    return Places(root.resolve(), raw, processed, reports, scheme, town, period)
