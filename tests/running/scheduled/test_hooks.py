"""Who is told of scheduled runs: a web address, group robots, mail; and what is said where one can't be reached."""

import base64
import json
import smtplib
import socket
import socketserver
import threading
from collections.abc import Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from analysis.running.scheduled import Outcome, State
from analysis.running.scheduled.hooks import tell
from analysis.running.scheduled.settings import Settings

WHEN = ("2021-10-05T06:00:00+08:00", "2021-10-05T06:00:30+08:00")
GAPS = Outcome(
    "qinghe", "2021-09", State.GAPS, 2, *WHEN, counts={"errors": 1, "gaps": 3}, report="报告夹", log=Path("日志.txt")
)
DONE = Outcome("白云", "2021-09", State.DONE, 0, *WHEN)


class Web(ThreadingHTTPServer):
    """Answers what it is told to, and keeps what was posted."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), WebAnswer)
        self.answers: list[tuple[int, bytes]] = []
        self.posted: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/send?key=geheim"


class WebAnswer(BaseHTTPRequestHandler):
    server: Web

    def do_POST(self) -> None:
        self.server.headers.append(dict(self.headers))
        self.server.posted.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        status, said = self.server.answers.pop(0) if self.server.answers else (200, b"ok")
        self.send_response(status)
        self.send_header("Location", self.server.url)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: Any) -> None:
        pass


class Post(socketserver.ThreadingTCPServer):
    """A mail server of a few words."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), PostAnswer)
        self.mails: list[bytes] = []
        self.recipients: list[str] = []
        self.refuse = ""
        self.failures = 0


class PostAnswer(socketserver.StreamRequestHandler):
    server: Post

    def handle(self) -> None:
        self.say("220 ready")
        for line in self.rfile:
            word, told = line[:4].upper(), line.decode().strip()
            if word == b"QUIT":
                self.say("221 bye")
                return
            if word == b"MAIL" and self.server.failures:
                self.server.failures -= 1
                self.say("451 later")
            elif word == b"RCPT" and self.server.refuse and self.server.refuse in told:
                self.say("550 nobody")
            elif word == b"DATA":
                self.say("354 go")
                self.server.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))
                self.say("250 taken")
            else:
                self.server.recipients += [told] if word == b"RCPT" else []
                self.say("250 ok")

    def say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())


@pytest.fixture
def web() -> Iterator[Web]:
    yield from serving(Web())


@pytest.fixture
def post() -> Iterator[Post]:
    yield from serving(Post())


