"""What a page weighs: its own bytes, and those of everything it refers to."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urljoin

from wire import Answer, exchange, make_request

_REFERENCES = {"link": "href", "script": "src", "img": "src", "source": "src", "iframe": "src"}
_IN_STYLES = re.compile(r"""(?:@import\s+|url\()\s*["']?([^"')\s]+)""")


@dataclass(frozen=True)
class Part:
    """A page or something it refers to; heads and bodies, in bytes, uncompressed.

    first: on the first visit. again: afterwards, when a browser asks whether it has changed.
    """

    target: str
    first: int
    again: int


def weigh(port: int, target: str) -> tuple[list[Part], list[str], bytes]:
    """Weigh a page and what it refers to; return the parts, the faults, and the page itself."""
    page = _get(port, target, accept="text/html")
    size = _measure(page)
    parts, faults = [Part(target, size, size)], _judge(target, page, 200)
    waiting = _list_references(page.body.decode(), target)
    for asset in waiting:  # a style may add to them
        found, wrong = _weigh_asset(port, asset, waiting)
        parts.append(found)
        faults += wrong
    return parts, faults, page.body


def _weigh_asset(port: int, target: str, waiting: list[str]) -> tuple[Part, list[str]]:
    answer = _get(port, target)
    faults = _judge(target, answer, 200)
    tag = answer.get("etag")
    again = _get(port, target, if_none_match=tag or "*")
    faults += [] if tag else [f"{target} has no ETag"]
    faults += _judge(target, again, 304)
    if (answer.get("content-type") or "").startswith("text/css"):
        for found in _IN_STYLES.findall(answer.body.decode()):
            address = urljoin(target, found)
            if not address.startswith("data:") and address not in waiting:
                waiting.append(address)
    return Part(target, _measure(answer), _measure(again)), faults


def _get(port: int, target: str, **headers: str) -> Answer:
    given = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return exchange(port, make_request("GET", target, headers=given))


def _measure(answer: Answer) -> int:
    """Return the bytes of a head and a body, as they are sent but for the reason phrase."""
    head = sum(len(name) + len(value) + 4 for name, value in answer.headers)
    return len("HTTP/1.1 200\r\n\r\n") + head + len(answer.body)


def _judge(target: str, answer: Answer, status: int) -> list[str]:
    encoded = answer.get("content-encoding")
    faults = [] if answer.status == status else [f"{target} is answered {answer.status}"]
    return faults + ([f"{target} is encoded as {encoded}"] if encoded else [])


def _list_references(html: str, base: str) -> list[str]:
    """List the addresses that a browser loads to show a page, each once."""
    parser = _References()
    parser.feed(html)
    return list(dict.fromkeys(urljoin(base, found) for found in parser.found))


class _References(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        address = dict(attrs).get(_REFERENCES.get(tag, ""))
        if address:
            self.found.append(address)
