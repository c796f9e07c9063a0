"""Telling somebody of scheduled runs: a web address, a mail. What fails here is told, and changes nothing else."""

import json
import os
import smtplib
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from http.client import HTTPException
from typing import Any

from analysis.running.scheduled.model import PROGRAM, TOLD, Outcome, worst
from analysis.running.scheduled.settings import Mail, Settings, Webhook

ANSWER = 65536
"""Bytes of an answer that are read at most."""
TOO_MANY = 429


class HookError(RuntimeError):
    """A hook that did not take the message; `again` where another try may help."""

    def __init__(self, reason: str, again: bool = False) -> None:
        self.again = again
        super().__init__(reason)


def tell(settings: Settings, outcomes: Sequence[Outcome], trying: bool = False) -> list[str]:
    """Tell everybody who wants to know; one message a hook, whatever the number of towns.

    Args:
        settings: the hooks.
        outcomes: how the runs ended.
        trying: whether this is only to see that the hooks work: all are told, whatever they want to know.

    Returns:
        A line for each hook that did not take it.
    """
    failed = []
    for hook in settings.hooks:
        wanted = [outcome for outcome in outcomes if trying or outcome.state in hook.on]
        if not wanted:
            continue
        try:
            _tried(hook, _send_web if isinstance(hook, Webhook) else _send_mail, wanted, trying)
        except HookError as error:
            failed.append(f"通知没有发出（{hook.name}）：{error}。不影响报告。")
    return failed


def text_of(outcomes: Sequence[Outcome], trying: bool) -> tuple[str, str]:
    """A message's subject and text."""
    ending = "试发通知" if trying else TOLD[worst(outcomes)]
    whose = f"{outcomes[0].town} {outcomes[0].period}".strip() if len(outcomes) == 1 else f"{len(outcomes)} 个乡镇"
    subject = _plain(f"{PROGRAM} 定时运行：{whose}，{ending}")  # a mail's is one line, whatever a folder is called
    text = "\n".join([subject, *([] if trying else (outcome.told() for outcome in outcomes))])
    return subject, text.encode("utf-8", "backslashreplace").decode()  # a folder's name may be no text


def _tried(hook: Webhook | Mail, send: Callable[..., None], outcomes: Sequence[Outcome], trying: bool) -> None:
    for left in reversed(range(hook.tries)):
        try:
            send(hook, outcomes, trying)
        except HookError as error:
            if not error.again or not left:
                raise
            time.sleep(hook.pause)
        else:
            return


def _secret(variable: str) -> str:
    if variable and not os.environ.get(variable):
        raise HookError(f"环境变量 {variable} 没有设")
    return os.environ.get(variable, "") if variable else ""


# ---- web ---------------------------------------------------------------------------------------------------------


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A message goes where the office said, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        """Follow no redirect; it is then an error like any other."""


def _send_web(hook: Webhook, outcomes: Sequence[Outcome], trying: bool) -> None:
    content = json.dumps(_content(hook, outcomes, trying), ensure_ascii=False).encode("utf-8", "backslashreplace")
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": PROGRAM}
    if token := _secret(hook.token_env):
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(hook.url, content, headers, method="POST")
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=hook.timeout) as answer:
            said = answer.read(ANSWER)
    except urllib.error.HTTPError as error:
        error.close()
        raise HookError(f"对方答复 {error.code}", error.code >= 500 or error.code == TOO_MANY) from None
    except urllib.error.URLError as error:
        raise HookError(f"连不上（{_plain(error.reason)}）", True) from None
    except (OSError, HTTPException) as error:
        raise HookError(f"发送出错（{_plain(error)}）", True) from None
    except ValueError:  # its words quote what can't be sent, which may be the token
        raise HookError("网址或口令里有不能发送的字符，如换行、汉字") from None
    if hook.format != "json":
        _require_taken(said)


def _content(hook: Webhook, outcomes: Sequence[Outcome], trying: bool) -> dict[str, Any]:
    _, text = text_of(outcomes, trying)
    if hook.format == "json":
        ending = "test" if trying else str(worst(outcomes))
        runs = [] if trying else [outcome.as_json() for outcome in outcomes]
        return {"program": PROGRAM, "outcome": ending, "text": text, "runs": runs}
    if hook.format == "feishu":
        return {"msg_type": "text", "content": {"text": text}}
    return {"msgtype": "text", "text": {"content": text}}


def _require_taken(said: bytes) -> None:
    """A group robot answers 200 to everything, and says in the answer whether it took it."""
    try:
        answer = json.loads(said)
    except ValueError:
        return
    if not isinstance(answer, dict):
        return
    code = next((answer[name] for name in ("errcode", "code", "StatusCode") if name in answer), 0)
    if code != 0:
        raise HookError(f"群机器人没有收下（{code}：{_plain(answer.get('errmsg') or answer.get('msg') or '')}）")


# ---- mail --------------------------------------------------------------------------------------------------------


def _send_mail(hook: Mail, outcomes: Sequence[Outcome], trying: bool) -> None:
    password = _secret(hook.password_env)
    subject, text = text_of(outcomes, trying)
    message = EmailMessage()
    message["Date"] = formatdate(localtime=True)
    message["Message-ID"] = make_msgid(domain=hook.sender.partition("@")[2])
    message["From"], message["To"], message["Subject"] = hook.sender, ", ".join(hook.to), subject
    message["Auto-Submitted"] = "auto-generated"  # so that no absence notice answers
    message.set_content(text + "\n", cte="base64")
    port = hook.port or {"tls": 465, "starttls": 587, "none": 25}[hook.security]
    try:
        with _connected(hook, port) as server:
            if hook.user:
                server.login(hook.user, password)
            refused = server.send_message(message)
    except smtplib.SMTPAuthenticationError as error:
        raise HookError(f"邮箱登录被拒绝（{error.smtp_code}），请核对 user 和环境变量 {hook.password_env}") from None
    except smtplib.SMTPRecipientsRefused as error:
        raise HookError(f"收件人被拒绝：{'、'.join(error.recipients)}") from None
    except smtplib.SMTPResponseException as error:
        raise HookError(f"对方答复 {error.smtp_code}", error.smtp_code < 500) from None
    except ssl.SSLCertVerificationError as error:
        raise HookError(f"邮件服务器的证书不能用（{error.verify_message}）") from None
    except (OSError, smtplib.SMTPException) as error:
        raise HookError(f"连不上（{_plain(error)}）", True) from None
    except ValueError as error:
        raise HookError(f"发送出错（{_plain(error)}）") from None
    if refused:
        raise HookError(f"收件人被拒绝：{'、'.join(refused)}，其余已发")


def _connected(hook: Mail, port: int) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if hook.security == "tls":
        return smtplib.SMTP_SSL(hook.host, port, timeout=hook.timeout, context=context)
    server = smtplib.SMTP(hook.host, port, timeout=hook.timeout)
    if hook.security == "starttls":
        try:
            server.starttls(context=context)
        except BaseException:
            server.close()
            raise
    return server


def _plain(error: object) -> str:
    """What a system or a server said, in one short line."""
    said = str(getattr(error, "strerror", None) or error or type(error).__name__)
    return " ".join("".join(c if c.isprintable() else " " for c in said).split())[:200]