def serving(server: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def webhook(url: str, **more: Any) -> Settings:
    return Settings(webhook={"url": url, "pause": 0, **more})  # type: ignore[arg-type]


def mail(server: Post, **more: Any) -> Settings:
    given = {"host": "127.0.0.1", "port": server.server_address[1], "security": "none", "pause": 0, "from": "a@b.cn"}
    return Settings(mail={**given, "to": ["c@d.cn", "e@f.cn"], **more})  # type: ignore[arg-type]


# ---- web ---------------------------------------------------------------------------------------------------------


def test_a_web_address_gets_every_town_in_one_message(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_OF_TEST", "abc")
    assert tell(webhook(web.url, token_env="TOKEN_OF_TEST"), [GAPS, DONE]) == []
    (posted,) = web.posted
    assert (posted["outcome"], [run["town"] for run in posted["runs"]]) == ("gaps", ["qinghe", "白云"])
    assert posted["runs"][0]["counts"] == {"errors": 1, "gaps": 3} and posted["runs"][0]["log"] == "日志.txt"
    assert posted["text"].splitlines()[1] == (
        "qinghe 2021-09：草稿已生成（有缺项或错误），错误1条，缺数3处。报告在 报告夹，日志在 日志.txt。"
    )
    assert web.headers[0]["Authorization"] == "Bearer abc"


def test_only_what_is_wanted_is_told(web: Web) -> None:
    assert tell(webhook(web.url, on=["failed"]), [GAPS, DONE]) == [] and not web.posted
    assert tell(webhook(web.url, on=["gaps"]), [GAPS, DONE]) == []
    assert [run["town"] for run in web.posted[0]["runs"]] == ["qinghe"]
    assert tell(webhook(web.url, on=["failed"]), [DONE], trying=True) == []
    assert (web.posted[1]["outcome"], web.posted[1]["runs"]) == ("test", [])


@pytest.mark.parametrize(("format", "place"), [("wecom", "text"), ("dingtalk", "text"), ("feishu", "content")])
def test_group_robots_get_a_text_and_say_whether_they_took_it(format: str, place: str, web: Web) -> None:  # noqa: A002
    web.answers = [(200, b'{"errcode":0,"errmsg":"ok"}'), (200, '{"code":19001,"msg":"key 不对"}'.encode())]
    settings = webhook(web.url, format=format)
    assert tell(settings, [DONE]) == []
    assert "定时运行：白云 2021-09，报告已生成" in json.dumps(web.posted[0][place], ensure_ascii=False)
    (failure,) = tell(settings, [DONE])
    assert "群机器人没有收下（19001：key 不对）" in failure and "geheim" not in failure
    assert len(web.posted) == 2  # said no: not tried again


@pytest.mark.parametrize(
    ("answers", "tries", "told"), [([500, 429, 200], 3, None), ([503] * 9, 3, "503"), ([404], 1, "404")]
)
def test_tries_are_bounded(answers: list[int], tries: int, told: str | None, web: Web) -> None:
    web.answers = [(status, b"") for status in answers]
    failed = tell(webhook(web.url), [DONE])
    assert len(web.posted) == tries
    assert not failed if told is None else f"对方答复 {told}" in failed[0]


def test_no_redirect_is_followed(web: Web) -> None:
    web.answers = [(302, b"")]
    assert "对方答复 302" in tell(webhook(web.url), [DONE])[0]
    assert len(web.posted) == 1


def test_who_does_not_answer_is_told_without_the_secret_address() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/send?key=geheim"
        (failure,) = tell(webhook(url, timeout=0.05, tries=2), [DONE])
    assert failure.startswith("通知没有发出（webhook 127.0.0.1）：") and "geheim" not in failure
    assert failure.endswith("不影响报告。")
    (closed,) = tell(webhook(url, tries=2), [DONE])
    assert "连不上" in closed


@pytest.mark.parametrize("token", ["geheim\n2", "口令geheim"])
def test_a_token_that_can_not_be_sent_is_not_told(token: str, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN_OF_TEST", token)
    (failed,) = tell(webhook(web.url, token_env="TOKEN_OF_TEST"), [DONE])
    assert "网址或口令里有不能发送的字符" in failed and "geheim" not in failed


def test_a_token_that_is_not_set_is_told(web: Web) -> None:
    assert "环境变量 NOT_SET_IN_TEST 没有设" in tell(webhook(web.url, token_env="NOT_SET_IN_TEST"), [DONE])[0]
    assert not web.posted


# ---- mail --------------------------------------------------------------------------------------------------------


def test_a_mail_tells_everybody_in_chinese(post: Post) -> None:
    assert tell(mail(post), [GAPS]) == []
    message = message_from_bytes(post.mails[0])
    subject = str(make_header(decode_header(message["Subject"])))
    assert subject == "township-report 定时运行：qinghe 2021-09，草稿已生成（有缺项或错误）"
    assert base64.b64decode(message.get_payload()).decode().splitlines()[1].startswith("qinghe 2021-09：草稿已生成")
    assert [line.partition("<")[2] for line in post.recipients] == ["c@d.cn>", "e@f.cn>"]


def test_a_busy_mail_server_is_asked_again_and_a_recipient_it_does_not_know_is_told(post: Post) -> None:
    post.failures = 2
    assert tell(mail(post), [DONE]) == [] and len(post.mails) == 1
    post.refuse = "c@d.cn"
    assert "收件人被拒绝：c@d.cn，其余已发" in tell(mail(post), [DONE])[0]
    assert "收件人被拒绝：c@d.cn" in tell(mail(post, to="c@d.cn"), [DONE])[0]


def test_a_password_goes_over_no_open_line(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSWORD_OF_TEST", "geheim")
    given = {"user": "a", "password_env": "PASSWORD_OF_TEST", "security": "starttls", "tries": 1}
    (failure,) = tell(mail(post, **given), [DONE])
    assert "通知没有发出（邮件 127.0.0.1）" in failure and "geheim" not in failure
    assert not post.mails


class Secured:
    """A mail server that talks over TLS from the first word."""

    def __init__(self, host: str, port: int, **_: object) -> None:
        self.said: list[object] = [(host, port)]
        servers.append(self)

    def __enter__(self) -> "Secured":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def login(self, user: str, password: str) -> None:
        self.said.append((user, password))
        if password == "falsch":
            raise smtplib.SMTPAuthenticationError(535, b"no")

    def send_message(self, message: EmailMessage) -> dict[str, object]:
        self.said.append(message["To"])
        return {}


servers: list[Secured] = []


def test_a_mail_server_that_wants_a_password_gets_it_over_tls(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtplib, "SMTP_SSL", Secured)
    monkeypatch.setenv("PASSWORD_OF_TEST", "geheim")
    settings = mail(post, user="a", password_env="PASSWORD_OF_TEST", security="tls", port=None)
    assert tell(settings, [DONE]) == []
    assert servers[-1].said == [("127.0.0.1", 465), ("a", "geheim"), "c@d.cn, e@f.cn"]
    monkeypatch.setenv("PASSWORD_OF_TEST", "falsch")
    (failure,) = tell(settings, [DONE])
    assert "邮箱登录被拒绝（535），请核对 user 和环境变量 PASSWORD_OF_TEST" in failure and "falsch" not in failure
    assert servers[-1].said[1:] == [("a", "falsch")]


def test_one_hook_that_fails_keeps_no_other_from_being_told(web: Web, post: Post) -> None:
    web.answers = [(404, b"")]
    both = Settings(webhook=webhook(web.url).webhook, mail=mail(post).mail)
    assert len(tell(both, [DONE])) == 1
    assert len(post.mails) == 1


def test_a_folder_whose_name_is_no_text_is_told_all_the_same(web: Web, post: Post) -> None:
    """As of an archive that was packed on another system."""
    odd = Outcome("\udcc7\udce0", "", State.FAILED, 1, *WHEN, reason="名称不能用")
    hooks = Settings(webhook=webhook(web.url).webhook, mail=mail(post).mail)
    assert tell(hooks, [odd]) == []
    assert web.posted[0]["runs"][0]["town"] == "\udcc7\udce0" and len(post.mails) == 1
