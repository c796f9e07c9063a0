"""The warm process: imports once, has one thread, forks a child for each connection.

Its arguments, LISTENER LIFE FOLDER, are the numbers of two inherited sockets and the socket's folder.
`LIFE` is closed when the process that has started this one is gone, however it went: then this one goes, with every child
and with the folder. A byte on `LIFE` asks to serve nobody new, and to go with the last child.
"""

import contextlib
import gc
import os
import select
import shutil
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from analysis.running.kernels import child
from analysis.running.kernels.preload import preload, unlike
from analysis.running.kernels.wire import Request, answer, close_all, receive, same_user

READY = b"r"
"""Sent over `LIFE` when everything is imported."""
REQUEST_SECONDS = 10.0
"""A client sends its request at once, or is not served."""
Work = Callable[[], int]


class Server:
    """The loop over connections.

    Attributes:
        added: what libraries have added to the environment.
        children: by number, the connection of each child that runs; none once its client has gone.
    """

    def __init__(self, listener: socket.socket, life: socket.socket, added: Mapping[str, str]) -> None:
        self.pid = os.getpid()
        self.added = added
        self.listener: socket.socket | None = listener
        self.life = life
        self.children: dict[int, socket.socket | None] = {}
        self.woken, self.wake = os.pipe()
        for end in (self.woken, self.wake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self.wake)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only to be woken
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def serve(self) -> Work | None:
        """Serve until there is nobody to serve.

        Returns:
            In a forked child, what it has to do; in the warm process nothing.
        """
        self.life.sendall(READY)
        while self.listener is not None or self.children:
            clients = {connection: pid for pid, connection in self.children.items() if connection is not None}
            listening = [self.listener] if self.listener is not None else []
            watched: list[Any] = [self.life, self.woken, *listening, *clients]
            readable, _, _ = select.select(watched, [], [])
            if self.life in readable and not self._wanted():
                break
            if self.woken in readable:
                self._reap()
            for connection in clients.keys() & set(readable):
                self._forsaken(clients[connection], connection)
            if self.listener in readable:
                work = self._accept()
                if work is not None:
                    return work
        return None

    def _wanted(self) -> bool:
        """Whether whoever has started this process still is there; a byte from there says to take nobody new."""
        try:
            if not self.life.recv(1):
                return False
        except OSError:
            return False
        if self.listener is not None:
            self.listener.close()
            self.listener = None
        return True

    def _reap(self) -> None:
        """Tell the clients of children that have ended how they have."""
        with contextlib.suppress(BlockingIOError):
            os.read(self.woken, 4096)
        while self.children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            connection = self.children.pop(pid, None)
            if connection is not None:
                answer(connection, exit=os.waitstatus_to_exitcode(status))
                connection.close()

    def _forsaken(self, pid: int, connection: socket.socket) -> None:
        """A client says nothing after its request: what can be read is its end, and so its child's."""
        if self.children.get(pid) is connection:
            connection.close()
            self.children[pid] = None
            self._kill(pid)

    @staticmethod
    def _kill(pid: int) -> None:
        """Kill a child, not yet reaped, with its group; or alone, when it has no group yet."""
        for kill in (os.killpg, os.kill):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(pid, signal.SIGKILL)

    def _accept(self) -> Work | None:
        """Fork for a new client.

        Returns:
            In the child, what it has to do.
        """
        assert self.listener is not None
        try:
            connection, _ = self.listener.accept()
        except OSError:
            return None
        try:
            connection.settimeout(REQUEST_SECONDS)
            if not same_user(connection):
                raise ValueError("another user's process")
            request, descriptors, payload = receive(connection)
        except (OSError, ValueError, TypeError) as error:
            answer(connection, refused=str(error))
            connection.close()
            return None
        try:
            refusal = _refusal(request, descriptors)
            pid = os.fork() if refusal is None else -1
        except OSError as error:  # too many processes, no memory
            refusal, pid = str(error), -1
        if pid == 0:
            return self._child(connection, request, descriptors, payload)
        close_all(descriptors)
        if refusal is not None:
            answer(connection, refused=refusal)
            connection.close()
        else:
            self.children[pid] = connection
            answer(connection, pid=pid)
        return None

    def _child(self, connection: socket.socket, request: Request, descriptors: list[int], payload: bytes) -> Work:
        """In the child: let go of what is the warm process's."""
        warm, added = self.pid, self.added
        inherited = (self.listener, self.life, connection, *self.children.values())
        for each in inherited:
            if each is not None:
                each.close()
        self.children.clear()

        def work() -> int:
            child.become(request, descriptors, warm, added)
            close_all([self.woken, self.wake, *descriptors[:2]])
            if request.kind == "call":
                child.call(payload, descriptors[2])
            return child.be_kernel(request.argv)

        return work

    def stop(self) -> None:
        """Kill every child."""
        for pid in self.children:
            self._kill(pid)


def _refusal(request: Request, descriptors: list[int]) -> str | None:
    """Why a request can't be served as an ordinary start would; none if it can."""
    if len(descriptors) != {"kernel": 2, "call": 3}.get(request.kind):
        return "not such a request"
    return unlike(dict(request.env), request.cwd)


def main() -> int:
    """Serve; in a child, do its work. Gives the exit code."""
    listener, life = (socket.socket(fileno=int(number)) for number in sys.argv[1:3])
    folder = Path(sys.argv[3])
    warm, work = os.getpid(), None
    server = None
    try:
        added = preload()
        gc.collect()
        gc.freeze()  # children share these objects' memory as long as nobody writes into it
        server = Server(listener, life, added)
        work = server.serve()
    finally:
        if os.getpid() == warm:
            if server is not None:
                server.stop()
            shutil.rmtree(folder, ignore_errors=True)
    return work() if work is not None else 0
