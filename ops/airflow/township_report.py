"""An Airflow DAG as an example: each notebook as a task of its own, then the report through `township-report scheduled`.

The notebooks run in Airflow's papermill with the project's kernel, and write to `build/airflow` alone: what they show of a
department or a stage can be looked at, and repeated, without touching the report. The report itself is made by the last
command, which takes the lock, keeps the log and tells whom `data/schedule.toml` names.

docs/schedule.md says how to set it up. Airflow lives in an environment of its own (requirements.in, constraints.txt).
"""

import csv
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pendulum
from airflow.providers.papermill.operators.papermill import PapermillOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG, Param, task
from airflow.sdk.exceptions import AirflowSkipException

ROOT = Path(os.environ.get("TOWNSHIP_REPORT_FOLDER", "/srv/township-report"))
"""The project's folder."""
PROGRAM = ROOT / ".venv" / "bin" / "township-report"
KERNEL = "township-report"
"""The kernel that was registered from the project's environment."""
SKIPPED = 3
"""The exit code of `township-report scheduled` where it did not run."""
# A draft is no failure of the task: the next one is skipped, and so tells drafts and whole reports apart in the grid.
SCHEDULED = (
    f'"{PROGRAM}" scheduled --town "$TOWN" --period "$PERIOD"; code=$?; '
    "if [ $code -eq 2 ]; then echo draft; exit 0; fi; exit $code"
)


with DAG(
    "township_report",
    description="每月 5 日：各部门上报表 → 指标 → 报告",
    schedule="0 6 5 * *",
    start_date=pendulum.datetime(2024, 1, 1, tz="Asia/Shanghai"),
    catchup=False,
    max_active_runs=1,
    params={
        "town": Param("qinghe", type="string", description="乡镇，即 data/raw 下的文件夹名"),
        "period": Param("", type="string", description="报告期；空着就取最近一个已经结束、建了文件夹的"),
    },
    tags=["township-report"],
) as dag:

    @task
    def plan(params: dict[str, str] | None = None) -> dict[str, Any]:
        """Which period is due, and what every notebook is given."""
        asked = params or {}
        command = [str(PROGRAM), "scheduled", "--dry-run", "--json", "--town", asked["town"]]
        command += ["--period", asked["period"]] if asked["period"] else []
        answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
        if answer.returncode == SKIPPED:
            raise AirflowSkipException(answer.stderr)
        if answer.returncode:
            raise RuntimeError(answer.stderr)
        due = json.loads(answer.stdout)[0]
        work = ROOT / "build" / "airflow"
        folders = {"raw": str(ROOT / "data" / "raw"), "processed": str(work), "scheme": str(ROOT / "scheme")}
        executed = work / due["town"] / due["period"] / "notebooks"
        executed.mkdir(parents=True, exist_ok=True)
        return {"town": due["town"], "period": due["period"], **folders, "executed": str(executed)}

    @task
    def departments(planned: dict[str, Any]) -> list[dict[str, Any]]:
        """What differs between the departments' tasks: the department, and where its executed notebook goes."""
        given = {name: planned[name] for name in ("town", "period", "raw", "processed", "scheme")}
        with (Path(planned["scheme"]) / "departments.csv").open(encoding="utf-8-sig", newline="") as file:
            names = [row["name"] for row in csv.DictReader(file)]
        return [
            {
                "output_nb": str(Path(planned["executed"]) / f"1_ingest-{name}.ipynb"),
                "parameters": {**given, "department": name},
            }
            for name in names
        ]

    @task
    def parameters(planned: dict[str, Any]) -> dict[str, str]:
        """What the notebooks of the town are given."""
        return {name: planned[name] for name in ("town", "period", "raw", "processed", "scheme")}

    @task
    def whole(last_line: str) -> None:
        """Done where the report has no gaps; skipped where it is a draft."""
        if last_line == "draft":
            raise AirflowSkipException("草稿：有缺项或错误，见上一步的输出")

    planned = plan()
    given = parameters(planned)
    executed = "{{ ti.xcom_pull(task_ids='plan')['executed'] }}"
    ingest = PapermillOperator.partial(
        task_id="ingest",
        input_nb=str(ROOT / "notebooks" / "1_ingest.ipynb"),
        kernel_name=KERNEL,
        max_active_tis_per_dagrun=2,
        map_index_template="{{ task.parameters['department'] }}",
    ).expand_kwargs(departments(planned))
    indicators, tell = (
        PapermillOperator(
            task_id=task_id,
            input_nb=str(ROOT / "notebooks" / f"{name}.ipynb"),
            output_nb=f"{executed}/{name}.ipynb",
            parameters=given,
            kernel_name=KERNEL,
        )
        for task_id, name in (("indicators", "2_indicators"), ("tell", "3_report"))
    )
    report = BashOperator(
        task_id="report",
        bash_command=SCHEDULED,
        cwd=str(ROOT),
        env={
            "TOWN": "{{ ti.xcom_pull(task_ids='plan')['town'] }}",
            "PERIOD": "{{ ti.xcom_pull(task_ids='plan')['period'] }}",
        },
        append_env=True,
        skip_on_exit_code=SKIPPED,
    )
    ingest >> indicators >> tell >> report
    whole(report.output)
