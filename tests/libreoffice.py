"""LibreOffice for the tests: the office programs beside Excel in which returns and reports are opened and saved."""

import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

PROGRAM = shutil.which("soffice")
Save = Callable[[Iterable[Path], str, Path], None]
"""Opens files and saves each into a folder as another kind, under its own name: `save(paths, "ods", folder)`."""


def saving(profile: Path) -> Save:
    """LibreOffice with one profile for all that it saves: to make a profile takes longer than to save a workbook."""

    def save(paths: Iterable[Path], kind: str, folder: Path) -> None:
        if PROGRAM is None:
            pytest.skip("LibreOffice is not installed")
        command = [PROGRAM, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", kind]
        subprocess.run([*command, "--outdir", folder, *paths], check=True, capture_output=True, timeout=240)

    return save
