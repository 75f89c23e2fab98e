"""The page of takes as a user meets it: choose, compare, bin, check and fix, with real workers."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from audiostudio.operations.verdict import Level
from audiostudio.profile import Profile
from audiostudio.sound.files import SoundWriter, read_sound
from audiostudio.timeline import edits
from audiostudio.timeline.project import LINE_PAUSE, Slot, TakeSource
from audiostudio.ui.speech.script import LineState
from audiostudio.ui.speech.takes.hearing import gain, same_place
from audiostudio.ui.speech.takes.page import TakesPage
from tests.ui.speaking import Desktop, OpenDesktop, desktop, media, open_desktop, script, sentence

__all__ = ["desktop", "open_desktop"]


def takes_page(desktop: Desktop) -> TakesPage:
    desktop.tab.deck.go("takes")
    page = desktop.tab.deck.page("takes")
    assert isinstance(page, TakesPage)
    return page


def another(desktop: Desktop, page: TakesPage) -> None:
    before = len(page.rows)
    desktop.until(page.another.isEnabled)
    desktop.click(page.another)
    desktop.until(lambda: len(page.rows) == before + 1 and not desktop.tab.generation.running)


def made_again(desktop: Desktop) -> dict:
    """What Export begins with: everything is joined, nothing is made."""
    ended: list = []
    desktop.tab.generation.ended.connect(ended.append)
    desktop.tab.generation.start()
    desktop.until(lambda: ended)
    desktop.tab.generation.ended.disconnect(ended.append)
    return ended[0].result


def tone(path: Path, seconds: float, level: float = 0.2) -> Path:
    times = np.arange(round(seconds * 48_000)) / 48_000
    with SoundWriter(path, 48_000, 1, "wav") as writer:
        writer.write((level * np.sin(2 * np.pi * 220 * times)).astype(np.float32)[np.newaxis])
    return path


def drop(widget: QWidget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(QPointF(5, 5).toPoint(), Qt.DropAction.CopyAction, data, buttons, keys)
    widget.dragEnterEvent(entering)
    assert entering.isAccepted()
    widget.dropEvent(QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys))


def test_another_take_is_listed_and_the_other_one_can_be_used_again(desktop: Desktop) -> None:
    desktop.paste(script(2))
    desktop.generate()
    desktop.go_to(0)
    page = takes_page(desktop)
    assert len(page.rows) == 1
    another(desktop, page)
    newest, oldest = page.rows
    assert newest.chosen.isVisible()
    assert not oldest.chosen.isVisible()
    desktop.click(oldest.use)
    line = desktop.session.project.script.lines[0]
    assert line.chosen == oldest.take.id
    assert page.rows[1].chosen.isVisible()
    assert not page.rows[0].chosen.isVisible()
    desktop.until(lambda: desktop.tab.result.voiceover.places[0].take.id == oldest.take.id)
    desktop.window.commands.run("edit.undo")
    assert page.rows[0].chosen.isVisible()
    desktop.go_to(1)
    assert len(page.rows) == 1


def test_a_take_in_the_bin_comes_back_with_undo(desktop: Desktop) -> None:
    desktop.paste(sentence())
    desktop.generate()
    page = takes_page(desktop)
    another(desktop, page)
    gone = page.rows[0].take.id
    desktop.click(page.rows[0].bin)
    assert [row.take.id for row in page.rows] != [gone]
    assert len(page.rows) == 1
    assert desktop.tab._state_of(0) is LineState.MADE
    desktop.window.commands.run("edit.undo")
    assert page.rows[0].take.id == gone
    assert media(desktop, page.rows[0].take.asset.path).is_file()
    desktop.click(page.rows[0].bin)
    desktop.type("A")  # something else is done meanwhile
    toast = desktop.window.message_area.toasts[-1]
    desktop.click(toast.action)
    assert gone in [row.take.id for row in page.rows]


@pytest.mark.parametrize("keep", [True, False])
def test_lines_behind_stay_or_move_when_a_take_of_another_length_is_used(
    desktop: Desktop, tmp_path: Path, keep: bool
) -> None:
    desktop.paste(script(2))
    desktop.generate()
    desktop.go_to(0)
    page = takes_page(desktop)
    made = page.rows[0].take
    shorter = made.seconds - 0.25
    drop(page, tone(tmp_path / "mine.wav", shorter))
    desktop.until(lambda: len(page.rows) == 2)
    desktop.click(page.rows[1].use)
    start = made.samples + round(LINE_PAUSE * 48_000)
    desktop.until(lambda: desktop.tab.result.voiceover.places[1].start == start)
    desktop.click(page.more)
    menu = QApplication.activePopupWidget()
    action = next(action for action in menu.actions() if action.text().startswith("Keep"))
    assert not action.isChecked()
    if keep:
        action.trigger()
    menu.close()
    desktop.click(page.rows[0].use)
    places = desktop.tab.result.voiceover
    desktop.until(lambda: desktop.tab.result.voiceover is not places)
    places = desktop.tab.result.voiceover.places
    assert places[0].take.source == TakeSource.IMPORTED
    assert places[1].start == (start if keep else places[0].samples + round(LINE_PAUSE * 48_000))
    voiceover = read_sound(desktop.studio.library.get(made_again(desktop)["asset"]).path)
    assert voiceover.samples.shape[1] == desktop.tab.result.voiceover.samples


def test_a_file_that_is_dropped_becomes_the_take_of_its_line(desktop: Desktop, tmp_path: Path) -> None:
    desktop.paste(script(2))
    desktop.go_to(1)
    page = takes_page(desktop)
    desktop.until(page.empty.isVisible)
    drop(page, tone(tmp_path / "mine.wav", 1.5))
    desktop.until(lambda: page.rows)
    take = page.rows[0].take
    assert (take.source, take.line) == (TakeSource.IMPORTED, desktop.session.project.script.lines[1].id)
    assert take.samples == 72_000
    assert desktop.tab._state_of(1) is LineState.MADE
    assert desktop.tab._state_of(0) is LineState.NEW
    assert page.rows[0].mime().urls()[0].toLocalFile() == str(media(desktop, take.asset.path))


def test_a_line_that_is_too_long_for_its_slot_is_flagged_with_the_factor(desktop: Desktop) -> None:
    desktop.paste("Amber island.\nRiver timber market candle lantern window.")
    first, second = desktop.session.project.script.lines
    desktop.session.edit("", lambda p: edits.set_slot(p, first.id, Slot(1.0, 4.0)))
    desktop.session.edit("", lambda p: edits.set_slot(p, second.id, Slot(4.0, 4.25)))
    desktop.generate()
    page = takes_page(desktop)
    desktop.go_to(0)
    assert page.slot.text() == "Slot 0:01.0 – 0:04.0"
    desktop.window.commands.run("speech.problem")
    assert desktop.tab.editor.line() == 1
    seconds = desktop.tab.result.voiceover.places[1].take.seconds
    assert f"{seconds - 0.25:.2f} s longer" in page.slot.text()
    assert f"{seconds / 0.25:.2f} times" in page.slot.text()


def test_what_is_no_sound_is_a_sentence_and_no_take(desktop: Desktop, tmp_path: Path) -> None:
    desktop.paste(sentence())
    page = takes_page(desktop)
    (tmp_path / "letter.wav").write_text("Dear reader")
    drop(page, tmp_path / "letter.wav")
    desktop.until(desktop.toasts)
    assert not page.rows
    assert "letter.wav" in desktop.toasts()[0]


def test_two_takes_are_heard_in_turns_equally_loud_at_the_same_place(desktop: Desktop, tmp_path: Path) -> None:
    desktop.paste(sentence())
    page = takes_page(desktop)
    drop(page, tone(tmp_path / "loud.wav", 4.0, 0.4))
    desktop.until(lambda: len(page.rows) == 1)
    drop(page, tone(tmp_path / "soft.wav", 2.0, 0.1))
    desktop.until(lambda: len(page.rows) == 2)
    desktop.click(page.rows[1].compare)
    desktop.until(lambda: page.hearing.playing is not None and page.pair.isVisible())
    assert page.hearing.playing.id == page.rows[0].take.id
    soft = np.abs(desktop.ear.hear(24_000)).max()
    desktop.until(lambda: desktop.tab.listening.position > 0.2)
    here = desktop.tab.listening.position
    desktop.window.commands.run("takes.compare")
    desktop.until(lambda: page.hearing.playing is not None and page.hearing.playing.id == page.rows[1].take.id)
    loud = np.abs(desktop.ear.hear(24_000)).max()
    assert loud == pytest.approx(soft, rel=0.05)
    assert desktop.tab.listening.position >= 2 * here - 0.1
    page.hearing.stop()


def test_places_follow_words_and_gains_only_turn_down(desktop: Desktop) -> None:
    desktop.paste(sentence(6))
    desktop.generate()
    page = takes_page(desktop)
    first = page.rows[0].take
    desktop.session.edit("", lambda p: edits.set_default_voice(p, edits.replace(p.voice, speed=0.5)))
    desktop.generate()
    second = page.rows[0].take
    assert second.seconds > 1.5 * first.seconds
    for one, other in zip(first.words, second.words, strict=True):
        assert same_place(first, second, one.start / 48_000) == pytest.approx(other.start / 48_000, abs=1e-3)
    assert gain(-16.0, [-16.0, -22.0]) == pytest.approx(10 ** (-6 / 20))
    assert gain(-22.0, [-16.0, -22.0]) == 1.0


@pytest.fixture
def speaking(speaking_profile: Profile, open_desktop: OpenDesktop) -> Desktop:
    """With the real models."""
    return open_desktop()


@pytest.mark.long
def test_checks_say_what_is_wrong_mark_the_line_and_f8_goes_there(speaking: Desktop, tmp_path: Path) -> None:
    speaking.choose("hibari_heart")
    speaking.paste("The harbour is quiet in the morning.\nWe walked along the river to the old market.")
    speaking.generate()
    page = takes_page(speaking)
    speaking.go_to(1)
    drop(page, media(speaking, speaking.tab.result.voiceover.places[0].take.asset.path))
    speaking.until(lambda: len(page.rows) == 2)
    speaking.window.commands.run("takes.check_all")
    speaking.until(lambda: not page.checking.running and page.checking.unchecked() == [])
    lines = speaking.session.project.script.lines
    assert page.checking.level(lines[0]) is Level.GOOD
    assert page.checking.level(lines[1]) is Level.BAD
    assert "Not heard" in page.rows[0].sentence.text()
    speaking.until(page.rows[0].text.isVisible)
    assert "line-through" in page.rows[0].text.text()
    assert "market" in page.rows[0].text.text()
    assert speaking.tab.editor.gutter.told(1) != speaking.tab.editor.gutter.told(0)
    speaking.go_to(0)
    speaking.window.commands.run("speech.problem")
    assert speaking.tab.editor.line() == 1
    speaking.until(page.wanting.isVisible)
    assert "F8" in page.wanting.text()


@pytest.mark.long
def test_fix_makes_new_takes_and_uses_the_best(speaking: Desktop) -> None:
    speaking.choose("hibari_heart")
    text = "Please bring the lantern to the orchard gate."
    speaking.paste(text)
    speaking.generate()
    page = takes_page(speaking)
    speaking.tab.edit("", lambda p: edits.set_line_text(p, p.script.lines[0].id, "Bring it."))
    speaking.generate()
    wrong = page.rows[0].take
    path = media(speaking, wrong.asset.path)
    right = next(take for take in speaking.session.project.takes if take.text == text)
    path.write_bytes(media(speaking, right.asset.path).read_bytes())
    page.fix()
    assert page.checking.fixing
    assert page.stop.isVisible()
    speaking.until(lambda: not page.checking.running)
    line = speaking.session.project.script.lines[0]
    best = speaking.tab.script.current(line)
    assert best is not None
    assert best.id != wrong.id
    assert best.check is not None
    assert best.check.word_errors == 0
    assert any(row.take.id == wrong.id for row in page.rows)


@pytest.mark.long
def test_takes_are_checked_after_generate_when_that_is_wanted(speaking: Desktop) -> None:
    speaking.choose("hibari_heart")
    speaking.tab.checking.set_automatic(True)
    speaking.paste("The garden is green after the rain.")
    speaking.generate()
    speaking.until(lambda: speaking.session.project.takes[0].check is not None)
    assert speaking.session.project.takes[0].check.word_errors == 0
