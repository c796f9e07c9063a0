"""What is said of an indicator, word for word: `sentences.csv` holds a case a line, figures on the left, sentence on the right.

Read it aloud: what reads poorly there reads poorly in the report. Columns: what the case shows; the indicator's code in
the scheme and what of it is otherwise (计划月份 as the target book has it); the period; the words of the template (`lead`,
or `key=words` each parted by |); which of the equal wordings; the figures as returned; the sentence, without its full
stop.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import calculator
import pytest

from analysis.figures.assess import assess
from analysis.figures.gather import Returned
from analysis.figures.model import Part
from analysis.intake.frames import Value
from analysis.scheme import Facts, Indicator, Period, PeriodFacts, Scheme, Town, read_scheme
from analysis.scheme.facts import TargetRow
from analysis.telling.spans import text_of
from analysis.telling.wording.count import CountWords, average_clause, count_clause, fact_clause
from analysis.telling.wording.numbers import Numbers
from analysis.telling.wording.parts import parts_clause
from analysis.telling.wording.ratio import RatioWords, ratio_clause
from analysis.telling.wording.target import TargetWords, target_clause
from analysis.telling.wording.words import joined
from analysis.telling.wording.zero import zero_sentences

HERE = Path(__file__).parent
FIELDS = ("target", "actual", "base", "carried")
Row = dict[str, str]


def cases() -> list[Row]:
    with (HERE / "sentences.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


CASES = cases()


@pytest.fixture(scope="module")
def scheme(root: Path) -> Scheme:
    return read_scheme(root / "scheme")


def typed(code: str, field: str, text: str) -> Value:
    number = None if field == "note" else Decimal(text)
    words = text if field == "note" else None
    place = (code, "", 1, field, text, number, words)
    return Value("甲办公室", "甲办.xlsx", "指标", f"{field[0].upper()}{code}", "indicator", *place)


def assessed(
    scheme: Scheme,
    rows: dict[str, Row],
    period: Period,
    before: dict[str, Row] | None = None,
    planned: dict[str, str] | None = None,
) -> dict:
    """The figures of a few rows for their sentences, from what was returned this year and the year before."""
    years = []
    for given in (rows, before or {}):
        returned = Returned()
        for code, fields in given.items():
            returned.rows[code] = {name: typed(code, name, text) for name, text in fields.items() if text}
        years.append(returned)
    town = Town(name="青禾镇", county="云川县", addressee="县政府", signature="镇政府")
    book = {(code, ""): TargetRow(code=code, planned_month=month) for code, month in (planned or {}).items()}
    facts = Facts(town, period, PeriodFacts(report_date="2022-01-12"), book, bool(book))
    found = {row.code: row for row in assess(scheme, facts, years[0], {period.year - 1: years[1]} if before else {})}
    general = scheme.checks_by_code["change_unexplained"].value
    return {c: Numbers(scheme[c], row, period, scheme[c].change_bound or general) for c, row in found.items()}


def sentence_of(case: Row, scheme: Scheme) -> str:
    code = case["code"]
    period = Period.parse(case["period"] or "2021")
    options = dict(option.split("=", 1) for option in case["options"].split("；") if option)
    month = options.pop("计划月份", None)
    chosen = Indicator(**{**scheme[code].model_dump(), **options})
    own = replace(scheme, indicators=tuple(chosen if i.code == code else i for i in scheme.indicators))
    rows = {code: {**{field: case[field] for field in FIELDS}, "note": case["note"]}}
    if chosen.whole:
        rows[chosen.whole] = {"actual": case["whole"], "base": case["whole_base"]}
    with_it = chosen.told_with
    if with_it and case["whole"]:
        rows[with_it] = {"actual": case["whole"]}
    before = {code: {"actual": case["base"], "carried": case["base_carried"]}} if case["base_carried"] else None
    numbers = assessed(own, rows, period, before, {code: month} if month else None)
    words = case["words"] if "=" in case["words"] else f"lead={case['words']}"
    said = dict(word.split("=", 1) for word in words.split("|") if word)
    turn, mine = int(case["turn"] or 0), numbers[code]
    parts = parts_clause(mine, list(parts_of(code, case["parts"])))
    match chosen.kind:
        case "target":
            return text_of(target_clause(mine, TargetWords(**said), turn, parts=parts))
        case "ratio":
            said.pop("lead", None)
            return text_of(ratio_clause(mine, numbers[chosen.whole or ""], RatioWords(**said), turn))
        case "fact":
            return text_of(fact_clause(mine, CountWords(**said)))
        case "zero":
            return text_of(joined(zero_sentences([(said["lead"] or chosen.name, mine)]), "。"))
    average = ()
    if chosen.average and with_it:
        average = average_clause(mine, numbers[with_it].row, chosen.average)
    return text_of(joined([count_clause(mine, CountWords(**said), turn, average=average), parts], "；"))


def parts_of(code: str, listed: str) -> Iterator[Part]:
    for number, part in enumerate(part for part in listed.split("、") if part):
        item, _, amount = part.partition(" ")
        yield Part(code, item, Decimal(amount) if amount else None, f"[甲办.xlsx]分项!D{number + 4}")


@pytest.mark.parametrize("case", CASES, ids=[f"{case['code']} {case['case']}" for case in CASES])
def test_the_sentence(case: Row, scheme: Scheme) -> None:
    assert sentence_of(case, scheme) == case["sentence"]


@pytest.mark.parametrize("case", CASES, ids=[f"{case['code']} {case['case']}" for case in CASES])
def test_the_sentence_holds_on_a_calculator(case: Row) -> None:
    words = re.sub(r"\s+", "", case["note"]).strip("。")
    sentence = case["sentence"].replace(words, calculator.MARK) if words else case["sentence"]
    if case["whole"] and "均" in sentence:  # an average is of the sentence before
        sentence = f"另有{case['whole']}{'户' if '户均' in sentence else '场'}；{sentence}"
    reading = calculator.read(sentence)
    assert reading.ok, [str(claim) for claim in reading.wrong] or reading.unread


def test_there_are_enough_of_every_kind() -> None:
    kinds = {case["code"]: 0 for case in CASES}
    assert len(CASES) >= 150 and len(kinds) >= 40
    assert len({(case["code"], case["case"]) for case in CASES}) == len(CASES)


def test_a_fall_is_never_told_in_times() -> None:
    assert not [case["sentence"] for case in CASES if re.search(r"(下降|减少)[\d.]+倍", case["sentence"])]


def test_a_rate_that_is_not_100_percent_never_reads_so() -> None:
    for case in CASES:
        if "为年度目标" in case["sentence"] and "的100.0%" in case["sentence"]:
            assert Decimal(case["actual"]) == Decimal(case["target"]), case
