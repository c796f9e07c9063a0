"""Who may talk to the process that starts kernels."""

import os
import socket

import pytest

from analysis.running.kernels.wire import same_user


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="the system does not say who is at the other end")
def test_another_user_is_not_listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = socket.socketpair()
    with one, other:
        assert same_user(one)
        user = os.getuid()
        monkeypatch.setattr(os, "getuid", lambda: user + 1)
        assert not same_user(one)
        monkeypatch.delattr(socket, "SO_PEERCRED")  # where the system can't say, the folder's mode alone decides
        assert same_user(one)
