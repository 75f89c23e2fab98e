"""Recording onto the timeline: real disk, real jobs; the test speaks into the microphone and pulls the output."""

import functools
import math
import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from audiostudio.jobs.runner import Runner
from audiostudio.jobs.store import MemoryStore
from audiostudio.operations import OPERATIONS
from audiostudio.operations.studio import Studio, worker_command
from audiostudio.profile import Profile
from audiostudio.sound.click import clicks
from audiostudio.sound.files import read_sound
from audiostudio.sound.player import Player
from audiostudio.timeline.project import AssetReference, Media, Project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Range
from audiostudio.ui.timeline.panel import TimelinePanel
from audiostudio.ui.timeline.recording import Recording, RecordingSettings, State, _Session, clip_between
from tests.sound.remote_input import Mouth, RemoteInput
from tests.sound.remote_output import Ear, RemoteOutput
from tests.ui.conftest import OpenWindow
from tests.ui.timelines import Hand, clip

RATE = 48_000
TICK = TICKS // RATE
PATIENCE = 20_000


@pytest.fixture
def runner(profile: Profile) -> Iterator[Runner]:
    studio = Studio(profile)
    with Runner(OPERATIONS, lambda: studio, worker_command(profile), MemoryStore()) as made:
        yield made
    studio.close()


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ear]:
    monkeypatch.setattr("audiostudio.ui.timeline.sources.Sources._make", lambda _: None)  # no outlines
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    monkeypatch.setattr("tests.ui.conftest.Player", lambda: Player(functools.partial(RemoteOutput, theirs)))
    with ours, theirs:
        yield Ear(ours)


@pytest.fixture
def hand(ear: Ear, open_window: OpenWindow) -> Hand:
    made = Hand(open_window(timeline=TimelinePanel))
    made.put(voice=[clip("a", 0, 1)], other=[])
    made.work.arm("other")
    return made


@pytest.fixture
def mouth(hand: Hand) -> Iterator[Mouth]:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    hand.panel.recording.make_input = functools.partial(RemoteInput, theirs)
    with ours, theirs:
        yield Mouth(ours)
        hand.panel.recording.close()


def begin(qtbot: QtBot, hand: Hand, **settings: object) -> Recording:
    recording = hand.panel.recording
    recording.set_settings(replace(RecordingSettings(seconds=0.0), **settings))
    hand.key(Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: recording.state in (State.COUNTING, State.ROLLING), timeout=PATIENCE)
    return recording


