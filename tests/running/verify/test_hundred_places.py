"""A hundred places edited in Word's own XML: every number is found with its sentence, and nothing else."""

import re
from collections import Counter
from pathlib import Path

import pytest

from analysis.running.verify import Change, verify

from .hundred_places import Expected, edit_hundred_places
from .word_edits import Document

pytestmark = pytest.mark.slow


def squeezed(text: str) -> str:
    """Without blanks and marks of no width, full-width digits as others."""
    kept = re.sub(r"[\s\u200b\u00ad]", "", text)
    return kept.translate({0xFF10 + digit: str(digit) for digit in range(10)} | {0xFF0E: "."})


def matches(change: Change, expected: Expected) -> bool:
    return (
        change.kind == expected.kind
        and expected.before in ("*", squeezed(change.before))
        and expected.after == squeezed(change.after)
        and squeezed(change.sentence_before) == squeezed(expected.sentence_before)
        and squeezed(change.sentence_after) == squeezed(expected.sentence_after)
    )


@pytest.mark.parametrize("rotation", range(3))
def test_every_edited_place_is_found_and_no_other(run_folder: Path, tmp_path: Path, rotation: int) -> None:
    document = Document((run_folder / "report.docx").read_bytes())
    expected = edit_hundred_places(document, rotation)
    edited = tmp_path / "改过的报告.docx"
    edited.write_bytes(document.content())

    changes = verify(edited, run_folder).changes

    missed = [wanted for wanted in expected if not any(matches(change, wanted) for change in changes)]
    false = [change for change in changes if not any(matches(change, wanted) for wanted in expected)]
    assert (missed, false) == ([], [])
    once = [wanted for wanted in expected if wanted.before != "*"]  # a lost sentence loses all its numbers
    told = Counter(next(wanted for wanted in expected if matches(change, wanted)) for change in changes)
    assert all(told[wanted] == count for wanted, count in Counter(once).items())
