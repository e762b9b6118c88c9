"""Signals that ask this program to stop: raised as Interrupted, but never at a bad moment."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from starlette_new.errors import Interrupted

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_holders = 0
_pending: int | None = None


@contextmanager
def raised() -> Iterator[None]:
    """Raise Interrupted where the program is when a signal arrives."""
    before = {number: signal.signal(number, _handle) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def held() -> Iterator[None]:
    """Hold a signal back until this block has ended: what it does is done whole.

    In another thread than the main one there is nothing to hold: signals are raised in that alone.
    """
    global _holders
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _holders += 1
    try:
        yield
    finally:
        _holders -= 1
    _raise_pending()


def _handle(number: int, frame: FrameType | None) -> None:
    global _pending
    _pending = _pending or number
    _raise_pending()


def _raise_pending() -> None:
    global _pending
    if _pending and not _holders:
        number, _pending = _pending, None
        raise Interrupted(number)
