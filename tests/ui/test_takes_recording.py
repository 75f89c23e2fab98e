"""Recording in the window: real disk, real jobs, a microphone that the test speaks into."""

import functools
import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt

from audiostudio.operations.takes import RecordingWriter, left_recordings
from audiostudio.sound.files import read_sound
from audiostudio.timeline.project import TakeSource
from audiostudio.ui.speech.script import LineState
from audiostudio.ui.speech.takes.record_dialog import RecordDialog
from tests.sound.remote_input import Mouth, RemoteInput
from tests.ui.speaking import Desktop, OpenDesktop, desktop, media, open_desktop, script, sentence
from tests.ui.test_takes_page import takes_page

__all__ = ["desktop", "open_desktop"]


@pytest.fixture
def mouth(desktop: Desktop) -> Iterator[Mouth]:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    page = takes_page(desktop)
    page.make_input = functools.partial(RemoteInput, theirs)
    with ours, theirs:
        yield Mouth(ours)
        if page.recording is not None:
            page.recording.close()


def hum(seconds: float, level: float = 0.3) -> NDArray[np.float32]:
    times = np.arange(round(seconds * 48_000)) / 48_000
    return (level * np.sin(2 * np.pi * 180 * times)).astype(np.float32)


def _from_first_sound(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    start = int(np.argmax(np.abs(samples) > 0.05))
    return samples[start : start + 40_000]


def opened(desktop: Desktop, *, count_in: bool = False, go_on: bool = False) -> RecordDialog:
    page = takes_page(desktop)
    desktop.window.commands.run("takes.record")
    dialog = page.recording
    assert dialog is not None
    dialog.counts.setChecked(count_in)
    dialog.goes_on.setChecked(go_on)
    desktop.until(lambda: dialog.record.isEnabled())
    return dialog


def press(desktop: Desktop, dialog: RecordDialog, key: Qt.Key) -> None:
    desktop.qtbot.keyClick(dialog, key)


def test_what_is_said_becomes_the_take_of_the_line(desktop: Desktop, mouth: Mouth) -> None:
    desktop.paste(f"{script(1)}\nWe [speed 0.8]sail[/speed] at [dawn](/dˈɔn/), [pause 1s] *softly*.")
    desktop.generate()
    desktop.go_to(1)
    dialog = opened(desktop)
    assert dialog.prompter.line.text() == "We sail at dawn, softly."
    press(desktop, dialog, Qt.Key.Key_R)
    assert dialog.recorder.recording
    said = np.concatenate([np.zeros(24_000, np.float32), hum(1.0), np.zeros(24_000, np.float32)])
    for at in range(0, len(said), 4800):
        mouth.say(said[at : at + 4800])
    desktop.until(lambda: dialog.recorder.seconds == 2.0)
    press(desktop, dialog, Qt.Key.Key_Space)
    desktop.until(lambda: desktop.tab.script.current(desktop.session.project.script.lines[1]).source != TakeSource.MADE)
    take = desktop.tab.script.current(desktop.session.project.script.lines[1])
    assert take.source == TakeSource.RECORDED
    kept = read_sound(media(desktop, take.asset.path)).samples[0]
    assert 1.0 <= take.seconds <= 1.15
    sounding, spoken = _from_first_sound(kept), _from_first_sound(said)
    assert np.allclose(sounding, spoken, atol=1e-4)
    assert desktop.tab._state_of(0) is LineState.MADE
    desktop.until(lambda: not list((desktop.studio.library.folder / "recordings").iterdir()))
    dialog.close()


@pytest.mark.long
def test_line_after_line_with_a_count_in(desktop: Desktop, mouth: Mouth) -> None:
    desktop.paste(script(2))
    desktop.go_to(0)
    dialog = opened(desktop, count_in=True, go_on=True)
    press(desktop, dialog, Qt.Key.Key_Space)
    assert dialog.prompter.count.isVisible()
    assert not dialog.recorder.recording
    desktop.until(lambda: dialog.recorder.recording)
    mouth.say(hum(0.5))
    desktop.until(lambda: dialog.recorder.seconds == 0.5)
    press(desktop, dialog, Qt.Key.Key_Space)
    assert dialog.prompter.line.text() == desktop.session.project.script.lines[1].text
    dialog.counts.setChecked(False)
    press(desktop, dialog, Qt.Key.Key_Space)
    mouth.say(hum(0.5))
    desktop.until(lambda: dialog.recorder.seconds == 0.5)
    press(desktop, dialog, Qt.Key.Key_Space)
    desktop.until(lambda: [desktop.tab._state_of(n) for n in range(2)] == [LineState.MADE] * 2)
    desktop.until(lambda: "2" in dialog.place.text().split("·")[-1])
    dialog.close()


def test_clipping_is_shown_and_escape_throws_away(desktop: Desktop, mouth: Mouth) -> None:
    desktop.paste(sentence())
    dialog = opened(desktop)
    press(desktop, dialog, Qt.Key.Key_R)
    mouth.say(hum(0.5, 1.5))
    desktop.until(lambda: dialog.meter.clipping and dialog.recorder.clipped)
    press(desktop, dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert not dialog.recorder.recording
    desktop.until(lambda: not list((desktop.studio.library.folder / "recordings").iterdir()))
    assert not desktop.session.project.takes
    dialog.close()


def test_a_microphone_that_goes_away_keeps_what_was_said(desktop: Desktop, mouth: Mouth) -> None:
    desktop.paste(sentence())
    dialog = opened(desktop)
    press(desktop, dialog, Qt.Key.Key_R)
    mouth.say(hum(0.8))
    desktop.until(lambda: dialog.recorder.seconds == 0.8)
    mouth.lose()
    desktop.until(lambda: not dialog.recorder.recording)
    assert "gone" in dialog.note.text()
    assert not dialog.record.isEnabled()
    desktop.until(lambda: desktop.session.project.takes)
    dialog.close()


def test_without_a_microphone_there_is_a_sentence(desktop: Desktop, mouth: Mouth) -> None:
    desktop.paste(sentence())
    opened(desktop).close()
    page = takes_page(desktop)
    mouth_pipe, theirs = multiprocessing.get_context("spawn").Pipe()
    with mouth_pipe, theirs:
        page.make_input = functools.partial(RemoteInput, theirs)
        dialog = opened(desktop)
        Mouth(mouth_pipe).refuse()
        dialog.recorder.open("Headset")
        desktop.until(lambda: "No microphone" in dialog.note.text())
        assert not dialog.record.isEnabled()
        press(desktop, dialog, Qt.Key.Key_R)
        assert not dialog.recorder.recording
        dialog.close()


_KILLED = """
import sys, numpy as np
from audiostudio.operations.studio import Studio
from audiostudio.operations.takes import RecordingWriter
from audiostudio.profile import Profile
from pathlib import Path
studio = Studio(Profile(Path(sys.argv[1])))
writer = RecordingWriter(studio, 48000, {"project": sys.argv[2], "line": sys.argv[3], "text": sys.argv[4], "name": "N"})
for _ in range(10):
    writer.write(np.full(4800, 0.25, np.float32))
print("ready", flush=True)
sys.stdin.read()
"""


@pytest.mark.long
def test_a_recording_that_was_killed_is_offered_at_the_next_start(open_desktop: OpenDesktop) -> None:
    first = open_desktop()
    first.paste(sentence())
    project, line = first.session.project, first.session.project.script.lines[0]
    root = str(first.studio.profile.root)
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, root, project.id, line.id, line.text],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    again = open_desktop()
    takes_page(again)
    again.until(lambda: any("not finished" in words for words in again.toasts()))
    toast = next(one for one in again.window.message_area.toasts if "not finished" in one.sentence.text())
    again.click(toast.action)
    again.until(lambda: again.session.project.takes)
    take = again.session.project.takes[0]
    assert (take.line, take.source, take.samples) == (line.id, TakeSource.RECORDED, 48_000)


def test_a_recording_that_is_no_take_yet_when_the_project_closes_is_offered_again(desktop: Desktop) -> None:
    desktop.paste(sentence())
    line = desktop.session.project.script.lines[0]
    about = {"project": desktop.session.project.id, "line": line.id, "text": line.text, "name": "N"}
    with RecordingWriter(desktop.studio, 48_000, about) as writer:
        writer.write(hum(1.0))
    desktop.tab.bringing.recording(line, writer.path)
    (keeping,) = [one for one in desktop.window.jobs.watchers if one.job.operation == "takes.keep"]
    desktop.tab.bringing.close()
    desktop.until(lambda: keeping.done)
    assert not desktop.session.project.takes
    assert [one.path for one in left_recordings(desktop.studio)] == [writer.path]
