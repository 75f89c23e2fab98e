"""The timeline heard from the window: real processes, an output that the test pulls."""

import functools
import multiprocessing
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from audiostudio.sound.files import Sound, write_sound
from audiostudio.sound.player import Player
from audiostudio.timeline.editing import mixing, placing
from audiostudio.timeline.project import AssetReference, Line, Media, Project, Take, TakeWord
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Content, Range, Track
from audiostudio.ui.timeline.panel import TimelinePanel
from audiostudio.ui.timeline.playing import Playing
from tests.sound.remote_output import Ear, RemoteOutput
from tests.ui.conftest import OpenWindow
from tests.ui.timelines import Hand

RATE = 48_000
TICK = TICKS // RATE


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> Iterator[Ear]:
    monkeypatch.setattr("audiostudio.ui.timeline.sources.Sources._make", lambda _: None)  # no outlines
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    monkeypatch.setattr("tests.ui.conftest.Player", lambda: Player(functools.partial(RemoteOutput, theirs)))
    with ours, theirs:
        yield Ear(ours)


@pytest.fixture
def hand(ear: Ear, open_window: OpenWindow) -> Hand:
    """A ramp of ten seconds that says the words of a line, on one track."""
    made = Hand(open_window(timeline=TimelinePanel))
    folder = made.work.session.path
    ramp = (np.arange(10 * RATE) / 2**20).astype(np.float32)
    write_sound(folder / "ramp.wav", Sound(ramp[np.newaxis], RATE), "wav32f")
    media = Media("ramp", AssetReference("ramp", "", "ramp.wav"), len(ramp), RATE, 1, "Ramp")
    words = (TakeWord("one", 0, 3, 0, 2 * RATE), TakeWord("two", 4, 7, 2 * RATE, 10 * RATE))

    def put(project: Project, timeline: str) -> Project:
        take = Take("take", "line", media.asset, "", "one two", project.voice, len(ramp), RATE, words)
        script = replace(project.script, lines=(Line("line", "one two"),))
        project = replace(project, takes=(take,), script=script)
        clip = placing.clip_of(media, line="line", take="take")
        return placing.place(
            project, timeline, [("t", clip)], media=[media], tracks=[Track("t", "T", content=Content.SPEECH)]
        )

    assert made.work.edit("Put", put)
    made.show()
    return made


def playing(hand: Hand) -> Playing:
    return hand.panel.playing


