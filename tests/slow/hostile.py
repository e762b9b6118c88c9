"""Surroundings that a tool meets on other people's machines, one row each.

A script runs in the folder first, in the shell that then runs the tool: folders, variables and
umask stay. `$SIDE` is another folder, for what is not to be seen beside the project.
"""

from dataclasses import dataclass, field

GREEN = frozenset({0})
REFUSED = frozenset({3, 4})


@dataclass(frozen=True)
class Case:
    """ends: the exit codes that are right; here: where the project is then, below the folder."""

    name: str
    script: str
    ends: frozenset[int] = GREEN
    env: dict[str, str] = field(default_factory=dict)
    redirect: str = ""
    here: str = "."
    prefix: str = ""
    root: bool = False
    nobody: bool = False
    committed: bool = True
    kept: bool = False  # the project, although the exit code is not 0: it was only not told


_GIT = 'git config -f "$SIDE/gitconfig" '
_SLEEPER = 'printf \'#!/bin/sh\\nsleep 1000\\n\' > "$SIDE/x"; chmod +x "$SIDE/x"; '
_IDENTITY = f"{_GIT}user.name A; {_GIT}user.email a@example.org; "
_USE_GIT = '; export GIT_CONFIG_GLOBAL="$SIDE/gitconfig" GIT_CONFIG_NOSYSTEM=1'
_NO_PROXY = {name: "http://127.0.0.1:9" for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")}
_OUTER = "printf '[pytest]\\naddopts = --nope\\n' > pytest.ini; echo 'boom(' > conftest.py; "

CASES = (
    Case("nothing hostile", ":"),
    # Variables and streams
    Case("no HOME", "unset HOME"),
    Case("HOME is not there", "export HOME=/nonexistent", GREEN | REFUSED),
    Case("HOME is a file", 'echo > "$SIDE/home"; export HOME="$SIDE/home"', GREEN | REFUSED),
    Case("PATH is empty", "export PATH=", committed=False),
    Case("no PATH", "unset PATH", GREEN, committed=False),
    Case("PATH without git", 'export PATH="$SIDE"', committed=False),
    Case("TMPDIR is not there", "export TMPDIR=/nonexistent", GREEN | REFUSED),
    Case("no environment at all", ":", prefix="/usr/bin/env -i", committed=False),
    Case("stdin closed", ":", redirect="<&-"),
    Case("stdout closed", ":", redirect=">&-"),
    Case("stderr closed", ":", redirect="2>&-"),
    Case("all streams closed", ":", redirect="<&- >&- 2>&-"),
    Case("stdout is full", ":", REFUSED, redirect=">/dev/full", kept=True),
    Case("stderr is full", ":", redirect="2>/dev/full"),
    Case("stderr is full, verbose", ":", redirect="-v 2>/dev/full"),
    Case("stdout is full, unbuffered", "export PYTHONUNBUFFERED=1", REFUSED,
         redirect=">/dev/full", kept=True),
    Case("all streams full", ":", REFUSED, redirect=">/dev/full 2>&1", kept=True),
    Case("a hasty reader", ":", GREEN | REFUSED, redirect="| true", kept=True),
    Case("few open files", "ulimit -n 64", GREEN | REFUSED),
    Case("SIGINT ignored", "trap '' INT HUP TERM"),
    Case("SIGPIPE ignored", "trap '' PIPE"),
    Case(
        "hostile variables",
        'echo "raise SystemExit(9)" > "$SIDE/starlette.py"; export PYTHONPATH="$SIDE" '
        "DATABASE_URL=postgresql://nowhere/x VIRTUAL_ENV=/nonexistent PYTEST_ADDOPTS=--nope "
        "UV_PROJECT_ENVIRONMENT=/nonexistent GIT_DIR=/nonexistent GIT_WORK_TREE=/nonexistent "
        "PYTEST_PLUGINS=nope ALLOWED_HOSTS=x PRODUCTION=true "
        "UV_PYTHON=2.7 UV_FROZEN=1 PORT=none GIT_INDEX_FILE=/nonexistent CDPATH=/tmp",
    ),
    Case("warnings are errors", "export PYTHONWARNINGS=error"),
    Case("no bytecode, unbuffered", "export PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1"),
    Case("optimised", "export PYTHONOPTIMIZE=2"),
    # Folders
    Case("blanks", "mkdir 'a  b' && cd 'a  b'", here="a  b"),
    Case("quotes", """mkdir "it's \\"so\\"" && cd "it's \\"so\\"" """, here='it\'s "so"'),
    Case("characters of URLs", "mkdir 'a%20b#c?d' && cd 'a%20b#c?d'", here="a%20b#c?d"),
    Case("characters of shells", "mkdir '$(x);&*' && cd '$(x);&*'", here="$(x);&*"),
    Case("a hyphen first", "mkdir -- -rf && cd -- -rf", here="-rf"),
    Case("a colon", "mkdir a:b && cd a:b", GREEN, here="a:b"),
    Case("a newline", "mkdir 'a\nb' && cd 'a\nb'", GREEN | REFUSED, here="a\nb"),
    Case("letters of the world", "mkdir ünï && cd ünï", here="ünï"),
    Case("the same, LC_ALL=C", "mkdir ünï && cd ünï && export LC_ALL=C", here="ünï"),
    Case("the same, LC_ALL=POSIX", "mkdir ünï && cd ünï && export LC_ALL=POSIX", here="ünï"),
    Case(
        "the same, ASCII only",
        "mkdir ünï && cd ünï && export LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0",
        here="ünï",
    ),
    Case(
        "the same, ASCII output",
        "mkdir ünï && cd ünï && export PYTHONIOENCODING=ascii",
        here="ünï",
    ),
    Case(
        "bytes that are no text",
        "mkdir \"$(printf 'b\\377d')\" && cd b*d",
        GREEN | REFUSED,
        here="b\udcffd",
    ),
    Case("a long path", "d=$(printf %0150d 0); mkdir -p $d/$d; cd $d/$d",
         here="/".join(["0" * 150] * 2)),
    Case("the folder is gone", "mkdir x && cd x && rmdir ../x", frozenset({3})),
    Case("no right to read above", "mkdir -p x/y && cd x/y && chmod 0 ..", GREEN | REFUSED,
         here="x/y", nobody=True),
    Case("no right to write", "chmod 500 .", REFUSED, nobody=True),
    Case("no right to write in HOME", 'export HOME="$SIDE/h"; mkdir -m 500 "$HOME"',
         GREEN | REFUSED, nobody=True, committed=False),
    Case("umask 000", "umask 000"),
    Case("umask 077", "umask 077"),
    Case("umask 777", "umask 777", GREEN | REFUSED),
    # Other people's projects around ours
    Case("an outer pytest.ini", _OUTER),
    Case(
        "an outer workspace",
        _OUTER + "printf '[project]\\nname = \"outer\"\\nversion = \"1\"\\n[tool.uv.workspace]\\n"
        "members = [\"*\"]\\n' > pyproject.toml",
    ),
    Case(
        "another outer workspace",
        _OUTER + "printf '[project]\\nname = \"outer\"\\nversion = \"1\"\\n[tool.uv.workspace]\\n"
        "members = [\"libs/*\"]\\n' > pyproject.toml",
    ),
    Case("a broken outer pyproject.toml", "echo '[tool' > pyproject.toml", GREEN | REFUSED),
    Case("an outer uv.toml", "printf 'offline = false\\n' > uv.toml; touch .python-version"),
    Case("an outer work tree", "git init -q .", committed=False),
    # Git
    Case(
        "Git knows nobody",
        f"{_GIT}x.y z{_USE_GIT}; unset GIT_AUTHOR_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_NAME "
        "GIT_COMMITTER_EMAIL",
        committed=False,
    ),
    Case(
        "Git would sign",
        _SLEEPER + _IDENTITY + f'{_GIT}commit.gpgSign true; {_GIT}gpg.program "$SIDE/x"{_USE_GIT}',
    ),
    Case(
        "hooks that sleep",
        _SLEEPER + 'mkdir "$SIDE/hooks"; for h in pre-commit prepare-commit-msg post-commit '
        'commit-msg reference-transaction; do cp "$SIDE/x" "$SIDE/hooks/$h"; done; '
        + _IDENTITY + f'{_GIT}core.hooksPath "$SIDE/hooks"{_USE_GIT}',
    ),
    Case(
        "a watcher that sleeps",
        _SLEEPER + _IDENTITY + f'{_GIT}core.fsmonitor "$SIDE/x"{_USE_GIT}',
    ),
    Case(
        "an editor and a template",
        _SLEEPER + _IDENTITY + 'echo text > "$SIDE/text"; '
        f'{_GIT}core.editor "$SIDE/x"; {_GIT}commit.template "$SIDE/text"{_USE_GIT}',
    ),
    Case("a Git that fails", "printf '#!/bin/sh\\nexit 1\\n' > \"$SIDE/git\"; "
         'chmod +x "$SIDE/git"; export PATH="$SIDE:$PATH"', committed=False),
    # Network
    Case("no network, a warm cache", ":", env=_NO_PROXY),
    Case("no network, no cache", 'export UV_CACHE_DIR="$SIDE/c"', frozenset({4}), env=_NO_PROXY),
    Case("no network at all, a warm cache", ":", root=True, prefix="unshare -n {loopback}"),
    Case("no network at all, no cache", 'export UV_CACHE_DIR="$SIDE/c"', frozenset({4}),
         root=True, prefix="unshare -n {loopback}"),
    Case("the cache is a file", 'echo > "$SIDE/c"; export UV_CACHE_DIR="$SIDE/c"',
         frozenset({4})),
)  # fmt: skip
