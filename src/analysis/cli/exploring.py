"""The command with which an analyst looks into the data: `lab`."""

import typer

from analysis.cli.base import command


@command("lab", passing_on=True)
def lab(context: typer.Context) -> None:
    """在 JupyterLab 中打开 notebooks/explore.ipynb，查看数据。后面的其他选项（如 --no-browser）原样交给 jupyter lab。"""
    from jupyterlab.labapp import LabApp

    from analysis.intake.places import project_root

    usual = ["--LabApp.default_url=/lab/tree/notebooks/explore.ipynb", f"--ServerApp.root_dir={project_root()}"]
    LabApp.launch_instance([*usual, *context.args])
