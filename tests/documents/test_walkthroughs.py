"""The tutorial and the how-tos, followed word by word in a copy of the project."""

import shutil
from pathlib import Path

import pages
import pytest

ROOT = Path(__file__).resolve().parents[2]
HOWTOS = ("change-sentence", "add-indicator", "add-department", "late-returns", "final-report", "new-year")
PROJECT = ("docs/tutorial", "notebooks", "scheme")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, in which the tutorial has been followed."""
    folder = tmp_path_factory.mktemp("walkthroughs") / "项目"
    for name in PROJECT:
        shutil.copytree(ROOT / name, folder / name)
    follow("tutorial.md", folder)
    return folder


def follow(name: str, project: Path) -> None:
    reader, blocks = pages.Reader(project), list(pages.blocks_of(ROOT / "docs" / name))
    assert blocks
    for block in blocks:
        reader.follow(block)


def test_the_tutorial_ends_with_a_final(project: Path) -> None:
    assert (project / "练习/reports/liuhe/2022/final-1/report.docx").is_file()


@pytest.mark.parametrize("name", HOWTOS)
def test_a_howto(name: str, project: Path) -> None:
    """In the order of the list: each page goes on in the folder that the one before has left."""
    follow(f"howto/{name}.md", project)


def test_every_howto_is_followed() -> None:
    assert {path.stem for path in (ROOT / "docs/howto").glob("*.md")} == set(HOWTOS)
