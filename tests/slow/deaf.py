"""A stream whose page never reads: the server gives it up, and tells the others."""

import asyncio
import socket
import time
from contextlib import suppress
from pathlib import Path

from audiences import LONGEST_STOP, SETTLE, Size
from changes import make_changes
from followers import Audience, Follower, find_last_id, read_number, wait_until
from processes import count_sockets, read_memory
from served import Server, serve
from wire import make_request

LISTENERS = 20
MOST_CHANGES = 40_000
"""The kernel takes some megabytes before a server notices that nobody reads."""
BATCH = 1000
PATIENCE = 30.0
"""Seconds that a server may take to give up a connection that takes nothing."""
LONGEST_SILENCE = 3.0


def drop_the_deaf(project: Path, _: Size) -> tuple[list[str], str]:
    """Make changes until the stream that never reads is dropped."""
    with serve(project, "deaf.db") as server:
        faults, detail = asyncio.run(_drop_the_deaf(server))
        return faults + server.list_log_faults(), detail


async def _drop_the_deaf(server: Server) -> tuple[list[str], str]:
    last_id = await find_last_id(server.port)
    audience = Audience(server.port)
    await audience.open(LISTENERS, last_id)
    await asyncio.sleep(SETTLE)
    memory, sockets = read_memory(server), count_sockets(server)
    with _connect_deaf(server.port) as deaf:
        deaf.sendall(make_request("GET", "/live", headers=[("Last-Event-ID", last_id)]))
        started = time.monotonic()
        made = 0
        while made < MOST_CHANGES and not (made and count_sockets(server) == sockets):
            made += len(await make_changes(server, BATCH))
        dropped = await wait_until(lambda: count_sockets(server) <= sockets, PATIENCE)
        seconds = time.monotonic() - started
        grown = read_memory(server) - memory
        heard = await audience.hear(read_number(last_id) + made)
        faults = audience.list_faults() + ([] if heard else ["the others did not hear of all"])
        faults += [] if dropped else ["its connection is still held"]
        stopping = time.monotonic()
        code = await asyncio.to_thread(server.stop)
        stopped = time.monotonic() - stopping
        told = await asyncio.to_thread(_read_rest, deaf, last_id)
    faults += [] if code == 0 else [f"exit code {code}"]
    faults += [] if stopped <= LONGEST_STOP else [f"it ended only {stopped:.1f} s after SIGTERM"]
    faults += [] if told < made else ["the deaf stream was told everything"]
    return faults, (
        f"{made} changes in {seconds:.0f} s, {told} of them to the deaf, all to {LISTENERS} "
        f"others; {grown / 1024:.1f} MB grown; exit {code} after {stopped:.1f} s"
    )


def _connect_deaf(port: int) -> socket.socket:
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    deaf.connect(("127.0.0.1", port))
    return deaf


def _read_rest(deaf: socket.socket, last_id: str) -> int:
    """Read what had been sent to a deaf stream, and return how many changes that was."""
    follower = Follower(last_id)
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**20)
    deaf.settimeout(LONGEST_SILENCE)
    with suppress(OSError):
        while data := deaf.recv(2**16):
            follower.data_received(data)
    return follower.changes
