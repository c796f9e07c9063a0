"""The example DAG, imported by Airflow itself, which has an environment of its own."""

import json
import os
import subprocess
from pathlib import Path

import pytest

TELLS = """
import json, sys
from airflow.dag_processing.dagbag import DagBag
bag = DagBag(sys.argv[1])
dag = bag.dags.get("township_report")
tasks = {} if dag is None else {
    task.task_id: {
        "operator": task.operator_name if not task.is_mapped else task.operator_class.__name__,
        "mapped": task.is_mapped,
        "before": sorted(task.upstream_task_ids),
    }
    for task in dag.tasks
}
schedule = dag and dag.schedule
print("TOLD" + json.dumps({"errors": bag.import_errors, "tasks": tasks, "schedule": schedule,
                           "runs": dag and dag.max_active_runs, "params": dag and list(dag.params)}))
"""


@pytest.fixture(scope="module")
def told(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    python = root / ".venv-airflow" / "bin" / "python"
    assert python.is_file(), "make .venv-airflow/.ready: Airflow is not installed in its environment"
    home = tmp_path_factory.mktemp("airflow")
    environment = {
        **{name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "TOWNSHIP_REPORT_FOLDER": str(root),
    }
    command = [str(python), "-c", TELLS, str(root / "ops" / "airflow" / "township_report.py")]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout.partition("TOLD")[2]))


def test_the_dag_is_imported_and_its_notebooks_follow_each_other(told: dict[str, object]) -> None:
    assert told["errors"] == {}
    papermill = {"operator": "PapermillOperator"}
    assert told["tasks"] == {
        "plan": {"operator": "@task", "mapped": False, "before": []},
        "parameters": {"operator": "@task", "mapped": False, "before": ["plan"]},
        "departments": {"operator": "@task", "mapped": False, "before": ["plan"]},
        "ingest": {**papermill, "mapped": True, "before": ["departments"]},
        "indicators": {**papermill, "mapped": False, "before": ["ingest", "parameters"]},
        "tell": {**papermill, "mapped": False, "before": ["indicators", "parameters"]},
        "report": {"operator": "BashOperator", "mapped": False, "before": ["tell"]},
        "whole": {"operator": "@task", "mapped": False, "before": ["report"]},
    }


def test_it_runs_monthly_and_never_twice_at_once(told: dict[str, object]) -> None:
    assert (told["schedule"], told["runs"], told["params"]) == ("0 6 5 * *", 1, ["town", "period"])
