"""The steps of a run: which notebook, on what, writing what, and why it has to run, if it has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.figures.receipts.files import FOLDER, OVERVIEW
from analysis.figures.tables import TABLES
from analysis.intake.sighting import Sighting
from analysis.intake.whole import is_whole
from analysis.running.execute import Job, known_parameters
from analysis.running.limits import MINUTES
from analysis.running.manifest import sha256
from analysis.running.places import INDICATORS, INGEST, REPORT, RETURNS, Places
from analysis.running.unchanged import (
    BROKEN_OFF,
    FONTS,
    FORCED,
    LOOK,
    PARAMETERS,
    Made,
    below,
    digest_of,
    digests,
    keep,
    kept,
    of_fonts,
    of_program,
    reasons,
)
from analysis.telling.edition import Edition, suffix


@dataclass(frozen=True)
class Step:
    """A notebook to run, or not.

    Attributes:
        job: the notebook, its parameters, where the executed one goes.
        inputs: digests of what it is made from.
        last: what its last good run says of itself.
        why: why it has to run, in Chinese; empty where its last run still holds.
        outputs: the patterns of what it writes below the folder of tables.
    """

    job: Job
    inputs: Mapping[str, str]
    last: Made | None
    why: tuple[str, ...]
    outputs: tuple[str, ...]

    def written(self, tables: Path) -> dict[str, Path]:
        """What it has written, by path below the folder of tables."""
        return below(tables, sorted({path for pattern in self.outputs for path in tables.glob(pattern)}))


@dataclass(frozen=True)
class Steps:
    """The steps of a town and period, with what they all depend on.

    Attributes:
        places: where everything lies.
        extra: further parameters of the notebooks.
        force: whether to run everything again.
        executed: the folder into which the executed notebooks go.
        minutes: how long each may take.
    """

    places: Places
    extra: Mapping[str, object]
    executed: Path
    force: bool = False
    minutes: float = MINUTES

    def ingest(self, department: str, looked: Sequence[Sighting]) -> Step:
        """Stage 1 of a department: made from its own files alone, as far as the first look knows whose they are."""
        own = [sighting for sighting in looked if sighting.department == department]
        files = {f"raw/{self.places.period}/{s.path.name}": s.path for s in own if s.path is not None}
        # A correction, a double or a file that names another department changes what is made of a file.
        look = digest_of(repr([(s, s.mark) for s in own]))
        inputs = {**self._common(), **digests(files), LOOK: look}
        outputs = tuple(f"{RETURNS}/{department}{kind}.parquet" for kind in ("", ".findings", ".checks"))
        return self._step(INGEST, f"1_ingest-{department}", {"department": department}, inputs, outputs)

    def indicators(self) -> Step:
        """Stage 2: made from stage 1's tables, the returns (for the receipts), and those of earlier periods."""
        tables = self.places.tables
        inputs = {
            **self._common(),
            **digests(self.places.returned()),
            **digests({f"processed/{name}": path for name, path in below(tables, _parquet(tables / RETURNS)).items()}),
        }
        outputs = (*(f"{name}.parquet" for name in TABLES), "findings.csv", OVERVIEW, f"{FOLDER}/*")
        step = self._step(INDICATORS, "2_indicators", {}, inputs, outputs)
        # The tables may all be the last good run's: what marks them as half written goes only when they are written again.
        return step if is_whole(tables) else replace(step, why=(*step.why, BROKEN_OFF))

    def report(self, edition: Edition) -> Step:
        """Stage 3 of an edition: made from stage 2's tables and the chapter templates."""
        tables = [self.places.tables / f"{name}.parquet" for name in TABLES]
        narrative = self.places.scheme / "narrative"
        inputs = {
            **self._common(),
            **digests({f"processed/{path.name}": path for path in tables}),
            **digests({f"scheme/narrative/{path.name}": path for path in sorted(narrative.glob("*.md"))}),
            FONTS: of_fonts(),  # charts are set in them here, and the exports afterwards
        }
        outputs = tuple(f"figures{suffix(edition)}.{kind}" for kind in ("parquet", "csv"))
        return self._step(REPORT, f"3_report{suffix(edition)}", {"edition": edition}, inputs, outputs)

    def _common(self) -> dict[str, str]:
        """What every stage depends on: program, scheme, facts."""
        town, period = self.places.returns.parent, self.places.period
        facts = ["town.toml", f"targets/{period.year}.csv", f"{period}/period.toml", f"{period}/waivers.csv"]
        tables = sorted(path for path in self.places.scheme.iterdir() if path.is_file())
        return {
            **of_program(),
            **digests({f"scheme/{path.name}": path for path in tables}),
            **digests({f"raw/{name}": town / name for name in facts if (town / name).is_file()}),
        }

    def _step(
        self, notebook: str, name: str, own: Mapping[str, object], inputs: Mapping[str, str], outputs: tuple[str, ...]
    ) -> Step:
        path = self.places.notebooks / notebook
        known = known_parameters(path)
        extra = {key: value for key, value in self.extra.items() if key in known}
        job = Job(
            name,
            path,
            {**self.places.parameters(), **extra, **own},
            self.executed / f"{name}.ipynb",
            self.places.root,
            self.minutes,
        )
        said = {"town": self.places.town, "period": str(self.places.period), **extra, **own}  # paths only name places
        inputs = {**inputs, PARAMETERS: digest_of(repr(sorted(said.items()))), f"notebooks/{notebook}": sha256(path)}
        last = kept(self.places.report / "notebooks" / job.output.name)
        why = (FORCED,) if self.force else reasons(last, inputs, self.places.tables)
        return Step(job, inputs, last, why, outputs)


def _parquet(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.parquet"))


def keep_made(step: Step, tables: Path) -> None:
    """Let the executed notebook of a step that ended well say what it was made of and what it has written below a folder."""
    keep(step.job.output, Made(step.inputs, digests(step.written(tables))))


def keep_exports(notebook: Path, exports: Mapping[str, Path]) -> None:
    """Let an executed report notebook say which files were made of it."""
    made = kept(notebook)
    if made is not None:
        keep(notebook, replace(made, exports=digests(exports)))
