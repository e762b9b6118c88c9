"""Signals: raised where they arrive, but after what must be whole."""

import os
import signal

import pytest

from starlette_new.errors import Interrupted
from starlette_new.interrupts import held, raised


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_is_raised_with_its_exit_code(number: signal.Signals) -> None:
    with pytest.raises(Interrupted) as caught, raised():
        os.kill(os.getpid(), number)

    assert caught.value.exit_code == 128 + number


def test_a_signal_waits_for_the_end_of_what_must_be_whole() -> None:
    done = []

    with pytest.raises(Interrupted), raised():
        with held():
            with held():
                os.kill(os.getpid(), signal.SIGTERM)
                done.append("inner")
            done.append("outer")
        done.append("never")

    assert done == ["inner", "outer"]


def test_the_first_of_two_signals_counts() -> None:
    with pytest.raises(Interrupted) as caught, raised(), held():
        os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)

    assert caught.value.exit_code == 143


def test_the_handlers_of_before_come_back() -> None:
    before = signal.getsignal(signal.SIGTERM)

    with raised():
        assert signal.getsignal(signal.SIGTERM) is not before

    assert signal.getsignal(signal.SIGTERM) is before
