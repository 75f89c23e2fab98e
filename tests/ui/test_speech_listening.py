"""What is heard: previews, the result and single takes, pulled sample by sample from the player's real process."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor

from audiostudio.sound.files import read_sound
from audiostudio.ui.speech.result import OWNER
from tests.ui.speaking import Desktop, OpenDesktop, desktop, media, open_desktop, script, sentence

__all__ = ["desktop", "open_desktop"]


def said(desktop: Desktop) -> list[str]:
    """The word that is lit in the script."""
    lit = desktop.tab.editor._said
    found = [s.cursor.selectedText() for s in desktop.tab.editor.extraSelections()]
    return found[-1:] if lit is not None else []


def loud(samples: np.ndarray) -> bool:
    return bool(np.abs(samples).max() > 0.05)


def test_a_card_says_the_user_s_own_first_sentence_and_keeps_its_outline(desktop: Desktop) -> None:
    first = sentence(4)
    desktop.paste(f"{first} And then some more.\n{sentence()}")
    card = desktop.tab.gallery.reveal("tone")
    desktop.click(card.play)
    desktop.until(lambda: desktop.tab.previews._now and desktop.tab.previews._now.whole)
    preview = desktop.tab.previews._now
    assert preview.text == first
    assert [word.text for _, word in preview.words] == first.split()
    assert loud(desktop.ear.hear(4000))
    desktop.until(lambda: card._peaks is not None)
    assert card._peaks.length == preview.samples
    desktop.click(card.play)
    assert desktop.tab.previews.key is None
    assert not desktop.tab.listening.playing


def test_a_preview_that_was_heard_before_needs_no_job(desktop: Desktop) -> None:
    desktop.paste(sentence(3))
    card = desktop.tab.gallery.reveal("tone")
    desktop.click(card.play)
    desktop.until(lambda: desktop.tab.previews._now and desktop.tab.previews._now.whole)
    desktop.click(card.play)
    jobs = len(desktop.window.jobs.watchers)
    desktop.click(card.play)
    assert len(desktop.window.jobs.watchers) == jobs
    assert loud(desktop.ear.hear(4000))


def test_the_outline_is_remembered_by_the_next_start(open_desktop: OpenDesktop) -> None:
    first = open_desktop()
    first.choose("tone")
    first.click(first.tab.gallery.reveal("tone").play)
    first.until(lambda: first.tab.gallery.grid.cards["tone"]._peaks is not None)
    length = first.tab.gallery.grid.cards["tone"]._peaks.length
    again = open_desktop()
    card = again.tab.gallery.reveal("tone")
    again.until(lambda: card._peaks is not None)
    assert card._peaks.length == length
    assert again.tab.gallery.reveal("af_heart")._peaks is None


def test_the_result_plays_what_the_file_holds_and_lights_its_words(desktop: Desktop) -> None:
    text = script(2)
    desktop.paste(text)
    result = desktop.generate()
    desktop.click(desktop.tab.result.play)
    desktop.until(lambda: desktop.tab.listening.plays(OWNER))
    length = 24_000
    heard = desktop.ear.hear(length)[:, 0]
    whole = read_sound(desktop.studio.library.get(result["asset"]).path).samples[0]
    assert np.abs(heard[200:] - whole[200:length]).max() < 1e-3
    desktop.until(lambda: desktop.tab.listening.position >= 0.45)
    desktop.until(lambda: said(desktop))
    spot = desktop.tab.result.voiceover.at(desktop.tab.listening.position)
    assert spot.word is None or said(desktop)[0] in text
    desktop.click(desktop.tab.result.play)
    assert not desktop.tab.listening.playing


def test_seeking_lights_the_word_at_the_playhead_while_nothing_plays(desktop: Desktop) -> None:
    desktop.paste(script(3))
    desktop.generate()
    tab = desktop.tab
    marks = tab.result.voiceover.words()

    def seek(number: int) -> None:
        x = (marks[number].start + marks[number].end) / 2 / tab.result.voiceover.seconds * tab.result.wave.width()
        desktop.qtbot.mouseClick(tab.result.wave, Qt.MouseButton.LeftButton, pos=QPoint(round(x), 60))

    def lit() -> str:
        return said(desktop)[0].strip(".,").lower()

    for number in (1, len(marks) - 2):
        seek(number)
        assert lit() == marks[number].text.strip(".,").lower()
    desktop.click(tab.result.play)
    desktop.until(lambda: tab.listening.plays(OWNER))
    desktop.click(tab.result.play)
    for number in (len(marks) - 1, 0):
        seek(number)
        assert lit() == marks[number].text.strip(".,").lower()
    desktop.type("Ah ")
    assert said(desktop) == []


def test_a_click_seeks_and_a_drag_loops(desktop: Desktop) -> None:
    desktop.paste(script(3))
    desktop.generate()
    wave, seconds = desktop.tab.result.wave, desktop.tab.result.voiceover.seconds
    half = QPoint(wave.width() // 2, 60)
    desktop.qtbot.mouseClick(wave, Qt.MouseButton.LeftButton, pos=half)
    assert wave.position == pytest.approx(seconds / 2, rel=0.02)
    desktop.click(desktop.tab.result.play)
    desktop.until(lambda: desktop.tab.listening.plays(OWNER))
    desktop.until(lambda: desktop.tab.listening.position >= seconds / 2 - 0.05)
    start, end = QPoint(40, 60), QPoint(80, 60)
    desktop.qtbot.mousePress(wave, Qt.MouseButton.LeftButton, pos=start)
    desktop.qtbot.mouseMove(wave, end)
    desktop.qtbot.mouseRelease(wave, Qt.MouseButton.LeftButton, pos=end)
    assert desktop.tab.result.loop.isChecked()
    low, high = wave.loop
    assert (low, high) == (
        pytest.approx(40 / wave.width() * seconds, abs=0.05),
        pytest.approx(80 / wave.width() * seconds, abs=0.05),
    )
    desktop.click(desktop.tab.result.loop)
    assert not desktop.tab.result.loop.isChecked()


def test_space_plays_and_ctrl_space_listens_from_the_caret_s_line(desktop: Desktop) -> None:
    desktop.paste(script(3))
    desktop.generate()
    desktop.tab.result.wave.setFocus()
    desktop.qtbot.keyClick(desktop.tab.result.wave, Qt.Key.Key_Space)
    desktop.until(lambda: desktop.tab.listening.plays(OWNER))
    desktop.qtbot.keyClick(desktop.tab.result.wave, Qt.Key.Key_Space)
    assert not desktop.tab.listening.playing
    desktop.tab.editor.setFocus()
    desktop.go_to(2)
    desktop.qtbot.keyClick(desktop.tab.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    desktop.until(lambda: desktop.tab.listening.plays(OWNER))
    start = desktop.tab.result.voiceover.start_of(desktop.session.project.script.lines[2].id)
    desktop.until(lambda: desktop.tab.listening.position >= start - 0.001)
    desktop.qtbot.keyClick(desktop.tab.editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert not desktop.tab.listening.playing
    assert desktop.session.project.text == desktop.tab.editor.text()


def test_preview_reads_the_script_along_from_the_caret(desktop: Desktop) -> None:
    lines = [sentence(), sentence(), sentence()]
    desktop.paste("\n".join(lines))
    desktop.go_to(1)
    desktop.until(desktop.tab.bar.preview.isEnabled)
    desktop.click(desktop.tab.bar.preview)
    desktop.until(lambda: desktop.tab.previews._now and desktop.tab.previews._now.pieces)
    assert desktop.tab.previews._now.text == "\n".join(lines[1:])
    desktop.ear.hear(6000)
    desktop.until(lambda: said(desktop))
    assert desktop.tab.editor._said[0] == 1
    assert said(desktop)[0] in lines[1]
    assert desktop.session.project.takes == ()
    desktop.click(desktop.tab.bar.preview)
    desktop.until(lambda: desktop.tab.previews.key is None)


def test_a_word_that_was_moved_while_it_sounds_lights_nothing_else(desktop: Desktop) -> None:
    line = " ".join(str(number) for number in range(100, 160))
    desktop.paste(line)
    desktop.until(desktop.tab.bar.preview.isEnabled)
    desktop.click(desktop.tab.bar.preview)
    desktop.until(lambda: desktop.tab.previews._now and desktop.tab.previews._now.pieces)
    desktop.ear.hear(6000)
    desktop.until(lambda: said(desktop))
    assert said(desktop)[0] in line.split()
    desktop.tab.editor.moveCursor(QTextCursor.MoveOperation.Start)
    desktop.qtbot.keyClicks(desktop.tab.editor, "Ah, ")
    desktop.ear.hear(6000)
    desktop.until(lambda: said(desktop) == [])
    desktop.click(desktop.tab.bar.preview)


def test_the_playhead_follows_the_sound_when_a_line_before_it_is_changed(desktop: Desktop) -> None:
    desktop.paste("\n".join((sentence(8), sentence(8), sentence(8))))
    desktop.generate()
    tab, last = desktop.tab, desktop.session.project.script.lines[2].id
    heard = tab.result.voiceover
    tab.result.play_from(heard.start_of(last) + 0.1)
    desktop.until(lambda: tab.listening.plays(OWNER))
    tab.editor.moveCursor(QTextCursor.MoveOperation.Start)
    desktop.qtbot.keyClicks(tab.editor, "Ah, ")
    desktop.until(lambda: tab.result.voiceover.missing == 1)
    desktop.ear.hear(4000)
    shift = heard.start_of(last) - tab.result.voiceover.start_of(last)
    assert shift > 0.5
    desktop.until(lambda: abs(tab.listening.position - shift - tab.result.wave.position) < 0.05)
    assert tab.result.wave.position > tab.result.voiceover.start_of(last)
    tab.listening.pause()


def test_one_take_is_heard_alone(desktop: Desktop) -> None:
    desktop.paste(script(2))
    desktop.generate()
    take = desktop.session.project.takes[1]
    desktop.tab.aloud.hear_take(take)
    desktop.until(lambda: desktop.tab.listening.plays(take.id))
    heard = desktop.ear.hear(8000)[:, 0]
    whole = read_sound(media(desktop, take.asset.path)).samples[0]
    assert np.abs(heard[200:] - whole[200:8000]).max() < 1e-3


def test_without_a_sound_output_everything_else_works(desktop: Desktop) -> None:
    desktop.paste(script(2))
    desktop.generate()
    desktop.window.desk.player.devices()
    desktop.ear.refuse("No sound output was found.")
    desktop.click(desktop.tab.result.play)
    desktop.until(lambda: desktop.tab.result.problem.isVisible())
    assert "No sound output was found." in desktop.tab.result.problem.text()
    assert not desktop.tab.listening.playing
    desktop.go_to(0)
    desktop.type("Still ")
    assert desktop.generate()["made"] == 1


def test_a_vanished_file_is_said_and_silent(desktop: Desktop) -> None:
    desktop.paste(script(3))
    desktop.generate()
    media(desktop, desktop.session.project.takes[1].asset.path).unlink()
    desktop.go_to(0)
    desktop.type("Well, ")
    desktop.until(lambda: any("no longer in the library" in words for words in desktop.toasts()))
    assert desktop.tab.result.wave.duration == pytest.approx(desktop.tab.result.voiceover.seconds)


def test_the_instant_voice_previews_where_it_can(desktop: Desktop) -> None:
    desktop.choose("af_heart")
    voices, project = desktop.tab.voices, desktop.session.project
    line = project.voice_of(project.script.lines[0]) if project.script.lines else project.voice
    assert voices.instant(line).voice in ("hibari_heart", "af_heart")
    desktop.choose("tone")
    assert voices.instant(desktop.session.project.voice).voice == "tone"


def test_the_instant_voice_is_made_ready_once_and_before_it_is_asked_for(desktop: Desktop) -> None:
    operations: list[str] = []
    desktop.window.jobs.added.connect(lambda watcher: operations.append(watcher.job.operation))
    desktop.paste(sentence(3))
    desktop.until(lambda: operations == ["speech.warm"] and not desktop.window.jobs.active)
    assert desktop.toasts() == []
    desktop.paste("\n" + sentence(4))
    desktop.click(desktop.tab.bar.preview)
    desktop.until(lambda: desktop.tab.previews._now and desktop.tab.previews._now.whole)
    assert operations == ["speech.warm", "speech.preview"]
