"""`data/schedule.toml`: what an office may write, and what it is told of a mistake."""

import re
from pathlib import Path

import pytest

from analysis.running.scheduled.settings import USUAL, Mail, Settings, Webhook, read_settings
from analysis.scheme.problems import SchemeError

MAIL = '[mail]\nhost = "smtp.example.com"\nfrom = "a@example.com"\nto = "b@example.com"\n'


def read(tmp_path: Path, text: str) -> Settings:
    path = tmp_path / USUAL
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return read_settings(tmp_path, None)


def test_without_the_file_nobody_is_told(tmp_path: Path) -> None:
    assert read_settings(tmp_path, None) == Settings()
    with pytest.raises(FileNotFoundError):
        read_settings(tmp_path, Path("没有.toml"))


def test_the_example_says_what_there_is_and_can_be_used(root: Path, tmp_path: Path) -> None:
    text = (root / "ops" / "schedule.toml").read_text(encoding="utf-8")
    assert read(tmp_path, text) == Settings()
    used = re.sub(r"^# (?=\[\[|\w+ = )", "", text, flags=re.MULTILINE)
    settings = read(tmp_path, used)
    assert [hook.name for hook in settings.hooks] == ["webhook oa.example.gov.cn", "邮件 smtp.example.gov.cn"]
    named = set(re.findall(r"^(?:# )?(\w+) = ", text, re.MULTILINE))
    known = {field.alias or name for model in (Webhook, Mail) for name, field in model.model_fields.items()}
    assert named == {*known, "keep"} - {"port"}


def test_one_or_several(tmp_path: Path) -> None:
    settings = read(tmp_path, MAIL + '[[webhook]]\nurl = "http://a"\n[[webhook]]\nurl = "https://b/c"\non = "failed"\n')
    assert [hook.name for hook in settings.hooks] == ["webhook a", "webhook b", "邮件 smtp.example.com"]
    assert settings.mail[0].to == ("b@example.com",) and settings.webhook[1].on == ("failed",)


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("keep = 0", 1, "“keep”不能写 0。应当不小于 1"),
        ("keep = 12\nhook = 1", 2, "没有“hook”这一项。请改为以下之一或删去：keep、webhook、mail"),
        ("keep = ", 1, "这一行的写法有误"),
        ('[webhook]\nurl = "file:///etc/passwd"', 2, "“url”不能用：应当是 http:// 或 https:// 开头的完整网址"),
        ('# 通知\n[[webhook]]\nformat = "json"', 2, "缺少“url”这一项。请补上"),
        ('[[webhook]]\nurl = "http://a"\n[[webhook]]\nurl = "http://b"\ntries = 9', 5, "“tries”不能写 9。应当不大于 5"),
        ('[webhook]\nurl = "http://a"\nformat = "weixin"', 3, '请改为以下之一："json"、"wecom"、"dingtalk"、"feishu"'),
        ('[webhook]\nurl = "http://a"\non = ["done", "坏"]', 3, '请改为以下之一："done"、"gaps"、"failed"、"skipped"'),
        ('[[webhook]]\nformat = "json"\n[[webhook]]\nurl = "http://b"', 1, "缺少“url”这一项"),
        (MAIL + "to_all = true", 5, "没有“to_all”这一项"),
        (MAIL.replace("b@example.com", "王主任"), 4, "“to”不能用：“王主任”不是邮箱地址"),
        (MAIL.replace("a@example.com", "a@[c"), 3, "“from”不能用：“a@[c”不是邮箱地址"),
        (MAIL + 'user = "a"', 1, "user 和 password_env 要么都写，要么都不写"),
        (MAIL + 'user = "a"\npassword_env = "Geheim!"', 6, "“password_env”不能用：这里写环境变量的名称"),
        (MAIL + 'user = "a"\npassword_env = "P"\nsecurity = "none"', 1, "否则密码会明文发出"),
        ("keep = 12\nkeep = 13", 2, "这一行的写法有误"),
        ("webhook = 3", 1, "“webhook”的写法不对"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(text: str, line: int, told: str, tmp_path: Path) -> None:
    with pytest.raises(SchemeError) as error:
        read(tmp_path, text)
    message = str(error.value)
    assert message.startswith(f"{USUAL} 第{line}行：") and told in message
    assert "Geheim" not in message and "passwd" not in message
