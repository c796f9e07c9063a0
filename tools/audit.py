"""Audits what the project depends on: `make audit`. Fails on a finding; what could not be looked at, it says.

    python tools/audit.py [--lock requirements-dev.lock] [--offline]

Without a network it looks at what is installed: every package is in the lock, in the locked version; every file is the one
that came in the wheel (the sums of its RECORD); every licence is one that the project may be used with. With one, pip says
which locked versions have been yanked, and pip-audit which have known vulnerabilities. A service that does not answer, or
does not know the packages, has found nothing: that is told as not looked at, never as good.
"""

import argparse
import base64
import csv
import hashlib
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from packaging.markers import default_environment
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
from wheelhouse import Pin, pins  # noqa: E402  beside this file, wherever it is called from

OWN = frozenset({"township-report", "pip"})
"""The project itself, and what the environment came with: neither is in the lock of a report."""
FREE = (
    r"MIT(-0|-CMU)?|0BSD|BSD([- ].*)?|(new |modified |the )?bsd( license)?|ISC.*|Apache.*|PSF-2\.0|Python Software Foundation.*|"
    r"CNRI-Python|Zlib.*|HPND|CC0-1\.0|Unlicense|Public Domain|SIL Open Font License.*|OFL-1\.1|MPL-2\.0|Mozilla Public License 2\.0.*|"
    r"MIT License|The MIT License.*|PIL|Historical Permission.*|dependency licenses"
)
"""Licences under which the project may be used and handed on as it is; MPL binds only changes of the package's own files."""
LOOKED_UP: Mapping[str, str] = {"axe-playwright-python": "MIT"}
"""Licences of packages whose metadata names none, as their source says."""
SERVICES = ("pypi", "osv")


@dataclass
class Audit:
    """What came of it.

    Attributes:
        findings: what must be put right.
        looked: what was looked at, and found good.
        unseen: what could not be looked at, and why.
    """

    findings: list[str] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


def installed(path: Sequence[str] | None = None) -> dict[str, Distribution]:
    """The packages of this environment, or of the given folders, by name."""
    found = distributions(path=list(path)) if path is not None else distributions()
    named = {canonicalize_name(each.metadata["Name"]): each for each in found}
    return {name: each for name, each in sorted(named.items()) if name not in OWN}


def unlocked(there: Mapping[str, Distribution], listed: Sequence[Pin]) -> Iterator[str]:
    """What is installed and not locked, in another version, or missing."""
    environment = {name: str(value) for name, value in default_environment().items()}
    wanted = {
        pin.name: pin.version
        for pin in listed
        if pin.requirement.marker is None or pin.requirement.marker.evaluate(environment)
    }
    for name, each in there.items():
        if name not in wanted:
            yield f"{name} {each.version} is installed and not in the lock"
        elif each.version != wanted[name]:
            yield f"{name} {each.version} is installed, {wanted[name]} is locked"
    for name in sorted(wanted.keys() - there.keys() - OWN):
        yield f"{name} {wanted[name]} is locked and not installed"


def altered(there: Mapping[str, Distribution]) -> Iterator[str]:
    """The files that are not as they came in their wheel, by the sums of RECORD; compiled modules have none."""
    for name, each in there.items():
        record = each.read_text("RECORD")
        if record is None:
            yield f"{name} has no RECORD: it was not installed from a wheel"
            continue
        for file, told, _ in csv.reader(record.splitlines()):
            kind, _, sum_of_file = told.partition("=")
            if not told:
                continue
            try:
                content = Path(str(each.locate_file(file))).read_bytes()
            except OSError:
                yield f"{name}: {file} is gone"
                continue
            digest = base64.urlsafe_b64encode(hashlib.new(kind, content).digest()).rstrip(b"=").decode()
            if digest != sum_of_file:
                yield f"{name}: {file} is not the file that was installed"


def licence_of(each: Distribution) -> str:
    """What a package says of its licence: the expression, else its classifiers, else the first line of the old field."""
    told: Any = each.metadata
    if told.get("License-Expression"):
        return str(told["License-Expression"])
    classified = [
        text.rpartition(" :: ")[2] for text in told.get_all("Classifier") or () if text.startswith("License ::")
    ]
    classified = [text for text in classified if text != "OSI Approved"]
    first = (str(told.get("License") or "").strip().splitlines() or [""])[0]
    return " OR ".join(classified) or first or LOOKED_UP.get(canonicalize_name(told["Name"]), "")


