"""Bodies that are too large or too slow: refused, at little cost."""

import select
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from resources import Resource
from served import serve
from wire import Answer, NoAnswer, connect, exchange, make_json_request, read_answer, send_all
from writers import make_titled_row

LARGE = 100_000_000
MOST_MEMORY = 30 * 1024
"""KiB by which the server may grow."""
PATIENCE = 2.0
"""Seconds that a body may take in the part about slow ones."""
_PIECE = b"a" * 65536
_CHUNK = b"10000\r\n" + _PIECE + b"\r\n"


@dataclass
class _Sender:
    """Sends one request in a thread, and notes the answer. closed: the other side closed it."""

    send: Callable[["_Sender", socket.socket], None]
    port: int
    answer: Answer | None = None
    seconds: float = 0.0
    sent: int = 0
    closed: bool = False
    faults: list[str] = field(default_factory=list)

    def work(self) -> None:
        try:
            with connect(self.port) as (connection, file):
                self.send(self, connection)
                started = time.monotonic()
                self.answer = read_answer(file, "POST")
                self.seconds = time.monotonic() - started
                self.closed = _drain(connection)
        except (NoAnswer, OSError) as error:
            self.faults.append(f"no answer: {error}")


def _drain(connection: socket.socket) -> bool:
    """Tell whether the other side closes the connection within some seconds."""
    connection.settimeout(3)
    try:
        while connection.recv(65536):
            continue
    except TimeoutError:
        return False
    except OSError:
        return True
    return True


def send_large_bodies(project: Path, resource: Resource) -> tuple[list[str], str]:
    """Send bodies of 100 MB, some with their length and some without, several at once."""
    head = f"POST {resource.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"

    def send_with_length(sender: _Sender, connection: socket.socket) -> None:
        send_all(connection, f"{head}Content-Length: {LARGE}\r\n\r\n".encode())
        _pour(sender, connection, _PIECE)

    def send_chunked(sender: _Sender, connection: socket.socket) -> None:
        send_all(connection, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode())
        _pour(sender, connection, _CHUNK)

    with serve(project, "large.db") as server:
        small = make_json_request("POST", resource.path, make_titled_row(resource, "small"))
        for _ in range(20):
            exchange(server.port, small, "POST")
        before = server.read_peak()
        senders = [_Sender(send, server.port) for send in [send_with_length, send_chunked] * 4]
        _send_at_once(senders)
        grown = server.read_peak() - before
        faults = _judge(senders, 413) + server.list_log_faults()
    if grown > MOST_MEMORY:
        faults.append(f"the server grew by {grown / 1024:.0f} MB")
    taken = sum(sender.sent for sender in senders) / 1e6
    memory = f"{grown / 1024:.1f} MB grown" if before else "memory cannot be measured here"
    return faults, f"{len(senders)} bodies, {taken:.0f} MB taken, {memory}"


def send_slow_bodies(project: Path, resource: Resource) -> tuple[list[str], str]:
    """Send half a body, and wait: the server does not wait longer than it was told to."""
    row = make_json_request("POST", resource.path, make_titled_row(resource, "slow"))
    with serve(project, "slow.db", BODY_SECONDS=f"{PATIENCE:.0f}") as server:
        senders = [_Sender(_make_half(row), server.port) for _ in range(20)]
        _send_at_once(senders)
        faults = _judge(senders, 408) + server.list_log_faults()
        left = sum(not sender.closed for sender in senders)
        faults += [f"{left} connections stayed open"] if left else []
    slowest = max(sender.seconds for sender in senders)
    if slowest > PATIENCE + 3:
        faults.append(f"only after {slowest:.1f} s")
    return faults, f"{len(senders)} half bodies, answered within {slowest:.1f} s"


def _make_half(request: bytes) -> Callable[[_Sender, socket.socket], None]:
    return lambda _, connection: send_all(connection, request[:-9])


def _pour(sender: _Sender, connection: socket.socket, piece: bytes) -> None:
    """Send a large body, until it is sent, or somebody answers or no longer listens."""
    while sender.sent < LARGE:
        if select.select([connection], [], [], 0)[0]:
            return
        try:
            connection.sendall(piece)
        except OSError:
            return
        sender.sent += len(_PIECE)


def _send_at_once(senders: list[_Sender]) -> None:
    threads = [threading.Thread(target=sender.work, daemon=True) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)


def _judge(senders: list[_Sender], status: int) -> list[str]:
    faults = [fault for sender in senders for fault in sender.faults]
    for sender in senders:
        if sender.answer is not None and sender.answer.status != status:
            faults.append(f"answered {sender.answer.status}, not {status}")
        if sender.answer is not None:
            kind = sender.answer.get("content-type")
            faults += [] if kind == "application/problem+json" else [f"answered as {kind}"]
    return [f"{faults.count(fault)} times: {fault}" for fault in dict.fromkeys(faults)]
