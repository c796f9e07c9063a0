"""Every command of the READMEs and of `docs/`: run in the order of its page, or on the list of those that can't be, and why.

The tutorial and the how-tos are followed as they stand. The other pages speak of the example township; their commands are run
for the tutorial's, which takes a tenth of the time: a run of its two departments does for all of them.
"""

import importlib.util
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pages
import pytest
import typer.main
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from analysis import cli
from analysis.running.kernels.provisioner import NAME
from analysis.running.kernels.warm import warm_up

ROOT = Path(__file__).resolve().parents[2]
HOWTOS = ("change-sentence", "add-indicator", "add-department", "late-returns", "final-report", "new-year")
WALKTHROUGHS = ("tutorial.md", *(f"howto/{name}.md" for name in HOWTOS))
COPIED = ("docs/tutorial", "notebooks", "scheme")
COMMANDS: Any = typer.main.get_command(cli.app).commands  # type: ignore[attr-defined]
NOT_RUN = {
    r"make \w+": "sets up an environment of its own: CI runs report, lint and test; test_site.py makes the site, tests/golden compares",
    r"conda ": "CI has no conda; a test holds environment.yml and pyproject.toml together",
    r"source \S+activate": "activates an environment, which is made by make",
    r"(python -m )?pip install ": "CI installs through make, by the same lock",
    r"python3 -m venv|\.venv/bin/": "on a machine without a network: `make offline`, which CI calls, does the same",
    r"pre-commit install": "writes into the developer's own .git",
    r"dask ": "goes on until it is stopped; tests/running/batch starts a cluster",
    r"(sudo|systemctl|systemd-\w+|journalctl|crontab|cd /srv)\b": "needs root, a running systemd or cron; tests/ops checks units and line",
    r"(python3 -m venv \.venv-airflow|\.venv\S*/bin/\S+ |export AIRFLOW)": "make sets Airflow up; tests/ops imports the DAG in it",
    r"(tail|cat) ": "shows logs that lie there; tests/running/scheduled reads them",
    r"township-report scheduled --try-hooks": "wants an office's servers; tests/running/scheduled has some of its own",
    r"township-report changes .*--against logs/": "wants the folder of a run of its own time; tests/running/scheduled sees what it holds",
    r"township-report lab": "opens a browser and goes on; tests/exploring/test_lab.py drives it",
    r"township-report .*(tcp|s3)://": "needs a cluster and an object store; tests/running/batch has both",
    r"township-report county": "wants townships of a county: tests/running/test_county.py runs five",
    r"township-report run --town scjg": "tests/second_scheme runs that scheme from blank returns to report",
}
"""Commands that are not run, each with the reason; what is ours is still parsed, with every option."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, in which the tutorial has been followed."""
    folder = tmp_path_factory.mktemp("walkthroughs") / "项目"
    for name in COPIED:
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


def test_the_tutorials_scheme_uses_the_common_tables(project: Path) -> None:
    """What the tutorial copies is what `docs/scheme.md` calls common to all schemes."""
    for name in ("checks.csv", "synonyms.csv", "measures.csv", "people.csv"):
        assert not (ROOT / "docs/tutorial/project/scheme" / name).exists()
        assert (project / "练习/scheme" / name).is_file()


# ---- the other pages, in the folder of the tutorial as it has left it --------------------------------------------------


def other_pages() -> list[Path]:
    found = [*sorted(ROOT.glob("README*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
    followed = {ROOT / "docs" / name for name in WALKTHROUGHS}
    return [path for path in found if path not in followed]


def commands() -> Iterator[tuple[str, str]]:
    """Each command once, and the first place where it stands, in the order of the pages."""
    seen = set()
    for path in other_pages():
        for block in pages.blocks_of(path):
            if block.kind not in ("sh", "console"):
                continue
            for line, _ in block.commands():
                if line not in seen:
                    seen.add(line)
                    yield line, block.place


def reason(line: str) -> str | None:
    return next((why for pattern, why in NOT_RUN.items() if re.match(pattern, line)), None)


RUN = [pytest.param(line, id=f"{place} {line}") for line, place in commands() if reason(line) is None]
LISTED = [pytest.param(line, id=f"{place} {line}") for line, place in commands() if reason(line) is not None]


@pytest.fixture(scope="module")
def office(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[pages.Reader]:
    """The tutorial's folder as it was left, with the files that the other pages speak of."""
    folder = tmp_path_factory.mktemp("commands") / "项目"
    shutil.copytree(project / "练习", folder)
    returned, report = folder / "data/raw/liuhe/2022/财政所.xlsx", folder / "reports/liuhe/2022/report.docx"
    shutil.copy(returned, folder / "收到的上报表.xlsx")
    shutil.copy(report, folder / "改过的报告.docx")
    for name in ("data/raw", "data/processed", "reports", "scheme"):
        shutil.copytree(folder / name, folder / "全县" / Path(name).name)
    nbformat.write(
        nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 标题\n\n正文。")]), folder / "FILE.ipynb"
    )
    make_bureau(folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(KernelProvisionerFactory.instance(), "default_provisioner_name", NAME)
        warm_up()
        yield pages.Reader(folder)


def make_bureau(folder: Path) -> None:
    """The scheme and the returns of another kind of report, where `docs/scheme.md` has them."""
    spec = importlib.util.spec_from_file_location("bureau", ROOT / "tests/second_scheme/bureau.py")
    assert spec is not None
    assert spec.loader is not None
    bureau = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bureau)
    bureau.make_bureau(folder / "局")
    (folder / "局/scheme").rename(folder / "我的方案")
    (folder / "局/raw").rename(folder / "我的数据")


def for_the_tutorials(line: str, folder: Path) -> str:
    """A command with the tutorial's township and year in place of the example's; a new township is a further one."""
    if line.startswith("township-report init"):
        return line.replace("liuhe", f"xinjian{len(list((folder / 'data/raw').iterdir()))}")
    if line.startswith("papermill notebooks"):
        return f"{line} -p town liuhe -p period 2022"
    line = re.sub(r"--period 2021(?!-)", "--period 2022", line)
    return line.replace("--town qinghe", "--town liuhe").replace("--root FOLDER", "--root 全县")


@pytest.mark.parametrize("line", RUN)
def test_a_command_runs(line: str, office: pages.Reader) -> None:
    code, said = office.run(for_the_tutorials(line, office.folder))
    assert code in (cli.DONE, cli.GAPS), said


@pytest.mark.parametrize("line", LISTED)
def test_a_command_that_is_not_run_is_one(line: str) -> None:
    words = shlex.split(line, comments=True)
    if words[0] == "make":
        assert re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    elif words[0] == "township-report" and words[1] in COMMANDS:
        COMMANDS[words[1]].make_context(words[1], [word.strip("<>") for word in words[2:]])
    for name in re.findall(r"(?<= )[\w/-]+\.(?:ya?ml|lock|toml|txt)\b", line):
        assert (ROOT / name).is_file(), name


def test_every_reason_is_needed() -> None:
    lines = [line for line, _ in commands()]
    assert {pattern for pattern in NOT_RUN if not any(re.match(pattern, line) for line in lines)} == set()


# ---- the how-tos, last: they change the scheme ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", HOWTOS)
def test_a_howto(name: str, project: Path, office: pages.Reader) -> None:
    """In the order of the list: each page goes on in the folder that the one before has left."""
    follow(f"howto/{name}.md", project)


def test_every_howto_is_followed() -> None:
    assert {path.stem for path in (ROOT / "docs/howto").glob("*.md")} == set(HOWTOS)