def is_free(licence: str) -> bool:
    """Whether a licence is known and free: one of those joined by OR, all of those joined by AND or a comma."""
    text = licence
    while re.search(r"\b(AND|OR|WITH)\b", text) and (group := re.search(r"\(([^()]*)\)", text)):
        text = text.replace(group[0], "MIT" if is_free(group[1]) else "not free", 1)
    return any(
        all(re.fullmatch(FREE, part.strip(), re.IGNORECASE) for part in re.split(r"(?i:\band\b)|,(?! Version)", one))
        for one in re.split(r"\bOR\b", text)
    )


def unfree(there: Mapping[str, Distribution]) -> Iterator[str]:
    """The packages whose licence is unknown, or not among those that the project may be used with."""
    for name, each in there.items():
        licence = licence_of(each)
        if not licence or not is_free(licence):
            yield f"{name}: licence {licence or 'unknown'}"


def yanked(report: Mapping[str, Any]) -> Iterator[str]:
    """The versions that their authors have withdrawn, of pip's report of an installation."""
    for each in report.get("install", ()):
        if each.get("is_yanked"):
            yield f"{each['metadata']['name']} {each['metadata']['version']} has been yanked"


def vulnerable(told: Mapping[str, Any]) -> tuple[list[str], int, int]:
    """What pip-audit found, of its JSON: the vulnerabilities, how many packages it knew, and how many it did not."""
    found, known, skipped = [], 0, 0
    for each in told.get("dependencies", ()):
        if "skip_reason" in each:
            skipped += 1
            continue
        known += 1
        for flaw in each.get("vulns", ()):
            fixed = f", fixed in {', '.join(flaw['fix_versions'])}" if flaw.get("fix_versions") else ""
            found.append(f"{each['name']} {each['version']}: {flaw['id']}{fixed}")
    return found, known, skipped


def look_here(audit: Audit, lock: Path) -> None:
    """What needs no network."""
    listed, there = list(pins(lock.read_text(encoding="utf-8"))), installed()
    for found, good in (
        (list(unlocked(there, listed)), f"{len(there)} packages are installed as {lock.name} has them"),
        (list(altered(there)), "their files are those of their wheels"),
        (list(unfree(there)), "their licences are known and free"),
    ):
        audit.findings += found
        audit.looked += [] if found else [good]


def look_out(audit: Audit, lock: Path) -> None:
    """What only others know: withdrawn versions, vulnerabilities."""
    with tempfile.TemporaryDirectory() as scratch:
        told = Path(scratch) / "report.json"
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "-q", "--dry-run", "--no-deps"]
        pip += ["--ignore-installed", "--require-hashes", "--report", str(told), "-r", str(lock)]
        done = subprocess.run(pip, check=False, capture_output=True, text=True)
        if done.returncode == 0:
            found = list(yanked(json.loads(told.read_text(encoding="utf-8"))))
            audit.findings += found
            audit.looked += [] if found else ["no locked version has been yanked, and each file has the lock's hash"]
        elif "DO NOT MATCH THE HASHES" in done.stderr:
            audit.findings.append(f"a file of the index is not the locked one:\n{done.stderr}")
        else:
            audit.unseen.append("yanked versions: the package index could not be asked")
    audit_vulnerabilities(audit, lock)


def audit_vulnerabilities(audit: Audit, lock: Path) -> None:
    """Asks the services that pip-audit knows, one after another, until one knows all packages."""
    if importlib.util.find_spec("pip_audit") is None:
        audit.unseen.append("vulnerabilities: pip-audit is not installed")
        return
    why = []
    for service in SERVICES:
        asked = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "-r", str(lock), "-s", service]
        asked += ["-f", "json", "--progress-spinner", "off", "--timeout", "15"]
        done = subprocess.run(asked, check=False, capture_output=True, text=True)
        try:
            found, known, skipped = vulnerable(json.loads(done.stdout))
        except ValueError:
            why.append(f"{service} does not answer")
            continue
        audit.findings += found
        if known and not skipped:
            audit.looked += [] if found else [f"no vulnerability of {known} packages is known to {service}"]
            return
        why.append(f"{service} knows {known} of {known + skipped} packages")
    audit.unseen.append(f"vulnerabilities: {'; '.join(why)}")


def main() -> int:
    """Looks, tells, and fails on a finding."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lock", type=Path, default=ROOT / "requirements-dev.lock")
    parser.add_argument("--offline", action="store_true", help="ask nobody")
    chosen = parser.parse_args()
    audit = Audit()
    look_here(audit, chosen.lock)
    if chosen.offline:
        audit.unseen.append("yanked versions, vulnerabilities: --offline")
    else:
        look_out(audit, chosen.lock)
    for sign, lines in (("FOUND     ", audit.findings), ("good      ", audit.looked), ("NOT LOOKED", audit.unseen)):
        for line in lines:
            print(sign, line)
    return 1 if audit.findings else 0


if __name__ == "__main__":
    sys.exit(main())
