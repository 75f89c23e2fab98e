"""What every command of the terminal needs: a studio, jobs with a progress bar, output for people or scripts."""

import contextlib
import json
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiostudio.errors import StorageError, StudioError
from audiostudio.files import remove_dead_halves
from audiostudio.jobs import Job, JobState, JsonObject, Outcome, Partial, Progress
from audiostudio.jobs.failure import Cancelled
from audiostudio.operations.studio import Studio, worker_command
from audiostudio.profile import Profile
from audiostudio.script.captions import width

if TYPE_CHECKING:
    from audiostudio.jobs.runner import Runner


class Console:
    """One run of the command line."""

    studio: Studio

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._bar = Bar()
        self._written: list[Path] = []

    def open(self, profile: Profile) -> None:
        """Raises a `StorageError` when there can be no such profile."""
        profile.require_usable()
        self.studio = Studio(profile)

    @cached_property
    def runner(self) -> "Runner":
        from audiostudio.jobs.runner import Runner
        from audiostudio.jobs.store import MemoryStore
        from audiostudio.operations import OPERATIONS

        profile = self.studio.profile
        return Runner(OPERATIONS, lambda: self.studio, worker_command(profile), MemoryStore())

    def close(self) -> None:
        if "runner" in self.__dict__:
            self.runner.close()
        if "studio" in self.__dict__:
            self.studio.close()
        for path in self._written:
            with contextlib.suppress(OSError):
                remove_dead_halves(path)

    def run(
        self,
        operation: str,
        request: JsonObject,
        title: str,
        partial: Callable[[Partial], None] | None = None,
        writes: Iterable[Path] = (),
    ) -> JsonObject:
        """Run a job to its end with a progress bar; Ctrl-C cancels it and waits until it has cleaned up.

        What it notes before it begins is said at once. `writes`: files that it makes; what a killed worker leaves of
        them is removed.
        Raises what the job failed with, or `Cancelled`.
        """
        self._written += writes
        handle = self.runner.submit(Job(operation, request, title))
        try:
            for event in handle.events():
                if isinstance(event, Progress):
                    self._bar.show(title, event)
                elif isinstance(event, Partial) and event.kind == "note":
                    self._bar.clear()
                    number = event.data.get("number")
                    self.say(f"Line {number}: {event.data['message']}" if number else event.data["message"])
                elif isinstance(event, Partial) and partial:
                    partial(event)
                elif isinstance(event, Outcome):
                    return _result(event)
        except KeyboardInterrupt:
            handle.cancel()
            handle.wait()
            raise
        finally:
            self._bar.clear()
        raise AssertionError("a job ended without an outcome")

    def out(self, data: Any, text: str) -> None:
        """The command's result on standard output: `data` as JSON when asked for, else `text`."""
        self._print(json.dumps(data, indent=1) if self.as_json else text)

    def say(self, sentence: str) -> None:
        """Something for people, never part of the result."""
        with contextlib.suppress(OSError):  # nobody listens any more
            print(sentence, file=sys.stderr, flush=True)

    def fail(self, error: StudioError) -> None:
        if self.as_json:
            with contextlib.suppress(BrokenPipeError, StorageError):
                self._print(json.dumps(error.to_json()))
        self.say(error.sentence)
        if error.hint:
            self.say(f"  → {error.hint}")

    def ask(self, question: str) -> bool:
        """A yes-or-no question; no where nobody can answer."""
        if not sys.stdin.isatty():
            return False
        try:
            return input(f"{question} [y/N] ").strip().lower() in ("y", "yes")
        except EOFError:
            return False

    def _print(self, text: str) -> None:
        try:
            print(text, flush=True)
        except BrokenPipeError:
            raise
        except OSError as error:
            raise StorageError(f"The result could not be printed: {error.strerror}.", "Send it elsewhere.") from error


def _result(outcome: Outcome) -> JsonObject:
    if outcome.error is not None:
        raise outcome.error
    if outcome.state is JobState.CANCELLED:
        raise Cancelled
    return outcome.result or {}


class Bar:
    """A progress bar on standard error; silent where that is not a terminal."""

    def __init__(self) -> None:
        self._shown = False

    def show(self, title: str, progress: Progress) -> None:
        if not sys.stderr.isatty():
            return
        width = shutil.get_terminal_size().columns
        left = f" {clock(progress.seconds_left)} left" if progress.seconds_left is not None else ""
        percent = "" if progress.fraction is None else f" {progress.fraction:4.0%}"
        head = fit(progress.message or title, max(10, width - 34))
        filled = round((progress.fraction or 0.0) * 16)
        line = f"{head} {'█' * filled}{'░' * (16 - filled)}{percent}{left}"
        print(f"\r\033[2K{fit(line, width - 1)}", end="", file=sys.stderr, flush=True)
        self._shown = True

    def clear(self) -> None:
        if self._shown:
            print("\r\033[2K", end="", file=sys.stderr, flush=True)
            self._shown = False


def clock(seconds: float) -> str:
    """`75` → `1:15`."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def fit(text: str, columns: int) -> str:
    """`text` in at most `columns`, with … where it was cut."""
    text = " ".join(text.split())
    if width(text) <= columns:
        return text
    kept = ""
    for character in text:
        if width(kept + character) > columns - 1:
            break
        kept += character
    return kept + "…"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows in columns, each as wide as its widest cell."""
    cells = [list(head), *(list(row) for row in rows)]
    widths = [max(width(row[column]) for row in cells) for column in range(len(head))]
    return "\n".join(
        "  ".join(cell + " " * (widths[i] - width(cell)) for i, cell in enumerate(row)).rstrip() for row in cells
    )
