"""From typing to the file: the Text to Speech tab as a user meets it, with real workers and the tone engine."""

import random
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from audiostudio.app import Services
from audiostudio.profile import Profile
from audiostudio.settings import Settings
from audiostudio.sound.files import read_sound
from audiostudio.timeline import edits
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import LINE_PAUSE
from audiostudio.ui.application import Application
from audiostudio.ui.projects import Projects
from audiostudio.ui.speech.export_dialog import ExportDialog
from audiostudio.ui.speech.script import LineState
from tests.subtitles import parse_captions
from tests.ui.speaking import PATIENCE, Desktop, OpenDesktop, desktop, media, open_desktop, script, sentence

__all__ = ["desktop", "open_desktop"]


def states(desktop: Desktop) -> list[LineState]:
    return [desktop.tab._state_of(number) for number in range(len(desktop.session.project.script.lines))]


def marked(desktop: Desktop) -> set[str]:
    return {selection.cursor.selectedText() for selection in desktop.tab.editor.extraSelections()}


@pytest.mark.long
def test_a_script_that_is_typed_becomes_a_voiceover(desktop: Desktop) -> None:
    text = script(3)
    desktop.type(text)
    assert desktop.session.project.text == text
    desktop.until(lambda: "3 of 3" in desktop.tab.bar.state.text())
    assert states(desktop) == [LineState.NEW] * 3
    result = desktop.generate()
    assert result["made"] == 3
    assert states(desktop) == [LineState.MADE] * 3
    assert not desktop.tab.bar.generate.isEnabled()
    voiceover = desktop.tab.result.voiceover
    sound = read_sound(desktop.studio.library.get(result["asset"]).path)
    assert voiceover.samples == sound.samples.shape[1]
    takes = [place.take.samples for place in voiceover.places]
    assert voiceover.samples == sum(takes) + 2 * round(LINE_PAUSE * 48_000)
    for place in voiceover.places:
        alone = read_sound(media(desktop, place.take.asset.path)).samples[0]
        assert np.array_equal(alone, sound.samples[0, place.start : place.end])
        assert [word.text for word in place.take.words] == place.text.split()
    assert desktop.tab.result.wave.duration == pytest.approx(sound.duration)


@pytest.mark.long
def test_one_changed_line_makes_exactly_one_take(desktop: Desktop) -> None:
    desktop.paste(script(5))
    desktop.generate()
    before = {take.id for take in desktop.session.project.takes}
    changed = random.randrange(5)
    desktop.go_to(changed)
    desktop.type("Suddenly ")
    desktop.until(lambda: "Generate 1 line" in desktop.tab.bar.generate.text())
    assert states(desktop).count(LineState.CHANGED) == 1
    assert states(desktop)[changed] is LineState.CHANGED
    assert desktop.tab.result.voiceover.missing == 1
    assert desktop.generate()["made"] == 1
    new = [take for take in desktop.session.project.takes if take.id not in before]
    assert [take.line for take in new] == [desktop.session.project.script.lines[changed].id]
    assert new[0].text.startswith("Suddenly ")


