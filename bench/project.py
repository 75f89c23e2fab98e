"""How fast a project of a large script is edited, saved and recovered. Run: `python bench/project.py [LINES]`.

What a keystroke costs is set beside the plain way to the same safety, writing the whole project as JSON.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from audiostudio.timeline import edits
from audiostudio.timeline.difference import apply, difference
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.history import dump
from audiostudio.timeline.project import Project
from audiostudio.timeline.schema import encode

KEYSTROKES = 200


def main() -> None:
    lines = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    script = "\n".join(f"Line {number} of a script that goes on and on for very long." for number in range(lines))
    with tempfile.TemporaryDirectory() as folder:
        session = ProjectFile.create(Path(folder), "Film")
        paste = timed(lambda: session.edit("Paste", lambda project: edits.set_text(project, script)), 1)
        print(f"A script of {len(script) / 1e6:.1f} MB, {lines} lines: pasted in {paste:.1f} ms")
        project = session.project
        typed = script[: len(script) // 2] + "x" + script[len(script) // 2 :]
        after = edits.set_text(project, typed)
        patch = difference(project, after)
        whole = timed(lambda: dump(encode(project)))
        report("set_text, one character", timed(lambda: edits.set_text(project, typed)), whole)
        report("difference", timed(lambda: difference(project, after)), whole)
        report("apply backwards", timed(lambda: apply(patch, after, reverse=True)), whole)
        print(f"its patch: {len(dump(patch))} bytes")

        position = iter(range(10, 10 + KEYSTROKES * 2))

        def keystroke() -> Project:
            at = next(position)
            text = session.project.text
            return session.edit("Typing", lambda p: edits.set_text(p, text[:at] + "x" + text[at:]), merge_key="text")

        session.flush()
        report("a keystroke, text and all", timed(keystroke, KEYSTROKES), whole)
        report("undo", timed(session.undo, 1), whole)
        session.flush()
        session.close(discard=True)
        print(f"recovered by opening: {timed(lambda: ProjectFile.open(session.path).close(discard=True), 1):.0f} ms")
        session = ProjectFile.open(session.path)
        session.edit("Rename", lambda project: edits.rename_project(project, "Movie"))
        print(f"saved and closed: {timed(session.close, 1):.0f} ms")
        print(f"opened: {timed(lambda: ProjectFile.open(session.path).close(), 1):.0f} ms")


def report(name: str, milliseconds: float, whole: float) -> None:
    print(f"{name}: {milliseconds:.2f} ms, {whole / milliseconds:.0f} times as fast as writing everything")


def timed(work: Callable[[], object], times: int = 9) -> float:
    """Median milliseconds."""
    taken: list[float] = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


if __name__ == "__main__":
    main()