def hear(qtbot: QtBot, hand: Hand, ear: Ear, frames: int) -> np.ndarray:
    """Once it is mixed, in the left channel."""
    live = playing(hand)._live
    heard = []
    for at in range(0, frames, 2_048):
        qtbot.waitUntil(
            lambda: all(live._memory.newest(live._memory.at // 1_024 + more)[1] >= 0 for more in range(8)),
            timeout=20_000,
        )
        heard.append(ear.hear(min(2_048, frames - at)))
    return np.concatenate(heard)[:, 0]


def test_space_plays_the_playhead_follows_and_the_script_lights_the_word(qtbot: QtBot, hand: Hand, ear: Ear) -> None:
    said: list[object] = []
    hand.panel.word_said.connect(said.append)
    hand.work.seek(RATE * TICK)
    hand.key(Qt.Key.Key_Space)
    assert playing(hand).playing
    heard = hear(qtbot, hand, ear, 24_576)
    assert np.array_equal(heard[192:], ((np.arange(192, 24_576) + RATE) / 2**20).astype(np.float32))
    qtbot.waitUntil(lambda: hand.work.playhead == (RATE + 24_576) * TICK)
    assert said == [("line", 0, "one")]
    levels = hand.panel.headers.headers["t"].meter
    qtbot.waitUntil(lambda: levels.shown[0] > -40)
    hear(qtbot, hand, ear, 26_624)
    qtbot.waitUntil(lambda: said[-1] == ("line", 4, "two"))

    def quieter(project: Project, timeline: str) -> Project:
        return mixing.set_channel(project, timeline, "t", gain=-20.0)

    hand.work.edit("Quieter", quieter)
    qtbot.waitUntil(lambda: _factor(hear(qtbot, hand, ear, 4_096), hand) < 0.11, timeout=20_000)
    hand.key(Qt.Key.Key_Space)
    assert not playing(hand).playing
    assert said[-1] is None
    assert not hand.window.message_area.toasts


def test_a_file_that_came_back_is_heard_with_the_next_play(qtbot: QtBot, hand: Hand, ear: Ear) -> None:
    folder = hand.work.session.path
    away = (folder / "ramp.wav").rename(folder / "away.wav")
    hand.key(Qt.Key.Key_Space)
    assert not hear(qtbot, hand, ear, 4_096).any()
    qtbot.waitUntil(lambda: any("gone" in toast.sentence.text() for toast in hand.window.message_area.toasts))
    hand.key(Qt.Key.Key_Space)
    away.rename(folder / "ramp.wav")
    hand.work.seek(RATE * TICK)
    hand.key(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: hear(qtbot, hand, ear, 2_048)[-1] > 0, timeout=20_000)
    hand.key(Qt.Key.Key_Space)


def _factor(heard: np.ndarray, hand: Hand) -> float:
    """Of the last sample, to what it was in the file."""
    return float(heard[-1] / (hand.work.desk.player.position / 2**20))


def test_shuttle_loop_seek_and_scrub(qtbot: QtBot, hand: Hand, ear: Ear) -> None:
    transport = playing(hand)
    hand.work.seek(2 * RATE * TICK)
    hand.key(Qt.Key.Key_L)
    hand.key(Qt.Key.Key_L)
    assert transport.rate == 2.0
    qtbot.waitUntil(lambda: len(ear.hear(1_024)) and hand.work.playhead > 2.3 * TICKS, timeout=20_000)
    hand.key(Qt.Key.Key_J)
    assert transport.rate == -1.0
    hand.key(Qt.Key.Key_K)
    assert not transport.playing
    hand.work.edit("Range", lambda p, t: _ranged(p, t))
    transport.set_looping(True)
    hand.key(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: transport._live.is_ready(3 * RATE + 9_000), timeout=20_000)
    places = []
    for _ in range(12):
        ear.hear(2_400)
        places.append(hand.work.desk.player.position)
    assert min(places[3:]) >= 3 * RATE
    assert max(places[3:]) <= 3 * RATE + 9_600
    assert sorted(places[3:]) != places[3:]
    hand.key(Qt.Key.Key_Space)
    hand.panel.view.ruler.sought.emit(5 * TICKS, True)
    qtbot.waitUntil(lambda: np.abs(ear.hear(1_024)[-1, 0] - 5 * RATE / 2**20) < 0.01, timeout=20_000)
    assert hand.work.playhead == 5 * TICKS


def _ranged(project: Project, timeline_id: str) -> Project:
    timeline = project.timeline(timeline_id)
    span = Range(3 * TICKS, 3 * TICKS + 9_600 * TICK)
    return replace(project, timelines=(replace(timeline, range=span),))


def test_without_a_device_it_says_so_and_stands_still(qtbot: QtBot, hand: Hand, ear: Ear) -> None:
    playing(hand)._make()
    ear.refuse("No sound output was found.")
    hand.work.seek(TICKS)
    hand.key(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not playing(hand).playing, timeout=20_000)
    assert hand.work.playhead == TICKS
    (toast,) = hand.window.message_area.toasts
    assert "No sound output" in toast.sentence.text()
    for _ in range(2):
        hand.key(Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: not playing(hand).playing, timeout=20_000)
        assert hand.window.message_area.toasts == (toast,)


def test_what_cannot_be_heard_is_told_to_who_wants_to_hear_it(qtbot: QtBot, hand: Hand, ear: Ear) -> None:
    folder = hand.work.session.path
    (folder / "ramp.wav").rename(folder / "away.wav")
    transport = playing(hand)
    transport._make()
    qtbot.waitUntil(lambda: transport._problems != (), timeout=20_000)
    assert not hand.window.message_area.toasts
    hand.key(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: any("gone" in toast.sentence.text() for toast in hand.window.message_area.toasts))
    hand.key(Qt.Key.Key_Space)
