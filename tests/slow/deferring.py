"""Clients that have a project defer jobs, and note which it has accepted."""

import json
import threading
import time
from http.client import HTTPConnection, HTTPException

WORDS = ("--with-db", "postgres", "--with-jobs")
"""What the tool is told for such a project."""
BODY = json.dumps({"resource": "tasks"})
JSON = {"Content-Type": "application/json"}
EXPORTS = "/-/api/exports"


class Client(threading.Thread):
    """Begins exports, one after the other on one connection, until so many are accepted.

    accepted: their ids. refused: how often it was told to come later, which it did.
    """

    def __init__(self, port: int, most: int) -> None:
        super().__init__(daemon=True)
        self.accepted: list[int] = []
        self.refused = 0
        self.faults: list[str] = []
        self._port, self._most = port, most

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            while len(self.accepted) < self._most:
                self._begin(connection)
        except (OSError, HTTPException, ValueError) as error:
            self.faults.append(f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    def _begin(self, connection: HTTPConnection) -> None:
        connection.request("POST", EXPORTS, BODY, JSON)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status == 202:
            self.accepted.append(json.loads(body)["id"])
        elif answer.status == 503:
            self.refused += 1
            time.sleep(int(answer.headers["Retry-After"]))
        else:
            raise ValueError(f"it was answered with {answer.status}: {body[:300]!r}")


def defer_all(port: int, jobs: int, count: int) -> list[Client]:
    """Start clients that have so many jobs deferred in all."""
    shares = [jobs // count + (number < jobs % count) for number in range(count)]
    clients = [Client(port, share) for share in shares]
    for client in clients:
        client.start()
    return clients
