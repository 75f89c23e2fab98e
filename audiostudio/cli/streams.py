"""Standard input, output and error, whatever state they were handed over in."""

import contextlib
import io
import os
import sys


def prepare() -> None:
    """Closed streams lead nowhere, so that no file opened later gets their number; no character is refused."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = getattr(sys, name)
        if stream is None and not _is_open(number):
            os.open(os.devnull, os.O_RDWR)  # takes the lowest number that is free
            setattr(sys, name, open(number, "r" if number == 0 else "w", encoding="utf-8", closefd=False))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper) and number > 0:
            stream.reconfigure(errors="backslashreplace")


def settle() -> None:
    """Write out what waits; where that cannot be done any more, it has been said, and ends here."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            with contextlib.suppress(OSError, ValueError):
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
