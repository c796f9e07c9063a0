"""The command with which an analyst looks into the data: `lab`."""

from importlib.util import find_spec
from pathlib import Path

import typer

from analysis.cli.base import command

JOBS = ".jupyter-scheduler"
"""Below the project's root: where jupyter-scheduler keeps its jobs, and the copies of notebooks that it runs."""


@command("lab", passing_on=True)
def lab(context: typer.Context) -> None:
    """在 JupyterLab 中打开 notebooks/explore.ipynb，查看数据。后面的其他选项（如 --no-browser）原样交给 jupyter lab。"""
    from jupyterlab.labapp import LabApp

    from analysis.intake.places import project_root

    root = project_root()
    usual = ["--LabApp.default_url=/lab/tree/notebooks/explore.ipynb", f"--ServerApp.root_dir={root}"]
    if find_spec("jupyter_scheduler") is not None:
        usual += jobs_within(root)
    LabApp.launch_instance([*usual, *context.args])


def jobs_within(root: Path) -> list[str]:
    """Settings with which jupyter-scheduler keeps all of its own below the project's root.

    It runs a copy of a notebook in a folder of its own; from below the root the copy finds scheme and data as the original does.
    """
    folder = root / JOBS
    folder.mkdir(exist_ok=True)
    database = f"sqlite:///{(folder / 'jobs.sqlite').as_posix()}"
    return [f"--SchedulerApp.db_url={database}", f"--BaseScheduler.staging_path={folder / 'staging'}"]