def hum(seconds: float) -> np.ndarray:
    return (0.3 * np.sin(2 * np.pi * 180 * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def test_what_is_said_becomes_a_clip_at_the_playhead_in_one_undo_step(qtbot: QtBot, hand: Hand, ear: Ear, mouth: Mouth):
    hand.work.seek(2 * TICKS)
    recording = begin(qtbot, hand)
    said = hum(1.5)
    for at in range(0, len(said), 4_800):
        mouth.say(said[at : at + 4_800])
        ear.hear(4_800)
    qtbot.waitUntil(lambda: recording.seconds == 1.5)
    assert hand.panel.recorder.meter.isVisible()
    qtbot.waitUntil(lambda: hand.work.playhead > 3 * TICKS)
    hand.key(Qt.Key.Key_F9)
    assert recording.state is State.OFF
    qtbot.waitUntil(lambda: bool(hand.work.document.track("other").clips), timeout=PATIENCE)
    (made,) = hand.work.document.track("other").clips
    media = next(one for one in hand.work.project.media if one.id == made.media)
    kept = read_sound(hand.work.desk.studio.library.media / media.asset.path).samples[0]
    assert np.allclose(kept, said, atol=1e-6)
    assert made.start >= 2 * TICKS
    assert made.source_start + made.source_length == media.samples
    recordings = hand.work.desk.studio.library.folder / "recordings"
    qtbot.waitUntil(lambda: not list(recordings.iterdir()), timeout=PATIENCE)
    asset = hand.work.desk.studio.library.get(media.asset.id)
    assert (asset.source, asset.kind) == ("recorded", "recording")
    hand.undo()
    assert not hand.work.document.track("other").clips


def test_a_count_in_is_heard_first_and_an_unplugged_microphone_keeps_what_was_said(
    qtbot: QtBot, hand: Hand, ear: Ear, mouth: Mouth
):
    hand.work.seek(TICKS)
    began = time.monotonic()
    recording = begin(qtbot, hand, bars=1, tempo=240.0)
    assert recording.state is State.COUNTING
    mouth.say(hum(1.0))
    number = hand.panel.count
    heard = [ear.hear(28_800)]
    qtbot.waitUntil(lambda: number.isVisible() and number.number == 3, timeout=PATIENCE)
    heard.append(ear.hear(RATE - 28_800))
    assert np.allclose(np.concatenate(heard)[:, 0], clicks(4, 0.25), atol=1e-6)
    ear.hear(98 * 512 - RATE)  # the blocks of silence that push the last click out
    qtbot.waitUntil(lambda: recording.state is State.ROLLING, timeout=PATIENCE)
    assert not number.isVisible()
    for _ in range(4):
        mouth.say(hum(0.5))
        ear.hear(12_000)
    more = math.ceil(2 * (time.monotonic() - began))  # on and on, however long that took here
    for _ in range(more):
        mouth.say(hum(0.5))
    qtbot.waitUntil(lambda: recording.seconds == 3.0 + more / 2, timeout=PATIENCE)
    mouth.lose()
    qtbot.waitUntil(lambda: bool(hand.work.document.track("other").clips), timeout=PATIENCE)
    assert recording.state is State.OFF
    # The test hears faster than is mixed, which may be told as well.
    assert any("gone" in toast.sentence.text() for toast in hand.window.message_area.toasts)
    assert hand.work.document.track("other").clips[0].start >= TICKS


def test_a_locked_track_is_refused(hand: Hand) -> None:
    track = hand.work.document.track("other")

    def lock(project: Project, timeline: str) -> Project:
        changed = project.timeline(timeline).with_track(replace(track, locked=True))
        return replace(project, timelines=(changed,))

    hand.work.edit("Lock", lock)
    hand.key(Qt.Key.Key_F9)
    assert hand.panel.recording.state is State.OFF
    assert "locked" in hand.window.message_area.toasts[-1].sentence.text()


def test_a_recording_lies_where_it_was_said() -> None:
    session = _Session("t", 5 * TICKS, 5 * TICKS, None, rolled=100.0)
    assert session.begins(100.0, 0.0) == 5 * TICKS
    for late in (0.0, 0.004, -0.004):
        session.observed = (*session.observed, 100.2 + late)
    assert session.begins(97.2, 0.0) == 2 * TICKS
    assert session.begins(97.2, 10.0) == 2 * TICKS - TICKS // 100
    media = Media("m", AssetReference("m", "", "m.wav"), 4 * RATE, RATE)
    made = clip_between(media, 2 * TICKS, 5 * TICKS, None, "m")
    assert made is not None
    assert (made.start, made.end, made.source_start, made.source_length) == (5 * TICKS, 6 * TICKS, 3 * RATE, RATE)
    punched = clip_between(media, 2 * TICKS, *Range(3 * TICKS, 5 * TICKS), "m")
    assert punched is not None
    assert (punched.start, punched.end, punched.source_start) == (3 * TICKS, 5 * TICKS, RATE)
    early = clip_between(media, -TICKS, 0, None, "m")
    assert early is not None
    assert (early.start, early.source_start) == (0, RATE)
    assert clip_between(media, 0, 5 * TICKS, None, "m") is None


def test_settings_are_as_they_were_whatever_was_remembered() -> None:
    assert RecordingSettings.of(None) == RecordingSettings()
    assert RecordingSettings.of({"bars": "two", "tempo": float("nan"), "latency": 12}) == RecordingSettings(latency=12)
    assert RecordingSettings(bars=2, tempo=90.0).beats == (8, 60 / 90)
