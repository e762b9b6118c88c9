"""Time that programs take, compared fairly on a machine that has other things to do."""

import time
from collections.abc import Callable, Mapping
from statistics import median


def time_call(call: Callable[[], object]) -> float:
    """Return the seconds that a call takes."""
    started = time.monotonic()
    call()
    return time.monotonic() - started


def time_in_turns(calls: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """Make each call once to warm up, then each in turn; return the medians in seconds.

    Without any rounds there is no time to warm up: the first call counts.
    """
    first = {name: time_call(call) for name, call in calls.items()}
    if not rounds:
        return first
    times: dict[str, list[float]] = {name: [] for name in calls}
    for number in range(rounds):
        names = list(calls) if number % 2 else list(calls)[::-1]
        for name in names:
            times[name].append(time_call(calls[name]))
    return {name: median(found) for name, found in times.items()}


def judge_ratio(times: Mapping[str, float], ours: str, theirs: str, most: float) -> list[str]:
    """List the fault of `ours` taking more than `most` times as long as `theirs`, if it does."""
    ratio = times[ours] / times[theirs]
    return [] if ratio <= most else [f"{ratio:.2f} times, at most {most} is allowed"]


def describe_ratio(times: Mapping[str, float], ours: str, theirs: str, most: float) -> str:
    """Put two times and their ratio into one line."""
    ratio = times[ours] / times[theirs]
    return (
        f"{times[ours] * 1000:.0f} ms : {times[theirs] * 1000:.0f} ms = {ratio:.2f} "
        f"(at most {most})"
    )
