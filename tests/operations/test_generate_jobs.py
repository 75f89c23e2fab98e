"""Generate as the window runs it: real jobs in worker processes, judged by the job log."""

import os
import random
from collections.abc import Iterator

import pytest

from audiostudio.jobs import Job, JobState, Partial
from audiostudio.jobs.runner import Runner
from audiostudio.library.jobs import LibraryJobStore
from audiostudio.operations import OPERATIONS, script
from audiostudio.operations.studio import Studio, worker_command
from audiostudio.timeline import edits
from audiostudio.timeline.history import History
from audiostudio.timeline.project import VoiceChoice, new_project

pytestmark = [pytest.mark.models, pytest.mark.usefixtures("speaking_profile")]

CHANCE = random.Random(os.environ["AUDIOSTUDIO_TEST_SEED"])
WORDS = ("amber", "breeze", "candle", "dune", "ember", "forest", "garden", "harbour", "island", "jungle", "lantern")
LINES = 200


@pytest.fixture
def runner(studio: Studio) -> Iterator[Runner]:
    with Runner(OPERATIONS, lambda: studio, worker_command(studio.profile), LibraryJobStore(studio.library)) as runner:
        yield runner


def generate(runner: Runner, history: History) -> str:
    """Run a job over the project and take what comes of it into it; the job's id."""
    project = history.project
    job = Job("speech.generate", script.request(project, None, script.Pronouncing(project)), "Generate")
    handle = runner.submit(job)
    for event in handle.events():
        if isinstance(event, Partial):
            take = script.made_take(event.data, project.voice_of(project.line(event.data["line"])))
            if not script.has_take(history.project.takes_of(take.line), take):
                history.add_takes(take)
    assert handle.wait(10).state is JobState.DONE
    return job.id


@pytest.mark.long
def test_one_changed_word_of_200_lines_makes_exactly_one_line_again(studio: Studio, runner: Runner) -> None:
    texts = [f"{' '.join(CHANCE.choices(WORDS, k=4))} {number}.".capitalize() for number in range(LINES)]
    history = History(edits.set_text(new_project("Film", voice=VoiceChoice("tone")), "\n".join(texts)))
    store = LibraryJobStore(studio.library)
    first = generate(runner, history)
    assert (store.get(first).result or {})["made"] == LINES
    before = history.project.current_takes()
    assert len(before) == LINES

    line = history.project.script.lines[CHANCE.randrange(LINES)]
    word = line.text.split()[1]
    history.edit("Typing", lambda project: edits.set_line_text(project, line.id, line.text.replace(word, "changed", 1)))
    log = store.get(generate(runner, history))
    assert log.state is JobState.DONE
    assert log.result is not None
    assert log.result["lines"] == [line.id]
    assert log.result["takes"] == LINES
    after = history.project.current_takes()
    assert {one for one in after if after[one] != before.get(one)} == {line.id}

    history.undo()
    again = store.get(generate(runner, history))
    assert (again.result or {})["lines"] == []
    assert history.project.current_takes() == before


@pytest.mark.long
def test_a_word_said_differently_makes_its_lines_again_and_no_other(studio: Studio, runner: Runner) -> None:
    texts = ["The amber garden.", "A small island.", "An amber lantern, amber dune."]
    history = History(edits.set_text(new_project("Film", voice=VoiceChoice("hibari_heart")), "\n".join(texts)))
    generate(runner, history)
    one, _, three = [line.id for line in history.project.script.lines]
    history.edit("Dictionary", lambda project: edits.set_pronunciation(project, "amber", "ember"))
    log = LibraryJobStore(studio.library).get(generate(runner, history))
    assert (log.result or {})["lines"] == [one, three]
