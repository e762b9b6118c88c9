"""The entry point. `--version` is answered before anything is imported."""

import gc
import io
import os
import sys

from starlette_new import __version__


class _Stream(io.FileIO):
    """A standard stream that never fails: where nobody takes what is said, the work goes on."""

    lost = False

    def write(self, data: bytes) -> int:  # type: ignore[override]
        try:
            return super().write(data)
        except OSError:
            self.lost = True
            return len(data)


_streams: dict[str, _Stream] = {}


def main() -> int:
    """Run the command line in sys.argv and return its exit code."""
    gc.disable()  # a run is short: collecting what it leaves would cost a tenth of it
    _open_standard_streams()
    if sys.argv[1:] == ["--version"]:
        print(f"starlette-new {__version__}")
        code = 0
    else:
        try:
            from starlette_new.cli import run

            code = run(sys.argv[1:])
        except KeyboardInterrupt:  # it came before anything had begun
            code = 130
    return code if _flush() else code or 4


def _open_standard_streams() -> None:
    """Keep the numbers 0 to 2 from being given to other files where a stream is closed."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream and stream is getattr(sys, f"__{name}__"):
            _streams[name] = _Stream(stream.fileno(), "w", closefd=False)
            wrapper = io.TextIOWrapper(
                io.BufferedWriter(_streams[name]),  # type: ignore[type-var]
                encoding=stream.encoding,
                errors="backslashreplace",
                line_buffering=stream.line_buffering,
            )
            setattr(sys, name, wrapper)


def _flush() -> bool:
    """Write out what was printed; tell whether somebody took it."""
    try:
        if sys.stdout:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or Python would complain as it ends
        return False
    return not ("stdout" in _streams and _streams["stdout"].lost)


if __name__ == "__main__":
    sys.exit(main())
