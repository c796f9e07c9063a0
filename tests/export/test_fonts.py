from __future__ import annotations

from analysis.export import chart_font_file, fonts_used
from analysis.export.fonts import STACKS, choose_faces, face_lists


def test_every_stack_ends_in_a_face_of_the_wheel() -> None:
    assert {stack[-1] for stack in STACKS.values()} <= {"Noto Serif SC", "Noto Sans SC"}
    assert fonts_used(system=False) == {
        "title": "Noto Serif SC", "heading1": "Noto Sans SC", "heading2": "Noto Serif SC", "heading3": "Noto Serif SC",
        "body": "Noto Serif SC", "page_number": "Noto Serif SC",
    }  # fmt: skip


def test_the_best_face_wins() -> None:
    faces = choose_faces(["FandolFang R", "fangsong", "SimHei", "Noto Serif SC"])
    assert (faces["body"], faces["heading1"], faces["heading2"]) == ("FangSong", "SimHei", "Noto Serif SC")


def test_rare_characters_fall_back_to_the_wheel() -> None:
    assert face_lists({"body": "FangSong"})["body"] == ["FangSong", "Noto Serif SC", "Noto Sans SC"]


def test_chart_font_is_a_file() -> None:
    assert chart_font_file().is_file()
