"""From a microphone to a voice that speaks the script, with everything real but the speaker: a voice of Kokoro reads
what the window shows."""

from collections.abc import Callable, Iterator
from contextlib import closing

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from audiostudio.jobs import JobState
from audiostudio.jobs.runner import Runner
from audiostudio.jobs.store import MemoryStore
from audiostudio.operations import OPERATIONS
from audiostudio.operations.speech import Delivery, chunks
from audiostudio.operations.studio import Studio, worker_command
from audiostudio.profile import Profile
from audiostudio.sound.resample import resample
from tests.ui.cloning import RATE, Booth, OpenBooth, open_booth, studies

__all__ = ["open_booth", "studies"]

SPEAKER = "am_onyx"
Reader = Callable[[str], NDArray[np.float32]]
MINUTES = 10 * 60_000


@pytest.fixture
def profile(speaking_profile: Profile) -> Profile:
    return speaking_profile


@pytest.fixture
def runner(profile: Profile) -> Iterator[Runner]:
    with (
        closing(Studio(profile)) as studio,
        Runner(OPERATIONS, lambda: studio, worker_command(profile), MemoryStore()) as made,
    ):
        yield made


@pytest.fixture
def reader(speaking_profile: Profile) -> Iterator[Reader]:
    """Reads a text aloud, 48 kHz, in a room that is not quite silent."""
    with closing(Studio(speaking_profile)) as studio:

        def read(text: str) -> NDArray[np.float32]:
            pieces = list(chunks(studio, Delivery(text, SPEAKER)))
            sound = np.concatenate([one.audio for one in pieces])[np.newaxis]
            speech = resample(sound, pieces[0].sample_rate, RATE)[0]
            quiet = np.zeros(RATE // 2, np.float32)
            noise = np.random.default_rng(1).normal(0, 3e-4, len(speech) + RATE).astype(np.float32)
            return np.concatenate([quiet, speech, quiet]) * np.float32(0.8) + noise

        yield read


def read_aloud(booth: Booth, reader: Reader, count: int) -> None:
    dialog = booth.page.recording.dialog
    assert dialog is not None
    booth.until(lambda: dialog.recorder.sample_rate)
    if dialog.listening:
        booth.mouth.say(np.random.default_rng(2).normal(0, 3e-4, 2 * RATE))
    booth.until(dialog.record.isEnabled)
    for _ in range(count):
        said = reader(dialog.prompter.line.text())
        booth.qtbot.keyClick(dialog, Qt.Key.Key_R)
        for at in range(0, len(said), RATE):
            booth.mouth.say(said[at : at + RATE])
        booth.until(lambda said=said: round(dialog.recorder.seconds * RATE) == len(said))
        booth.qtbot.keyClick(dialog, Qt.Key.Key_R)


@pytest.mark.full
@pytest.mark.models
def test_a_voice_is_recorded_agreed_to_matched_and_speaks(open_booth: OpenBooth, reader: Reader) -> None:
    booth = open_booth()
    page = booth.page

    def until(condition: Callable[[], object]) -> None:
        booth.qtbot.waitUntil(lambda: bool(condition()), timeout=MINUTES)

    until(lambda: not page.kind.cards["kokoro"].needs)
    booth.choose("kokoro")
    booth.click(page.next)
    booth.click(page.samples.record)
    read_aloud(booth, reader, 3)
    page.recording.dialog.close()
    until(lambda: len(page.samples.rows) == 3 and booth.checked())
    assert all(one.usable for one in page.making.draft.samples), [row.reason.text() for row in page.samples.rows]
    assert page.making.together["verdict"] in ("good", "usable")
    booth.window.activateWindow()
    booth.until(booth.window.isActiveWindow)
    booth.click(page.next)
    booth.write(page.consent.person, "Daniel")
    booth.write(page.consent.scope, "My own films")
    until(page.consent.phrase.record.isEnabled)
    booth.click(page.consent.phrase.record)
    read_aloud(booth, reader, 1)
    until(lambda: page.making.draft.consent.answer)
    assert page.consent.ready(), page.making.draft.consent.answer
    booth.click(page.next)
    booth.write(page.make.name, "Daniel")
    booth.click(page.make.more)
    page.make.seconds.setValue(20)
    booth.click(page.make.make)
    until(lambda: not page.make.busy)
    assert page.making.draft.made is not None, page.make.error.text()
    made = page.making.draft.made
    assert made["similarity"] > 0.7
    assert "not a clone" in page.result.words.text()
    booth.click(page.result.use)
    assert booth.window.project_desk.session.project.voice.voice == made["voice"]
    asked = [one for one in booth.window.jobs.watchers if one.job.operation == "voice.create"]
    assert [one.state for one in asked] == [JobState.DONE]
    with closing(Studio(booth.studio.profile)) as studio:
        spoken = list(chunks(studio, Delivery("It is my voice now.", made["voice"])))
    assert sum(len(one.audio) for one in spoken) > spoken[0].sample_rate
    kept = booth.studio.voices.get(made["voice"])
    assert kept.voice.consent.person == "Daniel"
    assert len(kept.voice.samples) == 3
