"""The folder of all townships, wherever it lies: a disk, an object store, memory; anything that fsspec opens."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import fsspec
from fsspec.core import has_magic
from fsspec.implementations.local import LocalFileSystem

from analysis.running.batch.model import BatchError
from analysis.scheme.names import leads_elsewhere

_MARKS = ("ETag", "etag", "md5Hash", "content_md5", "checksum", "mtime", "LastModified", "last_modified", "created")
"""By which a file system tells one content of a file from another, the surest first."""
INSTALL = 'pip install "township-report[cluster]"'


@dataclass(frozen=True)
class Seen:
    """A file as a listing shows it.

    Attributes:
        size: in bytes.
        mark: differs when the file has been written again; empty where the file system tells nothing.
    """

    size: int
    mark: str


class Store:
    """A root on some file system; names of files are relative to it, with slashes.

    Args:
        url: an fsspec URL or a path.

    Raises:
        BatchError: nothing opens such a URL here.
    """

    def __init__(self, url: str) -> None:
        try:  # listings must be of now, not of when this process listed last
            fs, path = fsspec.core.url_to_fs(url, use_listings_cache=False)
        except ImportError as error:
            raise BatchError(f"打不开 {url}：缺少软件包（{error}）", f"请先安装：{INSTALL}") from error
        except ValueError as error:
            raise BatchError(f"打不开 {url}：{error}", "可以写文件夹、s3://桶/文件夹 等 fsspec 地址") from error
        self.url = url
        self.fs: Any = fs if isinstance(fs, LocalFileSystem) else _Reached(fs)
        self.path: str = str(path).rstrip("/") or "/"

    @property
    def local(self) -> Path | None:
        """The folder itself, where it lies on a disk of this machine."""
        return Path(self.path) if isinstance(self.fs, LocalFileSystem) else None

    def at(self, name: str) -> str:
        """A file's or folder's path on the file system."""
        return f"{self.path}/{name}" if name else self.path

    def folders(self, name: str) -> list[str]:
        """The names of the folders in a folder, sorted; none where it is not there."""
        try:
            entries = self.fs.ls(self.at(name), detail=True)
        except FileNotFoundError:
            return []
        names = (str(entry["name"]).rstrip("/").rpartition("/")[2] for entry in entries if _is_folder(self.fs, entry))
        return sorted({folder for folder in names if folder})

    def files(self, name: str) -> dict[str, Seen]:
        """Every file below a folder, by its name below it; hidden ones and what is no file left out."""
        folder = self.at(name)
        found = {}
        for path, entry in self.fs.find(folder, detail=True).items():
            below = path[len(folder) + 1 :]
            if entry.get("type") == "file" and below and not below.endswith("/") and not _hidden(below):
                found[below] = Seen(int(entry.get("size") or 0), _mark(entry))
        return dict(sorted(found.items()))

    def fetch(self, names: Mapping[str, Path]) -> None:
        """Copy files to paths on this machine's disk."""
        if names:
            self.fs.get([self.at(name) for name in names], [str(path) for path in names.values()])

    def put(self, files: Mapping[str, Path]) -> None:
        """Copy files of this machine's disk to names that nobody reads yet."""
        self._make_folders(files)
        if files:
            self.fs.put([str(path) for path in files.values()], [self.at(name) for name in files])

    def move(self, moves: Mapping[str, str]) -> None:
        """Move files over others, each in one piece: a reader finds the old one or the new one.

        An object store has no moving: there they are copied, which it does in one piece, and the sources stay.
        """
        if self._puts_whole():
            self.copy(moves)
            return
        self._make_folders(moves.values())
        for source, place in moves.items():
            self.fs.mv(self.at(source), self.at(place))

    def copy(self, copies: Mapping[str, str]) -> None:
        """Copy files within the store."""
        self._make_folders(copies.values())
        if copies:
            self.fs.copy([self.at(source) for source in copies], [self.at(place) for place in copies.values()])

    def remove(self, names: Iterable[str]) -> None:
        """Delete files; one that is gone already is no error."""
        listed = list(names)
        if self.fs.async_impl:  # many in one request; a name that looks like a pattern would be taken for one
            plain = [name for name in listed if not has_magic(self.at(name))]
            listed = [name for name in listed if has_magic(self.at(name))]
            try:
                if plain:
                    self.fs.rm([self.at(name) for name in plain])
            except FileNotFoundError:  # the others may still be there
                listed += plain
        for name in listed:
            try:
                self.fs.rm_file(self.at(name))
            except FileNotFoundError:
                continue

    def discard(self, folder: str) -> None:
        """Delete a folder that holds no other, with hidden files in it."""
        path = self.at(folder)
        self.remove([f"{folder}/{found[len(path) + 1 :]}" for found in self.fs.find(path)])
        if not self._puts_whole():
            with suppress(OSError):  # an empty folder is no harm
                self.fs.rmdir(path)

    def read(self, name: str) -> bytes | None:
        """A small file's content; none where it is not there."""
        try:
            return bytes(self.fs.cat_file(self.at(name)))
        except FileNotFoundError:
            return None

    def write(self, name: str, content: bytes) -> None:
        """Write a small file in one piece."""
        if self._puts_whole():
            self.fs.pipe_file(self.at(name), content)
            return
        folder, _, last = name.rpartition("/")
        beside = f"{folder}/.{last}" if folder else f".{last}"
        self.fs.makedirs(self.at(folder), exist_ok=True)
        self.fs.pipe_file(self.at(beside), content)
        self.fs.mv(self.at(beside), self.at(name))

    def _make_folders(self, names: Iterable[str]) -> None:
        """Make the folders of files, where there are folders; an object store has none."""
        if not self._puts_whole():
            for folder in {self.at(name).rpartition("/")[0] for name in names}:
                self.fs.makedirs(folder, exist_ok=True)

    def _puts_whole(self) -> bool:
        """Whether a file is there only once it is there as a whole: so with object stores, which are asynchronous here."""
        return bool(self.fs.async_impl) or "memory" in _protocols(self.fs)


