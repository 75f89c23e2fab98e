"""Beats of music on the timeline: found by a worker, drawn on clips, clicked to."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from audiostudio.jobs.runner import Runner
from audiostudio.jobs.store import MemoryStore
from audiostudio.library import AssetKind
from audiostudio.library.imports import import_media
from audiostudio.operations import OPERATIONS
from audiostudio.operations.studio import Studio, worker_command
from audiostudio.profile import Profile
from audiostudio.sound.files import Sound, write_sound
from audiostudio.timeline.editing import placing
from audiostudio.timeline.project import Project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Content, Track
from audiostudio.ui.timeline.beats import beat_places, beats_within
from audiostudio.ui.timeline.hits import Hit, Zone
from audiostudio.ui.timeline.menus import show_canvas_menu
from audiostudio.ui.timeline.panel import TimelinePanel
from tests.music.band import play
from tests.ui.conftest import OpenWindow
from tests.ui.timelines import MEDIA, PIXELS, Hand, clip


@pytest.fixture
def runner(profile: Profile) -> Iterator[Runner]:
    """The studio's own operations, in worker processes."""
    studio = Studio(profile)
    with Runner(OPERATIONS, lambda: studio, worker_command(profile), MemoryStore()) as made:
        yield made
    studio.close()


def test_beats_follow_what_a_clip_plays_and_how_fast() -> None:
    beats = np.arange(0, 60, 0.5)
    one = clip("a", 10, 14, 20.25)
    places = beats_within(one, MEDIA, beats) / TICKS
    assert places == pytest.approx(np.arange(0.25, 4, 0.5), abs=1e-6)
    half = placing.clip_of(MEDIA, 0, first=0, last=4 * 48_000)
    slow = type(half)(**{name: getattr(half, name) for name in half.__slots__} | {"duration": 8 * TICKS})
    assert beats_within(slow, MEDIA, beats) / TICKS == pytest.approx(np.arange(0, 8, 1.0), abs=1e-6)
    assert [at / TICKS for at in beat_places([one], {"m": (MEDIA, beats)})] == pytest.approx(
        np.arange(10.25, 14, 0.5), abs=1e-6
    )
    assert beat_places([one], {"m": (MEDIA, beats)}, {one.id}) == ()
    assert beat_places([one], {}) == ()


@pytest.mark.long
def test_beats_are_found_drawn_and_clicked_to(qtbot: QtBot, open_window: OpenWindow, tmp_path: Path) -> None:
    window = open_window(timeline=TimelinePanel)
    window.resize(1400, 900)
    qtbot.waitUntil(lambda: window.tabs.page("speech") is not None)
    path = tmp_path / "Song.wav"
    write_sound(path, Sound(play(100, bars=8, rate=48_000).sound[None], 48_000), "wav")
    hand = Hand(window)
    asset = import_media(hand.work.desk.studio.library, path, kind=AssetKind.MUSIC).asset
    hand.panel.put_together([asset.id])
    qtbot.waitUntil(lambda: bool(list(hand.work.document.clips())))
    music = next(iter(hand.work.document.clips()))

    def more(project: Project, timeline: str) -> Project:
        return placing.place(
            project, timeline, [("v", clip("a", 8, 9))], media=[MEDIA], tracks=[Track("v", "v", content=Content.SPEECH)]
        )

    assert hand.work.edit("Put", more)
    hand.show()
    before = hand.canvas.grab().toImage()
    track = next(one for one in hand.work.document.tracks if music in one.clips)
    assert hand.work.beat_places(()) == ()
    _choose(hand, Hit(Zone.BODY, track, music), "Find beats")
    qtbot.waitUntil(lambda: len(hand.work.beat_places(())) > 20, timeout=60_000)
    beats = hand.work.beat_places(())
    assert np.median(np.diff(beats)) / TICKS == pytest.approx(0.6, rel=0.02)
    assert hand.canvas.grab().toImage() != before

    row = next(number for number, one in enumerate(hand.work.document.tracks) if one.id == "v")
    nearest = min((beat for beat in beats if 10 * TICKS < beat < 12 * TICKS), key=lambda beat: abs(beat - 11 * TICKS))
    hand.slide(row, 8.5, nearest / TICKS + 0.5 + 4 / PIXELS)
    assert hand.find("a").start in beats
    hand.undo()
    _choose(hand, Hit(Zone.BODY, track, music), "Snap to its beats")
    assert not hand.work.snapping_to_beats
    assert hand.work.beat_places(()) == ()
    hand.slide(row, 8.5, nearest / TICKS + 0.5 + 4 / PIXELS)
    assert hand.find("a").start not in beats


def _choose(hand: Hand, what: Hit, text: str) -> None:
    show_canvas_menu(hand.panel, what, QPoint(200, 200))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(one for one in menu.actions() if one.text() == text).trigger()
    menu.close()