def test_undo_brings_back_the_take_that_said_it(desktop: Desktop) -> None:
    text = script(2)
    desktop.paste(text)
    desktop.generate()
    desktop.go_to(1)
    desktop.type("Oh, ")
    assert states(desktop)[1] is LineState.CHANGED
    desktop.qtbot.keyClick(desktop.tab.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desktop.tab.editor.text() == text
    assert states(desktop) == [LineState.MADE] * 2
    assert len(desktop.session.project.takes) == 2
    desktop.qtbot.keyClick(
        desktop.tab.editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert desktop.tab.editor.text().split("\n")[1].startswith("Oh, ")


def test_a_paste_is_a_step_of_its_own_however_fast_typing_follows(desktop: Desktop) -> None:
    desktop.type("One. ")
    desktop.paste("Two. ")
    desktop.type("Three.")
    said = [desktop.tab.editor.text()]
    for _ in range(3):
        desktop.window.commands.run("edit.undo")
        said.append(desktop.session.project.text)
    assert said == ["One. Two. Three.", "One. Two. ", "One. ", ""]


def test_an_earlier_take_is_chosen_again_with_its_words(desktop: Desktop) -> None:
    first, second = sentence(), sentence(7)
    desktop.paste(first)
    desktop.generate()
    desktop.tab.editor.selectAll()
    desktop.paste(second)
    desktop.generate()
    line = desktop.session.project.script.lines[0]
    old, new = desktop.tab.script.takes(line)
    assert (old.text, new.text) == (first, second)
    desktop.tab.show_line_menu(0)
    menu = QApplication.activePopupWidget()
    submenus = [action.menu() for action in menu.actions() if action.menu()]
    assert len(submenus) == 2
    submenus[1].actions()[1].trigger()
    menu.close()
    assert desktop.tab.editor.text() == first
    assert desktop.tab.script.current(desktop.session.project.script.lines[0]).id == old.id
    assert not desktop.tab.bar.generate.isEnabled() or "1 line" not in desktop.tab.bar.state.text()
    desktop.window.commands.run("edit.undo")
    assert desktop.tab.editor.text() == second


@pytest.mark.long
def test_the_work_is_there_after_a_restart_without_generating_again(open_desktop: OpenDesktop) -> None:
    first = open_desktop()
    first.choose("tone")
    text = script(3)
    first.paste(text)
    first.generate()
    seconds = first.tab.result.voiceover.seconds
    again = open_desktop()
    assert again.tab.editor.text() == text
    assert states(again) == [LineState.MADE] * 3
    assert again.tab.result.voiceover.seconds == seconds
    again.until(lambda: again.tab.result.wave.duration == pytest.approx(seconds))
    assert again.tab.result.isVisible()


@pytest.mark.long
@pytest.mark.parametrize("kind", ["wav", "mp3"])
def test_export_writes_sound_and_captions_of_what_is_said(
    desktop: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    text = script(3)
    desktop.paste(text)

    def fill(dialog: ExportDialog) -> int:
        dialog.folder.setText(str(tmp_path / "out"))
        dialog.name.setText("Intro")
        dialog.format.setCurrentIndex(dialog.format.findData(kind))
        dialog.captions["vtt"].setChecked(True)
        assert "Generate" in dialog.go.text()
        dialog.go.click()
        return dialog.result()

    monkeypatch.setattr(ExportDialog, "exec", fill)
    desktop.window.commands.run("export.voiceover")
    desktop.until(lambda: any("exported" in words for words in desktop.toasts()))
    sound = read_sound(tmp_path / "out" / f"Intro.{kind}")
    assert sound.samples.shape[1] == desktop.tab.result.voiceover.samples
    cues = parse_captions((tmp_path / "out" / "Intro.srt").read_text(encoding="utf-8"))
    assert " ".join(" ".join(cue.lines) for cue in cues).split() == text.split()
    assert (tmp_path / "out" / "Intro.vtt").exists()


def test_cancel_keeps_the_lines_that_were_made(desktop: Desktop) -> None:
    desktop.paste("\n".join(sentence(60) for _ in range(60)))
    desktop.until(desktop.tab.bar.generate.isEnabled)
    desktop.click(desktop.tab.bar.generate)
    assert desktop.tab.bar.cancel.isVisible()
    desktop.until(lambda: desktop.session.project.takes)
    desktop.click(desktop.tab.bar.cancel)
    desktop.until(lambda: not desktop.tab.generation.running)
    made = len(desktop.session.project.takes)
    assert 0 < made < 60
    assert states(desktop).count(LineState.MADE) == made
    assert desktop.tab.bar.generate.isVisible()


@pytest.mark.long
def test_lines_land_in_the_result_while_others_are_still_made(desktop: Desktop) -> None:
    desktop.paste("\n".join(sentence(50) for _ in range(20)))
    desktop.until(desktop.tab.bar.generate.isEnabled)
    seen = []
    desktop.tab.generation.progressed.connect(lambda _p: seen.append(len(desktop.tab.result.voiceover.places)))
    desktop.click(desktop.tab.bar.generate)
    desktop.until(lambda: not desktop.tab.generation.running)
    assert any(0 < count < 20 for count in seen)
    assert len(desktop.tab.result.voiceover.places) == 20


def test_text_files_are_dropped_into_the_script(desktop: Desktop, tmp_path: Path) -> None:
    text = script(3)
    file = tmp_path / "episode.md"
    file.write_text(text.replace("\n", "\r\n"), encoding="utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    editor = desktop.tab.editor
    assert editor.canInsertFromMimeData(data)
    drop = QDropEvent(
        QPointF(20, 20),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    editor.dropEvent(drop)
    importing = desktop.tab.importing
    desktop.until(lambda: importing.dialog is not None and importing.dialog.go.isEnabled())
    desktop.click(importing.dialog.go)
    assert desktop.session.project.text == text


def test_a_file_that_is_no_text_is_refused_in_a_sentence(desktop: Desktop, tmp_path: Path) -> None:
    file = tmp_path / "picture.txt"
    file.write_bytes(bytes(range(256)) * 10)
    desktop.tab.editor.files_dropped.emit([file])
    desktop.until(desktop.toasts)
    assert "picture.txt" in desktop.toasts()[0]
    assert desktop.session.project.text == ""


def test_what_is_not_understood_is_explained(desktop: Desktop) -> None:
    desktop.paste("Say [wave] this [pause 0.5s] now.")
    desktop.until(lambda: marked(desktop))
    assert marked(desktop) == {"[wave]", "[pause ", "0.5s", "]"}


def test_emoji_and_other_scripts_keep_their_places(desktop: Desktop) -> None:
    text = "🙂🙂 One 🎉 two [pause 1s] three.\nДобрый день, 世界."
    desktop.paste(text)
    assert desktop.session.project.text == text
    desktop.until(lambda: marked(desktop) == {"[pause ", "1s", "]"})
    desktop.tab.editor.show_said(0, text.index("three"), "three")
    assert desktop.tab.editor.extraSelections()[-1].cursor.selectedText() == "three"


def test_a_line_s_state_opens_its_menu_by_mouse(desktop: Desktop) -> None:
    desktop.paste(script(2))
    desktop.generate()
    gutter = desktop.tab.editor.gutter
    desktop.qtbot.mouseClick(gutter, Qt.MouseButton.LeftButton, pos=QPoint(gutter.width() - 20, 12))
    menu = QApplication.activePopupWidget()
    assert menu is not None
    menu.close()


def test_an_empty_script_has_nothing_to_generate(desktop: Desktop) -> None:
    assert not desktop.tab.bar.generate.isEnabled()
    desktop.paste("🙂 🎉\n\n[pause 1s]")
    desktop.until(lambda: "characters" in desktop.tab.bar.figures.text())
    assert not desktop.tab.bar.generate.isEnabled()
    assert not desktop.tab.result.isVisible()


def test_a_project_that_another_window_holds_can_be_read_and_heard(open_desktop: OpenDesktop, profile: Profile) -> None:
    with ProjectFile.create(profile.projects, "Held") as holder:
        holder.edit("Typing", lambda project: edits.set_text(project, "Only to be read."))
        holder.save()
        holder.flush()
        projects = Projects(profile, Settings(profile.settings))
        projects.renamed(holder)
        desktop = open_desktop()
        assert desktop.session.read_only
        assert desktop.tab.editor.text() == "Only to be read."
        desktop.type("No")
        assert desktop.session.project.text == desktop.tab.editor.text() == "Only to be read."
        assert not desktop.tab.bar.generate.isEnabled()
        card = desktop.tab.gallery.reveal("tone")
        desktop.qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=card.rect().center())
        assert desktop.toasts()


def test_the_whole_studio_makes_a_voiceover_and_ends_without_leftovers(
    qtbot: QtBot, qapp: QApplication, profile: Profile
) -> None:
    application = Application(qapp, Services(profile))
    application.show()
    window = application.window
    window.project_desk.create()
    qtbot.waitUntil(lambda: window.tabs.page("speech") is not None, timeout=PATIENCE)
    tab = window.tabs.page("speech")
    tab.casting.choose("tone")
    text = script(2)
    tab.editor.insert(text)
    window.commands.run("speech.generate")
    qtbot.waitUntil(lambda: len(tab.session.project.takes) == 2 and not tab.generation.running, timeout=PATIENCE)
    page = application.services.studio().library.search()
    assert page.total == 1
    assert read_sound(page.assets[0].path).samples.shape[1] == tab.result.voiceover.samples
    window.close()
    application.close()
    window.deleteLater()


def test_a_narrow_window_still_says_how_long_it_will_be(desktop: Desktop) -> None:
    desktop.paste(script(4))
    figures = desktop.tab.bar.figures
    desktop.until(lambda: "about" in figures.text())
    desktop.window.resize(960, 600)
    desktop.tab.splitter.setSizes([330, 620])
    desktop.until(lambda: "words" not in figures.text())
    assert "about" in figures.text()
    assert "words" in figures.toolTip()
    assert figures.fontMetrics().horizontalAdvance(figures.text()) <= figures.width()


def long_script(lines: int = 2000) -> str:
    return "\n".join(f"{number} {sentence(8)}" for number in range(lines))


def test_a_long_paste_comes_in_pieces_and_is_one_undo_step(desktop: Desktop) -> None:
    desktop.type("Before.")
    text = long_script()
    desktop.tab.editor.insert("\n" + text)
    assert len(desktop.session.project.text) < len(text)
    desktop.until(lambda: desktop.session.project.text == f"Before.\n{text}")
    assert desktop.tab.editor.text() == desktop.session.project.text
    desktop.window.commands.run("edit.undo")
    assert desktop.session.project.text in ("", "Before.")
    desktop.window.commands.run("edit.redo")
    assert desktop.session.project.text == f"Before.\n{text}"


def test_what_is_typed_during_a_long_paste_stands_behind_it(desktop: Desktop) -> None:
    text = long_script()
    desktop.tab.editor.insert(text)
    desktop.type("End")
    assert desktop.session.project.text == f"{text}End"


def test_undo_during_a_long_paste_ends_it(desktop: Desktop) -> None:
    text = long_script()
    desktop.tab.editor.insert(text)
    assert 0 < len(desktop.session.project.text) < len(text)
    desktop.window.commands.run("edit.undo")
    assert desktop.session.project.text == desktop.tab.editor.text() == ""
    desktop.qtbot.wait(0)
    assert desktop.tab.editor.text() == ""


def test_closing_the_project_during_a_long_paste_keeps_all_of_it(desktop: Desktop, profile: Profile) -> None:
    text = long_script()
    path = desktop.session.path
    desktop.tab.editor.insert(text)
    desktop.window.project_desk.open_sample()
    assert desktop.session.path != path
    assert ProjectFile.read(path).text == text
