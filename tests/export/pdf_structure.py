"""What PDF/A-2a and PDF/UA-1 require, as far as it can be seen in the file's structure (not a full validator)."""

from __future__ import annotations

import io
from collections import Counter

import pikepdf


def faults(pdf: bytes) -> tuple[list[str], Counter[str]]:
    """Return what is amiss, and how often each tag occurs."""
    document = pikepdf.open(io.BytesIO(pdf))
    root = document.Root
    found: list[str] = []

    def expect(condition: bool, what: str) -> None:
        if not condition:
            found.append(what)

    expect(not document.is_encrypted, "encrypted")
    expect(bool(root.get("/MarkInfo", {}).get("/Marked", False)), "MarkInfo.Marked")
    expect("/StructTreeRoot" in root, "StructTreeRoot")
    expect("/Lang" in root, "Lang")
    expect(bool(root.get("/ViewerPreferences", {}).get("/DisplayDocTitle", False)), "DisplayDocTitle")
    expect("/GTS_PDFA1" in [intent.get("/S") for intent in root.get("/OutputIntents", [])], "OutputIntent")
    with document.open_metadata() as metadata:
        expect((metadata.get("pdfaid:part"), metadata.get("pdfaid:conformance")) == ("2", "A"), "pdfaid")
        expect(metadata.get("pdfuaid:part") == "1", "pdfuaid")
        expect(bool(metadata.get("dc:title")), "dc:title")
    for item in document.objects:
        if not isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            continue
        if item.get("/Type") == "/FontDescriptor":
            embedded = any(key in item for key in ("/FontFile", "/FontFile2", "/FontFile3"))
            expect(embedded, f"font not embedded {item.get('/FontName')}")
        if item.get("/Type") == "/Font" and "/DescendantFonts" in item:
            expect("/ToUnicode" in item, f"no ToUnicode {item.BaseFont}")
        expect(item.get("/S") not in ("/JavaScript", "/Launch"), "action")
    tags: Counter[str] = Counter()

    def walk(node: object) -> None:
        if isinstance(node, pikepdf.Array):
            for child in node:
                walk(child)
        elif isinstance(node, pikepdf.Dictionary):
            tag = node.get("/S")
            if tag is not None:
                tags[str(tag)] += 1
                if tag in ("/Figure", "/Formula"):
                    expect(bool(node.get("/Alt") or node.get("/ActualText")), f"{tag} without Alt")
            if "/K" in node:
                walk(node.K)

    walk(root.StructTreeRoot)
    for number, page in enumerate(document.pages, start=1):
        expect("/StructParents" in page.obj, f"page {number} StructParents")
        expect("/Annots" not in page.obj or page.obj.get("/Tabs") == "/S", f"page {number} Tabs")
    return found, tags


def boxes(pdf: bytes) -> list[str]:
    """Return the fonts in which some page shows glyph 0, the box of a missing character."""
    document = pikepdf.open(io.BytesIO(pdf))
    found: list[str] = []
    for page in document.pages:
        fonts, current = page.obj.Resources.get("/Font", {}), ""
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) == "Tf":
                current = str(operands[0])
            elif str(operator) in ("Tj", "TJ"):
                pieces = operands[0] if str(operator) == "TJ" else operands
                for piece in pieces:
                    if isinstance(piece, pikepdf.String):
                        raw = bytes(piece)
                        if any(raw[i : i + 2] == b"\0\0" for i in range(0, len(raw), 2)):
                            found.append(str(fonts[current].BaseFont))
    return found
