"""One program for a whole batch: the digest by which a worker sees that it runs what the batch was started with."""

from pathlib import Path

from analysis.running.manifest import sha256
from analysis.running.places import NOTEBOOKS
from analysis.running.unchanged import CODE, digest_of, of_program


def stamp_of(project: Path, scheme: Path) -> str:
    """The digest of the program, the project's notebooks and a scheme's tables and chapters."""
    files = sorted(path for path in scheme.rglob("*") if path.is_file() and not path.name.startswith("."))
    names = [f"{path.relative_to(scheme).as_posix()}:{sha256(path)}" for path in files]
    return digest_of("\n".join([of_program()[CODE], _notebooks(project), *names]))


def _notebooks(project: Path) -> str:
    """Read anew each time: a Dask worker outlives many batches, and its notebooks may be edited in between."""
    return "\n".join(f"{name}:{sha256(project / 'notebooks' / name)}" for name in NOTEBOOKS)
