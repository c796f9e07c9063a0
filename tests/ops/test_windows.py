"""The task for Windows: as the Task Scheduler's schema wants it, and as the registering script changes it."""

import re
from pathlib import Path

from lxml import etree

TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"


def test_the_task_is_as_the_schema_wants_it(root: Path) -> None:
    raw = (root / "ops" / "windows" / "township-report.xml").read_bytes()
    assert b"encoding=" not in raw  # given to Register-ScheduledTask as text, which has none
    task = etree.fromstring(raw)
    schema = etree.XMLSchema(etree.parse(root / "tests" / "ops" / "task.xsd"))
    schema.assertValid(task)
    assert task.findtext(f".//{TASK}MultipleInstancesPolicy") == "IgnoreNew"
    assert [day.text for day in task.iter(f"{TASK}Day")] == ["5"]
    assert len(task.find(f".//{TASK}Months")) == 12
    assert task.findtext(f".//{TASK}Arguments") == "scheduled"
    task.find(f".//{TASK}Day").text = "32"
    assert not schema.validate(task)


def test_the_script_is_one_that_powershell_5_reads_and_changes_what_is_there(root: Path) -> None:
    raw = (root / "ops" / "windows" / "register.ps1").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")  # without it Windows takes Chinese for the system's code page
    text = raw.decode("utf-8-sig")
    task = etree.parse(root / "ops" / "windows" / "township-report.xml")
    changed = re.findall(r"^\$exec\.(\w+) = ", text, re.MULTILINE)
    assert set(changed) == {etree.QName(element).localname for element in task.find(f".//{TASK}Exec")}
    assert text.count("(") == text.count(")") and text.count("{") == text.count("}") and text.count('"') % 2 == 0
