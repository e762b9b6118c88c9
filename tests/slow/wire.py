"""HTTP as bytes: requests that no library would send, and the answers to them."""

import json
import socket
from asyncio import StreamReader
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

Headers = tuple[tuple[str, str], ...]
LIMIT = 30.0
"""Seconds to wait for bytes of an answer."""


@dataclass(frozen=True)
class Answer:
    """A whole answer; the names of its headers are in lower case."""

    status: int
    headers: Headers
    body: bytes

    def get(self, name: str) -> str | None:
        """Return the value of a header, the first if there are several."""
        return next((value for key, value in self.headers if key == name), None)

    def read_json(self) -> object:
        return json.loads(self.body)


class NoAnswer(Exception):
    """The connection was closed, or stayed silent, before a whole answer had come."""


def make_request(
    method: str,
    target: str,
    body: bytes | None = None,
    headers: Iterable[tuple[str, str]] = (),
    media_type: str = "application/json",
) -> bytes:
    """Write a well-formed request; a header that is given replaces the one of its name."""
    given = list(headers)
    names = {name.lower() for name, _ in given}
    usual = [("Host", "127.0.0.1")]
    if body is not None:
        usual += [("Content-Type", media_type), ("Content-Length", str(len(body)))]
    given += [(name, value) for name, value in usual if name.lower() not in names]
    lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in given)]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (body or b"")


def make_json_request(
    method: str, target: str, value: object, headers: Iterable[tuple[str, str]] = ()
) -> bytes:
    return make_request(method, target, json.dumps(value).encode(), headers)


def exchange(port: int, request: bytes, method: str = "GET", limit: float = LIMIT) -> Answer:
    """Send bytes on a connection of their own and read one answer; raise NoAnswer."""
    with connect(port, limit) as (sender, file):
        send_all(sender, request)
        return read_answer(file, method)


@contextmanager
def connect(port: int, limit: float = LIMIT) -> Iterator[tuple[socket.socket, BinaryIO]]:
    with (
        socket.create_connection(("127.0.0.1", port), timeout=limit) as sender,
        sender.makefile("rb") as file,
    ):
        yield sender, file


def send_all(sender: socket.socket, data: bytes) -> None:
    """Send bytes; an answer may wait to be read even if the other side has stopped listening."""
    try:
        sender.sendall(data)
    except (BrokenPipeError, ConnectionResetError):
        return


def read_answer(file: BinaryIO, method: str = "GET") -> Answer:
    """Read one answer to a request with this method; raise NoAnswer."""
    try:
        status, headers = _read_head(iter(lambda: file.readline(), b""))
        while status == 100:
            status, headers = _read_head(iter(lambda: file.readline(), b""))
        length = _find_length(status, headers, method)
        if length is not None:
            body = file.read(length)
            if len(body) < length:
                raise NoAnswer(f"{len(body)} bytes of {length}")
        elif dict(headers).get("transfer-encoding") == "chunked":
            body = b"".join(_read_chunks(file))
        else:
            body = file.read()
    except (OSError, ValueError) as error:
        raise NoAnswer(str(error) or type(error).__name__) from error
    return Answer(status, headers, body)


async def receive_answer(reader: StreamReader, method: str = "GET") -> Answer:
    """Read one answer that has a length, without blocking; raise NoAnswer."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        status, headers = _read_head(iter(head.splitlines(keepends=True)))
        length = _find_length(status, headers, method)
        if length is None:
            raise NoAnswer("an answer without a length")
        return Answer(status, headers, await reader.readexactly(length))
    except (OSError, ValueError, EOFError) as error:
        raise NoAnswer(str(error) or type(error).__name__) from error


def _read_head(lines: Iterator[bytes]) -> tuple[int, Headers]:
    first = next(lines, b"")
    parts = first.split(None, 2)
    if len(parts) < 2 or not parts[0].startswith(b"HTTP/1."):
        raise NoAnswer(f"no status line: {first[:80]!r}")
    headers: list[tuple[str, str]] = []
    for line in lines:
        if line == b"\r\n":
            return int(parts[1]), tuple(headers)
        name, _, value = line.decode("latin-1").partition(":")
        headers.append((name.lower(), value.strip()))
    raise NoAnswer("half a head")


def _find_length(status: int, headers: Headers, method: str) -> int | None:
    if method == "HEAD" or status in (204, 304):
        return 0
    length = dict(headers).get("content-length")
    return None if length is None else int(length)


def _read_chunks(file: BinaryIO) -> Iterator[bytes]:
    while size := int(file.readline().split(b";")[0], 16):
        yield file.read(size)
        file.readline()
    file.readline()
