"""The parts of a package: found, changed, added, left out, and put together again with all others as they were."""

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from analysis.intake.bounds import open_zip
from analysis.intake.form import ZIP_TIME
from analysis.intake.marking.xml import new_root, parse, write
from analysis.intake.refusal import damaged

CONTENT_TYPES = "[Content_Types].xml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
LEVEL = 6


class Parts:
    """A package whose parts are changed; the original's bytes stay as they are."""

    def __init__(self, content: bytes) -> None:
        """Open the package.

        Raises:
            Refusal: it is damaged, or beyond the bounds on its directory.
        """
        self._archive = open_zip(io.BytesIO(content))
        self._old = self._archive.namelist()
        self._changed: dict[str, bytes] = {}
        self._gone: set[str] = set()
        self._types: etree._Element | None = None

    def __contains__(self, name: str) -> bool:
        return name not in self._gone and (name in self._changed or name in self._archive.NameToInfo)

    @property
    def names(self) -> list[str]:
        """The names of all parts, new ones last."""
        return [name for name in (*self._old, *(n for n in self._changed if n not in self._old)) if name in self]

    def read(self, name: str) -> bytes:
        """Give a part's bytes.

        Raises:
            Refusal: there is none of the name, or it is damaged.
        """
        if name in self._changed:
            return self._changed[name]
        if name not in self:
            raise damaged()
        try:
            return self._archive.read(name)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
            raise damaged() from None

    def put(self, name: str, content: bytes) -> None:
        """Change or add a part."""
        self._gone.discard(name)
        self._changed[name] = content

    def leave_out(self, name: str) -> None:
        """Leave a part out, with its relations and its content type."""
        for gone in (name, relations_of(name)):
            self._gone.add(gone)
            self._changed.pop(gone, None)
        types = self._content_types()
        for override in [e for e in types if (e.get("PartName") or "").lower() == f"/{name}".lower()]:
            types.remove(override)

    def free(self, pattern: str) -> str:
        """A name of a pattern, `xl/comments{}.xml`, that no part has, in any case of its letters."""
        taken = {name.lower() for name in self.names}
        number = 1
        while pattern.format(number).lower() in taken:
            number += 1
        return pattern.format(number)

    def set_type(self, name: str, content_type: str) -> None:
        """State the content type of a new part."""
        types = self._content_types()
        ending = name.rpartition(".")[2].lower()
        if any((e.get("Extension") or "").lower() == ending and e.get("ContentType") == content_type for e in types):
            return
        etree.SubElement(types, f"{{{TYPES}}}Override", PartName=f"/{name}", ContentType=content_type)

    def _content_types(self) -> etree._Element:
        if self._types is None:
            self._types = parse(self.read(CONTENT_TYPES))
        return self._types

    def bytes(self) -> bytes:
        """The package: the parts in their order, the same bytes for the same parts."""
        if self._types is not None and any(name in self._changed or name in self._gone for name in self.names_touched):
            self.put(CONTENT_TYPES, write(self._types))
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
            for name in self.names:
                part = zipfile.ZipInfo(name, ZIP_TIME)
                part.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(part, self.read(name), compresslevel=LEVEL)
        return stream.getvalue()

    @property
    def names_touched(self) -> set[str]:
        """The names of parts that were changed, added or left out."""
        return set(self._changed) | self._gone


class Relations:
    """The relations of a part: read at once, written back where they were changed."""

    def __init__(self, parts: Parts, part: str) -> None:
        self._parts, self._part = parts, part
        self._known = {name.lower(): name for name in parts.names}
        self._name = self._known.get(relations_of(part).lower(), relations_of(part))
        self._root = parse(parts.read(self._name)) if self._name in parts else new_root("Relationships", RELATIONS)

    def __iter__(self) -> Iterator[tuple[str, str, str]]:
        """Id, kind (the last word of the type) and target of each relation within the package."""
        for relation in list(self._root):
            if isinstance(relation.tag, str) and relation.get("TargetMode") != "External":
                kind = (relation.get("Type") or "").rpartition("/")[2]
                yield relation.get("Id") or "", kind, self._target(relation.get("Target") or "")

    def target(self, identity: str | None) -> str | None:
        """The part of a relation's id."""
        return next((target for known, _, target in self if known == identity), None)

    def of_kind(self, kind: str) -> str | None:
        """The first part of a kind."""
        return next((target for _, known, target in self if known == kind), None)

    def add(self, kind: str, target: str) -> str:
        """Add a relation of a full type; gives its id."""
        taken = {relation.get("Id") for relation in self._root if isinstance(relation.tag, str)}
        number = 1
        while f"rIdReceipt{number}" in taken:
            number += 1
        identity = f"rIdReceipt{number}"
        etree.SubElement(self._root, f"{{{RELATIONS}}}Relationship", Id=identity, Type=kind, Target=f"/{target}")
        self._save()
        return identity

    def drop(self, target: str) -> None:
        """Take away the relations to a part."""
        for relation in list(self._root):
            if isinstance(relation.tag, str) and self._target(relation.get("Target") or "") == target:
                self._root.remove(relation)
        self._save()

    def _save(self) -> None:
        if len(self._root):
            self._parts.put(self._name, write(self._root))
        elif self._name in self._parts:
            self._parts.leave_out(self._name)

    def _target(self, written: str) -> str:
        """The part that a target means: from the root or from its part's folder, as written or with its `%20` read."""
        written = written.partition("#")[0].replace("\\", "/")
        for target in (written, unquote(written)):
            path = posixpath.normpath(posixpath.join("/", posixpath.dirname(self._part), target)).lstrip("/")
            if path.lower() in self._known:
                return self._known[path.lower()]
        return path


def relations_of(part: str) -> str:
    """The name of the part that holds a part's relations."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def reachable(parts: Parts) -> set[str]:
    """All parts that some relation leads to, from the package on."""
    found: set[str] = set()
    waiting = [""]
    while waiting:
        for _, _, target in Relations(parts, waiting.pop()):
            if target not in found and target in parts:
                found.add(target)
                waiting.append(target)
    return found
