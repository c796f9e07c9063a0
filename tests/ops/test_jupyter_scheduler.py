"""jupyter-scheduler runs our notebooks: with parameters, from the copy that it makes, in its own SQLite file."""

import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from jupyter_scheduler.environments import StaticEnvironmentManager
from jupyter_scheduler.models import CreateJob, Status
from jupyter_scheduler.orm import create_tables
from jupyter_scheduler.scheduler import Scheduler
from traitlets.config.loader import KVArgParseConfigLoader

from analysis.cli.exploring import JOBS, jobs_within


class InThisProcess:
    """Stands for the process that the scheduler starts for a job: the same work, when `start` is called."""

    pid = 0

    def __init__(self, target: Any) -> None:
        self.start = target


@pytest.fixture
def project(root: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "乡镇 报告"
    (folder / "data").mkdir(parents=True)
    shutil.copytree(root / "notebooks", folder / "notebooks")
    for name in ("scheme", "data/raw"):
        (folder / name).symlink_to(root / name)
    return folder


def test_a_notebook_finds_scheme_and_returns_from_the_schedulers_copy(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = KVArgParseConfigLoader(argv=jobs_within(project)).load_config()
    monkeypatch.setattr(
        "jupyter_scheduler.scheduler.mp.get_context", lambda _: type("Here", (), {"Process": InThisProcess})
    )
    create_tables(config.SchedulerApp.db_url)
    scheduler = Scheduler(
        root_dir=str(project),
        environments_manager=StaticEnvironmentManager(),
        db_url=config.SchedulerApp.db_url,
        config=config,
    )
    # As typed in the form: a value is Python, so that text has its quotes.
    parameters = {"period": '"2021-09"', "department": '"水利站"'}
    job = CreateJob(
        name="水利站",
        input_uri="notebooks/1_ingest.ipynb",
        runtime_environment_name="",
        runtime_environment_parameters={},
        output_formats=["ipynb"],
        parameters=parameters,
    )
    done = scheduler.get_job(scheduler.create_job(job), job_files=False)
    assert done.status == Status.COMPLETED, done.status_message
    output = Path(scheduler.get_staging_paths(done)["ipynb"])
    assert project / JOBS in output.parents
    executed = nbformat.read(output, as_version=4)
    injected = [cell for cell in executed.cells if "injected-parameters" in cell.metadata.get("tags", [])]
    assert injected[0].source == 'period = "2021-09"\ndepartment = "水利站"'
    assert (project / "data/processed/qinghe/2021-09/returns/水利站.parquet").is_file()
