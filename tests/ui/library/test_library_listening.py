"""Listening in place: what would be heard is what the file holds."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from audiostudio.library import AssetKind, Library, MediaInfo
from audiostudio.sound.files import read_sound
from audiostudio.sound.output import NO_OUTPUT
from audiostudio.sound.player_process import BLOCK
from audiostudio.ui.library import LibraryPanel
from tests.sound.remote_output import Ear
from tests.ui.library.conftest import (
    RATE,
    WORKER,
    Open,
    add_file,
    add_sound,
    choose,
    film_file,
    names,
    picture_file,
    toasts,
)  # fmt: skip


def two(library: Library) -> None:
    add_sound(library, "Intro", 3.0)
    add_sound(library, "Outro", 2.0)


def all_there(qtbot: QtBot, panel: LibraryPanel, seconds: float) -> None:
    """Wait until the player has the whole sound: what the test hears blocks the window."""

    def there() -> bool:
        return panel.desk.player.length == round(seconds * RATE) and not panel.desk.jobs.active

    qtbot.waitUntil(there, timeout=WORKER)


def test_space_plays_the_very_samples_and_pauses(qtbot: QtBot, open_panel: Open, ear: Ear) -> None:
    panel = open_panel(two)
    choose(panel, "Intro")
    qtbot.keyClick(panel.view, Qt.Key.Key_Space)
    asset = panel.view.current()
    all_there(qtbot, panel, 3.0)
    assert panel.now.isVisible()
    heard = ear.hear(RATE)
    written = read_sound(asset.path).samples[0, :RATE]
    assert np.abs(heard[:, 0] - written).max() < 1e-6
    qtbot.waitUntil(lambda: panel.audition.position > 0.9)
    assert 0.25 < panel.audition.share(asset) < 0.4
    qtbot.mouseClick(panel.now.play, Qt.MouseButton.LeftButton)
    assert not panel.audition.playing(asset)
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert panel.audition.playing(asset)
    again = ear.hear(RATE // 2)
    assert np.abs(again[-1000:, 0]).max() > 0.1


def test_a_click_into_the_waveform_goes_there(qtbot: QtBot, open_panel: Open, ear: Ear) -> None:
    panel = open_panel(two)
    choose(panel, "Intro")
    panel.open(panel.view.current())
    all_there(qtbot, panel, 3.0)
    ear.hear(1000)
    panel.audition.toggle(panel.view.current())
    wave = panel.now.wave
    qtbot.mouseClick(wave, Qt.MouseButton.LeftButton, pos=wave.rect().center())
    assert abs(panel.audition.position - 1.5) < 0.05


def test_at_the_end_it_stands_still_and_can_begin_again(qtbot: QtBot, open_panel: Open, ear: Ear) -> None:
    panel = open_panel(lambda library: add_sound(library, "Beep", 0.5))
    asset = panel.model.asset(0)
    panel.open(asset)
    all_there(qtbot, panel, 0.5)
    ear.hear((-(-RATE // 2 // BLOCK) + 4) * BLOCK)  # four blocks of silence push the last of it out
    qtbot.waitUntil(lambda: not panel.audition.playing(asset), timeout=WORKER)
    panel.audition.toggle(asset)
    assert panel.audition.playing(asset)
    assert np.abs(ear.hear(RATE // 8)).max() > 0.1


def test_the_play_button_on_the_card_changes_what_is_heard(qtbot: QtBot, open_panel: Open, ear: Ear) -> None:
    panel = open_panel(two)
    for name in ("Intro", "Outro"):
        box = panel.view.visualRect(panel.model.index(names(panel).index(name)))
        where = panel.view.itemDelegate().play_rect(box).center()
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
        assert panel.audition.asset.name == name
    qtbot.waitUntil(lambda: panel.desk.player.length == 2 * RATE, timeout=WORKER)
    assert panel.now.name.text() == "Outro"
    qtbot.mouseClick(panel.now.leave, Qt.MouseButton.LeftButton)
    assert panel.audition.asset is None
    assert not panel.now.isVisible()


def test_what_is_heard_is_called_by_its_new_name(qtbot: QtBot, open_panel: Open, ear: Ear) -> None:
    panel = open_panel(two)
    choose(panel, "Intro")
    panel.open(panel.view.current())
    all_there(qtbot, panel, 3.0)
    panel.actions.set_name(panel.view.current(), "Opening")
    qtbot.waitUntil(lambda: panel.now.name.text() == "Opening")
    assert panel.audition.asset.path.is_file()
    assert panel.desk.player.length == 3 * RATE


def test_when_another_part_of_the_studio_plays_this_one_lets_go(qtbot: QtBot, open_panel: Open, ear: Ear) -> None:
    panel = open_panel(two)
    panel.open(panel.model.asset(0))
    qtbot.waitUntil(lambda: panel.desk.player.length > 0, timeout=WORKER)
    panel.desk.player.load(np.zeros(RATE, np.float32), RATE)
    qtbot.waitUntil(lambda: panel.audition.asset is None)
    assert panel.desk.player.length == RATE


@pytest.mark.long
def test_without_a_sound_card_the_reason_is_said_once(qtbot: QtBot, open_panel: Open, ear: Ear) -> None:
    panel = open_panel(two)
    panel.desk.player.load(np.zeros(10, np.float32), RATE)
    ear.refuse(NO_OUTPUT)  # as the player says itself when it looks before it is told to play
    panel.open(panel.model.asset(0))
    qtbot.waitUntil(lambda: bool(toasts(panel)), timeout=WORKER)
    assert toasts(panel) == [NO_OUTPUT]
    assert not panel.audition.playing(panel.model.asset(0))


def test_a_file_that_has_vanished_is_said_and_let_go(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(two)
    asset = panel.model.asset(0)
    asset.path.unlink()
    panel.open(asset)
    qtbot.waitUntil(lambda: any("is not there" in words for words in toasts(panel)), timeout=WORKER)
    assert panel.audition.asset is None


def test_what_cannot_be_heard_opens_its_details(qtbot: QtBot, open_panel: Open) -> None:
    def seed(library: Library) -> None:
        film = MediaInfo(2.4, width=160, height=90)
        add_file(library, film_file(library.folder / "Silent.mp4"), AssetKind.FILM, film)
        image = MediaInfo(width=160, height=90)
        add_file(library, picture_file(library.folder / "Beach.png"), AssetKind.IMAGE, image)

    panel = open_panel(seed)
    choose(panel, "Beach")
    qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.details.asset is not None and panel.details.asset.name == "Beach")
    assert panel.audition.asset is None