class _Reached:
    """A file system out of whose reach is a failure of the system, whatever its library calls it: botocore's errors, and
    others', are no `OSError`.
    """

    def __init__(self, fs: Any) -> None:
        self._fs = fs

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._fs, name)
        return _of_system(found) if callable(found) else found


def _of_system(call: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(call)
    def told(*args: Any, **keywords: Any) -> Any:
        try:
            return call(*args, **keywords)
        except Exception as error:
            if isinstance(error, OSError) or type(error).__module__ == "builtins":
                raise
            raise OSError(f"存储连不上，或者没有权限（{error}）。请检查网络、地址和密钥") from error

    return told


def digest(seen: Mapping[str, Seen]) -> str:
    """The digest of a listing; empty if any file's content can't be told from another of its size."""
    if not all(entry.mark for entry in seen.values()):
        return ""
    lines = (f"{name}\0{entry.size}\0{entry.mark}\n" for name, entry in sorted(seen.items()))
    return hashlib.sha256("".join(lines).encode("utf-8", "backslashreplace")).hexdigest()


def is_file_name(name: str) -> bool:
    """Whether a file's name below a folder stays below it, on every operating system."""
    return not any(leads_elsewhere(part) for part in name.split("/"))


def _protocols(fs: Any) -> Sequence[str]:
    return (fs.protocol,) if isinstance(fs.protocol, str) else tuple(fs.protocol)


def _is_folder(fs: Any, entry: Mapping[str, Any]) -> bool:
    """Links to folders are folders, as they are for a run of one township."""
    if entry.get("islink"):
        return bool(fs.isdir(entry["name"]))
    return bool(entry.get("type") == "directory")


def _hidden(name: str) -> bool:
    return any(part.startswith(".") and part not in (".", "..") for part in name.split("/"))


def _mark(entry: Mapping[str, Any]) -> str:
    return next((str(entry[key]) for key in _MARKS if entry.get(key)), "")
