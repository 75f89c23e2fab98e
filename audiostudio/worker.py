"""The root of a worker process: `python -m audiostudio.worker --profile DIR --queue NAME [--memory BYTES]`."""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from audiostudio.jobs.operation import Operation
from audiostudio.jobs.serve import Ask, serve
from audiostudio.profile import Profile

if TYPE_CHECKING:
    from audiostudio.operations.studio import Studio

AWAITED = ("preview", "listen", "files")
"""Queues of what somebody sits waiting for; others give way to the window and to what is heard."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Serve the studio that started this process, until it closes the pipes."""
    parser = argparse.ArgumentParser(prog="audiostudio.worker", description="Runs jobs for a studio; not for people.")
    parser.add_argument("--profile", type=Path, required=True, help="folder of the profile")
    parser.add_argument("--queue", required=True, help="the queue whose jobs it runs; for process lists")
    parser.add_argument("--memory", type=int, help="the most bytes of address space it may use")
    chosen = parser.parse_args(arguments)
    profile = Profile(chosen.profile.resolve())

    def context(_ask: Ask) -> "Studio":
        from audiostudio.operations.studio import Studio

        return Studio(profile)

    serve(_operations, context, chosen.memory, background=chosen.queue not in AWAITED)


def _operations() -> Mapping[str, Operation]:
    from audiostudio.operations import OPERATIONS

    return OPERATIONS


if __name__ == "__main__":
    main()
