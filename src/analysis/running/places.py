"""Where the files of a run lie."""

from dataclasses import dataclass
from pathlib import Path

from analysis.scheme import Period


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
        return self.raw / self.town / str(self.period)

    @property
    def tables(self) -> Path:
        """The tables that the stages write."""
        return self.processed / self.town / str(self.period)

    @property
    def report(self) -> Path:
        """The report's folder, as readers find it."""
        return self.reports / self.town / str(self.period)

    def parameters(self) -> dict[str, str]:
        """The parameters that every notebook takes."""
        return {
            "town": self.town,
            "period": str(self.period),
            "raw": str(self.raw),
            "processed": str(self.processed),
            "scheme": str(self.scheme),
        }


def places_of(root: Path, town: str, period: Period, **folders: Path | None) -> Places:
    """The folders of a town and period below the project's root, or where `folders` says (raw, processed, …)."""

    def folder(name: str, usual: str) -> Path:
        given = folders.get(name)
        return (root / usual if given is None else root / given).resolve()

    return Places(
        root.resolve(),
        folder("raw", "data/raw"),
        folder("processed", "data/processed"),
        folder("reports", "reports"),
        folder("scheme", "scheme"),
        town,
        period,
    )
