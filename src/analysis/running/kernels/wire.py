"""What the warm process is asked and answers, over a socket in a folder that only this user can enter.

One connection is one child's life. The client sends a request with its descriptors; the warm process answers a line of JSON
with the child's number, or why it refuses, and a line with the exit code when the child has ended. A connection that the
client closes ends the child.
"""

import contextlib
import json
import os
import socket
import struct
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

PATIENCE = 120.0
"""Seconds that a client waits for its child: on a slow office machine the warm process may still be importing."""
_FRAME = struct.Struct("!II")
_MOST = 64 << 20
"""Bytes that a request may have."""


class WarmError(OSError):
    """The warm process is gone, or refuses: the ordinary way has to serve."""


@dataclass(frozen=True, slots=True)
class Request:
    """A child that is asked for.

    Attributes:
        kind: `kernel`, or `call` of a pickled function.
        argv: a kernel's arguments, as ipykernel's launcher takes them.
        env, cwd: what the child finds, whatever the warm process has.
    """

    kind: str
    argv: Sequence[str]
    env: Mapping[str, str]
    cwd: str


def ask(address: str, request: Request, descriptors: Sequence[int], payload: bytes = b"") -> tuple[socket.socket, int]:
    """Ask the warm process for a child.

    Args:
        address: the socket's path.
        request: what is wanted.
        descriptors: standard output and error, and for a call the end of a pipe that takes its result.
        payload: for a call, what is to be called.

    Returns:
        The connection that is the child's life, and the child's number.

    Raises:
        WarmError: nobody answers, or the answer is no.
    """
    connection = socket.socket(socket.AF_UNIX)
    try:
        connection.settimeout(PATIENCE)
        connection.connect(address)
        header = json.dumps(asdict(request)).encode()
        data = _FRAME.pack(len(header), len(payload)) + header + payload
        sent = socket.send_fds(connection, [data], list(descriptors))
        if sent < len(data):  # to send nothing is an error where the answer is there and the connection closed
            connection.sendall(data[sent:])
        answer = read_line(connection)
        if answer is None or "pid" not in answer:
            raise WarmError(answer["refused"] if answer else "the warm process has gone")
    except BaseException as error:
        connection.close()
        if isinstance(error, OSError) and not isinstance(error, WarmError):
            raise WarmError(f"the warm process does not answer: {error}") from error
        raise
    return connection, int(answer["pid"])


def answers(address: str) -> bool:
    """Whether somebody listens at an address."""
    with socket.socket(socket.AF_UNIX) as connection:
        try:
            connection.connect(address)
        except OSError:
            return False
    return True


def read_line(connection: socket.socket) -> dict[str, Any] | None:
    """The next line that the warm process sends; none if it has closed the connection."""
    line = bytearray()
    while not line.endswith(b"\n"):
        byte = connection.recv(1)  # byte by byte: what follows belongs to whoever reads next
        if not byte:
            return None
        line += byte
    answer: dict[str, Any] = json.loads(line)
    return answer


def answer(connection: socket.socket, **said: object) -> None:
    """Send a line; a client that has gone needs none."""
    with contextlib.suppress(OSError):
        connection.sendall(json.dumps(said).encode() + b"\n")


def receive(connection: socket.socket) -> tuple[Request, list[int], bytes]:
    """A client's request, its descriptors (not inherited by what the child starts), and its payload.

    Raises:
        OSError, ValueError: it sends no such thing, or not in time.
    """
    descriptors: list[int] = []
    try:
        start = b""
        while len(start) < _FRAME.size:
            part = _receive_with(connection, _FRAME.size - len(start), descriptors)
            if not part:
                raise ValueError("the client has gone")
            start += part
        sizes = _FRAME.unpack(start)
        if sum(sizes) > _MOST:
            raise ValueError("a request of this size is not served")
        header, payload = (_receive_all(connection, size) for size in sizes)
        return Request(**json.loads(header)), descriptors, payload
    except BaseException:
        close_all(descriptors)
        raise


def _receive_with(connection: socket.socket, size: int, descriptors: list[int]) -> bytes:
    """Some bytes, and the descriptors that came with them."""
    part, received, _flags, _from = socket.recv_fds(connection, size, 3)
    for descriptor in received:
        os.set_inheritable(descriptor, False)
    descriptors += received
    return part


def _receive_all(connection: socket.socket, size: int) -> bytes:
    data = bytearray()
    while len(data) < size:
        part = connection.recv(min(size - len(data), 1 << 20))
        if not part:
            raise ValueError("the client has gone")
        data += part
    return bytes(data)


def close_all(descriptors: Sequence[int]) -> None:
    """Close descriptors by their numbers: libraries hold others of their own."""
    for descriptor in descriptors:
        os.close(descriptor)


def same_user(connection: socket.socket) -> bool:
    """Whether the client is this user's; where the system can't say, the folder's mode alone decides."""
    if not hasattr(socket, "SO_PEERCRED"):
        return True
    _pid, user, _group = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return bool(user == os.getuid())
