"""What the processes of a server take, where Linux can tell: memory, CPU time, connections."""

import os
from pathlib import Path

from served import Server

TICKS = os.sysconf("SC_CLK_TCK")


def read_memory(server: Server) -> int:
    """Return the memory that a server holds, in KiB; 0 where none can tell."""
    status = [Path(f"/proc/{process}/status") for process in server.list_processes()]
    lines = [line for path in status if path.exists() for line in path.open()]
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def read_cpu_time(server: Server) -> float:
    """Return the seconds that a server has computed, itself and in the kernel."""
    seconds = 0.0
    for process in server.list_processes():
        after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        seconds += (int(after_name[11]) + int(after_name[12])) / TICKS
    return seconds


def count_sockets(server: Server) -> int:
    """Count the sockets that a server holds; 0 where none can tell."""
    return sum(count_sockets_by_process(server).values())


def count_sockets_by_process(server: Server) -> dict[int, int]:
    """Count the sockets that each process of a server holds, by its id."""
    found = dict.fromkeys(server.list_processes(), 0)
    for process in found:
        for file in Path(f"/proc/{process}/fd").glob("*"):
            try:
                found[process] += os.readlink(file).startswith("socket:")
            except FileNotFoundError:  # it was closed meanwhile
                continue
    return found


def pin(server: Server, cpus: set[int]) -> None:
    """Keep a server, and the threads it starts later, on some CPUs."""
    for process in server.list_processes():
        for thread in Path(f"/proc/{process}/task").iterdir():
            os.sched_setaffinity(int(thread.name), cpus)
