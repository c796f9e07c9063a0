"""Make many made-up townships under a root, each a copy of the example with a name and figures of its own.

    python tools/many_towns.py ROOT 100
    township-report batch --root ROOT --period 2021

For measuring and trying a batch. Names and figures follow from the township's number alone: the same root every time.
What a workbook says elsewhere of a figure (a sum, its parts, a sentence) stays true: only figures that stand alone differ.
"""

import argparse
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

from analysis.scheme import Scheme, read_scheme

ROOT = Path(__file__).resolve().parents[1]
EXAMPLE = ROOT / "data" / "raw" / "qinghe"
NAME = "青禾镇"
YEAR = "2021"
FIRST = "松柳石龙竹茶双白大枫药桃金银清云青红黄黑南北东西上下新古安平永福长高春秋梅兰荷桂"
SECOND = "岭坪门潭园坊河果湾树王源沟山溪水田坡桥寨塘关店铺庄堡台洞峡岩泉井洲岗坝垭梁坎滩"
SEALED = zipfile.ZipInfo().date_time


def name_of(number: int) -> str:
    """The name of a township, from 0 on; different for different numbers below 64 000."""
    first, second = number % len(FIRST), number // len(FIRST) % len(SECOND)
    third = number // (len(FIRST) * len(SECOND))
    return f"{FIRST[first]}{SECOND[second]}{SECOND[third - 1] if third else ''}镇"


def varied(scheme: Scheme) -> list[str]:
    """The codes of the indicators whose figure stands alone: in no relation, without parts, in no sentence."""
    related = " ".join(f"{relation.left} {relation.right}" for relation in scheme.relations)
    texts = (ROOT / "tools" / "example" / YEAR / "texts.toml").read_text(encoding="utf-8")
    figures = (ROOT / "tools" / "example" / "figures.csv").read_text(encoding="utf-8").splitlines()
    last = {line.split(",")[0]: line.rsplit(",", 1)[1] for line in figures[1:]}
    alone = []
    for indicator in scheme.indicators:
        figure = last.get(indicator.code, "")
        plain = figure.rstrip("0").rstrip(".") if "." in figure else figure
        mentioned = re.search(rf"\b{indicator.code}\b", related) or (plain and plain in texts)
        if indicator.kind == "target" and not mentioned and not indicator.breakdown and not indicator.told_with:
            alone.append(indicator.code)
    return alone


def make_town(root: Path, number: int, codes: list[str]) -> Path:
    """Write a township below `<root>/raw`, and tell its folder."""
    name = name_of(number)
    folder = root / "raw" / name
    for source in sorted(EXAMPLE.rglob("*")):
        path = folder / source.relative_to(EXAMPLE)
        if source.is_dir():
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        content = source.read_bytes()
        if source.suffix == ".xlsx":
            content = _workbook(content, name, number, codes if source.parent.name == YEAR else [])
        else:
            content = content.replace(NAME.encode(), name.encode())
        path.write_bytes(content)
    return folder


def figure_of(number: int, code: str, example: str) -> str:
    """A township's figure: between 0.9 and 1.2 times the example's, as exact as that."""
    seed = hashlib.sha256(f"{number} {code}".encode()).digest()
    factor = Decimal(90 + seed[0] % 31) / 100
    exact = Decimal(example)
    return str((exact * factor).quantize(Decimal(1) if exact == exact.to_integral_value() else Decimal("0.01")))


def _workbook(content: bytes, name: str, number: int, codes: list[str]) -> bytes:
    """A workbook with another township's name, and figures in the rows of some codes."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            text = old.read(part).decode()
            if part.endswith(".xml"):
                text = text.replace(_escaped(NAME), _escaped(name)).replace(NAME, name)
                text = "".join(_figures(text, number, codes))
            info = zipfile.ZipInfo(part, SEALED)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, text)
    return written.getvalue()


def _figures(text: str, number: int, codes: list[str]) -> Iterator[str]:
    """A sheet, row by row; column B has the code, F the figure."""
    for row in re.split(r"(?=<row )", text):
        code = re.search(r'<c r="B\d+"[^>]*><is><t>(\w+)</t>', row)
        if code is None or code[1] not in codes:
            yield row
            continue
        actual = re.search(r'(?<=<c r="F)\d+"[^>]*><v>([\d.]+)', row)
        if actual is not None:
            row = row[: actual.start(1)] + figure_of(number, code[1], actual[1]) + row[actual.end(1) :]  # noqa: PLW2901
        yield row


def _escaped(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)


def main() -> None:
    """Make them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("root", type=Path)
    parser.add_argument("towns", type=int)
    asked = parser.parse_args()
    codes = varied(read_scheme(ROOT / "scheme"))
    for number in range(asked.towns):
        make_town(asked.root, number, codes)
    print(f"{asked.towns} townships in {asked.root / 'raw'}; figures that differ: {' '.join(codes)}")


if __name__ == "__main__":
    main()
