"""What commands print, where a terminal shows it and where none does."""

import io

from rich.console import Console

from analysis.running.console import print_table, say, table


def test_text_of_a_return_cannot_move_the_cursor() -> None:
    out = io.StringIO()
    say(Console(file=out, width=80), "清屏\x1b[2J\x9b2J[red]全角\u3000空格\n第二行")
    assert out.getvalue() == "清屏\ufffd[2J\ufffd2J[red]全角\u3000空格\n第二行\n"


def test_a_table_is_drawn_on_a_terminal_alone() -> None:
    for terminal in (True, False):
        out = io.StringIO()
        to = Console(file=out, width=40, force_terminal=terminal, color_system=None)
        drawn = table(to, "乡镇", "结果")
        drawn.add_row("qinghe", "报告")
        print_table(to, drawn)
        assert ("│" in out.getvalue()) == terminal
    assert out.getvalue() == "乡镇    结果\nqinghe  报告\n"
