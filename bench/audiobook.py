"""What a long script costs: memory, time and what a second run takes. Run: `python bench/audiobook.py [HOURS…]`.

Speaks with the tone engine, so that everything but an engine's own memory is measured. Each length runs in a process
of its own; its peak is what the system counted.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from audiostudio.operations import script
from audiostudio.operations.generate import generate
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.timeline import edits
from audiostudio.timeline.project import Project, VoiceChoice, new_project

WORDS = ("amber", "breeze", "candle", "dune", "ember", "forest", "garden", "harbour", "island", "jungle", "lantern")
WORDS_IN_LINE = 60


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measured(float(sys.argv[2]))))
        return
    hours = [float(word) for word in sys.argv[1:]] or [0.25, 0.5, 1.0]
    found = []
    for one in hours:
        done = subprocess.run([sys.executable, __file__, "--one", str(one)], check=True, capture_output=True, text=True)
        found.append(json.loads(done.stdout))
        print(
            "{hours:.2f} h in {lines} lines: peak {peak:.0f} MB, {seconds:.0f} s; again, with one line changed, "
            "{again:.1f} s".format(**found[-1])
        )
    if len(found) > 1:
        first, last = found[0], found[-1]
        slope = (last["peak"] - first["peak"]) / (last["hours"] - first["hours"])
        print(f"Memory for each further hour: {slope:.1f} MB; the sound of an hour: {48_000 * 3600 * 3 / 1e6:.0f} MB")


def measured(hours: float) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        studio = Studio(Profile(Path(folder)))
        try:
            project = book(hours)
            seconds, result = run(studio, project)
            length = (studio.library.get(result["asset"]).duration or 0.0) / 3600
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
            middle = project.script.lines[len(project.script.lines) // 2]
            again, _ = run(studio, edits.set_line_text(project, middle.id, "Something else."))
        finally:
            studio.close()
    return {
        "hours": length, "lines": len(project.script.lines), "peak": peak, "seconds": seconds, "again": again,
    }  # fmt: skip


def book(hours: float) -> Project:
    lines = round(hours * 3600 / (WORDS_IN_LINE * 0.265))
    texts = [" ".join(random.choices(WORDS, k=WORDS_IN_LINE)).capitalize() + f" {n}." for n in range(lines)]
    return edits.set_text(new_project("Book", voice=VoiceChoice("tone")), "\n".join(texts))


def run(studio: Studio, project: Project) -> tuple[float, dict[str, str]]:
    began = time.perf_counter()
    events = generate(studio, script.request(project, None))
    while True:
        try:
            next(events)
        except StopIteration as end:
            return time.perf_counter() - began, end.value


if __name__ == "__main__":
    main()
