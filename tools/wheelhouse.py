"""All packages of a lock file as wheels in a folder, for a machine without a network, of this or another platform.

    python tools/wheelhouse.py [--platform win_amd64] [--python-version 3.11] [--lock requirements.lock] [--into wheelhouse]

pip downloads for another platform, but evaluates markers (`; sys_platform == 'win32'`) for the machine it runs on, so that
a wheelhouse made on Linux for Windows would lack Windows' packages. Here the markers are evaluated for the target; the lock
names every package that is needed, so pip resolves nothing. Each file is held to the lock's hashes, by pip and once more here.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
# glibc 2.28 is that of the domestic Linux desktops (麒麟 V10, 统信 UOS) and of RHEL 8; whatever is older runs there too.
_GLIBC = range(28, 16, -1)


@dataclass(frozen=True)
class Target:
    """A kind of machine: the tags that pip is asked for, and what markers see there."""

    tags: tuple[str, ...]
    markers: Mapping[str, str]


def _target(os_name: str, sys_platform: str, system: str, machine: str, *tags: str) -> Target:
    markers = {
        "os_name": os_name,
        "sys_platform": sys_platform,
        "platform_system": system,
        "platform_machine": machine,
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    return Target(tags, markers)


def _linux(machine: str) -> Target:
    tags = [f"manylinux_2_{minor}_{machine}" for minor in _GLIBC]
    return _target("posix", "linux", "Linux", machine, *tags, f"manylinux2014_{machine}", f"linux_{machine}")


TARGETS: Mapping[str, Target] = {
    "win_amd64": _target("nt", "win32", "Windows", "AMD64", "win_amd64"),
    "linux_x86_64": _linux("x86_64"),
    "linux_aarch64": _linux("aarch64"),
    "macosx_arm64": _target("posix", "darwin", "Darwin", "arm64", "macosx_14_0_arm64"),
}


@dataclass(frozen=True)
class Pin:
    """A package of the lock: the exact requirement and the SHA-256 sums of its files."""

    requirement: Requirement
    hashes: frozenset[str] = field(repr=False)

    @property
    def name(self) -> str:
        """The package's name in the one spelling that can be compared."""
        return canonicalize_name(self.requirement.name)

    @property
    def version(self) -> str:
        """The one version that the lock allows."""
        return str(self.requirement.specifier).removeprefix("==")


def pins(lock: str) -> Iterator[Pin]:
    """The packages of a lock file's text.

    Raises:
        ValueError: a line that pins no exact version, or pins it without a hash.
    """
    for line in re.sub(r"\\\n", " ", lock).splitlines():
        wanted, *hashes = re.split(r"\s--hash=sha256:", line.partition("#")[0].strip())
        if not wanted:
            continue
        requirement = Requirement(wanted)
        if not hashes or not re.fullmatch(r"==[^*,]+", str(requirement.specifier)):
            raise ValueError(f"{wanted}: not pinned to one version with its hashes")
        yield Pin(requirement, frozenset(text.strip() for text in hashes))


def needed(listed: list[Pin], markers: Mapping[str, str], version: str) -> dict[str, list[Pin]]:
    """The packages that a kind of machine needs, whatever the patch release of its Python.

    Returns:
        for the first and the last patch release, lists that pip can take: each names a package once, and the second has
        only what the first has not.
    """
    lists: dict[str, list[Pin]] = {}
    for patch in (f"{version}.0", f"{version}.99"):
        seen = {**markers, "python_version": version, "python_full_version": patch}
        here = [pin for pin in listed if pin.requirement.marker is None or pin.requirement.marker.evaluate(seen)]
        lists[patch] = [pin for pin in here if not any(pin in earlier for earlier in lists.values())]
    return {patch: wanted for patch, wanted in lists.items() if wanted}


def _requirements(wanted: list[Pin]) -> str:
    """The lines for pip, without markers."""
    return "".join(
        f"{pin.name}=={pin.version}" + "".join(f" --hash=sha256:{digest}" for digest in sorted(pin.hashes)) + "\n"
        for pin in wanted
    )


def missing(folder: Path, wanted: list[Pin]) -> list[str]:
    """The packages of which a folder has no file with a hash of the lock."""
    there = {hashlib.sha256(wheel.read_bytes()).hexdigest() for wheel in folder.glob("*.whl")}
    return sorted(pin.name for pin in wanted if not pin.hashes & there)


def fill(into: Path, lists: Mapping[str, list[Pin]], options: list[str]) -> str:
    """Downloads the packages beside `into` and, where all are there, puts them in its place.

    Returns:
        what is wrong, where something is.
    """
    if into.is_dir() and any(path.suffix != ".whl" for path in into.iterdir()):
        return f"{into} holds more than wheels, and would be replaced: name another folder"
    into.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{into.name}-", dir=into.parent) as scratch:
        listed, new = Path(scratch) / "requirements.txt", Path(scratch) / "wheels"
        for patch, wanted in lists.items():
            listed.write_text(_requirements(wanted), encoding="utf-8")
            pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
            pip += [
                "--require-hashes",
                "--only-binary=:all:",
                *options,
                f"--python-version={patch}",
                "-r",
                str(listed),
                "-d",
                str(new),
            ]
            if subprocess.run(pip, check=False).returncode:
                return "pip could not fetch all packages; what was there before is untouched"
        if lacking := missing(new, [pin for wanted in lists.values() for pin in wanted]):
            return f"missing: {', '.join(lacking)}"
        if into.exists():
            shutil.rmtree(into)
        new.rename(into)
    return ""


def main() -> int:
    """Downloads, checks and tells what is there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--platform", choices=sorted(TARGETS), help="the other machine's kind; left out: this one's")
    parser.add_argument("--python-version", help="the other machine's Python, like 3.11; left out: this one's")
    parser.add_argument("--lock", type=Path, default=ROOT / "requirements.lock")
    parser.add_argument("--into", type=Path, default=ROOT / "wheelhouse")
    chosen = parser.parse_args()
    chosen.into = chosen.into.resolve()
    version = chosen.python_version or f"{sys.version_info.major}.{sys.version_info.minor}"
    if not re.fullmatch(r"3\.\d{1,2}", version):
        parser.error("--python-version is like 3.11")
    if chosen.python_version and not chosen.platform:
        parser.error("--python-version goes with --platform")
    markers: Mapping[str, str] = {name: str(value) for name, value in default_environment().items()}
    options: list[str] = []
    if chosen.platform:
        target = TARGETS[chosen.platform]
        markers, options = target.markers, [f"--platform={tag}" for tag in target.tags]
        options.append("--implementation=cp")
    lists = needed(list(pins(chosen.lock.read_text(encoding="utf-8"))), markers, version)
    if wrong := fill(chosen.into, lists, options):
        print(wrong, file=sys.stderr)
        return 1
    wheels = sorted(chosen.into.glob("*.whl"))
    size = sum(wheel.stat().st_size for wheel in wheels)
    print(
        f"{chosen.into}: {len(wheels)} wheels, {size / 1e6:.0f} MB, {chosen.platform or 'this machine'}, Python {version}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
