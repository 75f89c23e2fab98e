"""What goes wrong while a script is made: said in a sentence, nothing lost, and it goes on."""

import multiprocessing
import random
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from audiostudio.profile import Profile
from audiostudio.settings import Settings
from audiostudio.timeline import edits
from audiostudio.ui.speech.export_dialog import ExportDialog
from audiostudio.ui.speech.script import LineState
from tests.ui.speaking import Desktop, OpenDesktop, desktop, open_desktop, script, sentence

__all__ = ["desktop", "open_desktop"]


def states(desktop: Desktop) -> list[LineState]:
    return [desktop.tab._state_of(number) for number in range(len(desktop.session.project.script.lines))]


@pytest.mark.long
def test_a_line_that_cannot_be_made_is_marked_and_the_others_are_kept(desktop: Desktop) -> None:
    desktop.choose("hibari_heart")
    desktop.paste(script(3))
    refused = desktop.session.project.script.lines[1]
    voice = replace(desktop.session.project.voice, language="fr")
    desktop.session.edit("Voice", lambda project: edits.set_line_voice(project, refused.id, voice))
    assert desktop.generate() is None
    assert states(desktop) == [LineState.MADE, LineState.FAILED, LineState.NEW]
    desktop.until(desktop.toasts)
    desktop.session.edit("Voice", lambda project: edits.set_line_voice(project, refused.id, None))
    assert desktop.generate()["made"] == 2
    assert states(desktop) == [LineState.MADE] * 3


@pytest.mark.long
def test_a_killed_worker_costs_only_the_line_it_was_at(desktop: Desktop) -> None:
    desktop.paste("\n".join(sentence(60) for _ in range(40)))
    ended: list[object] = []
    desktop.tab.generation.ended.connect(ended.append)
    desktop.until(desktop.tab.bar.generate.isEnabled)
    desktop.click(desktop.tab.bar.generate)
    desktop.until(lambda: desktop.session.project.takes)
    (worker,) = (process for process in multiprocessing.active_children() if process.name == "cpu")
    worker.kill()
    desktop.until(lambda: ended)
    desktop.until(desktop.toasts)
    made = len(desktop.session.project.takes)
    assert 0 < made < 40
    assert states(desktop).count(LineState.FAILED) == 1
    result = desktop.generate()
    assert result["takes"] == 40
    assert 40 - made - 5 <= result["made"] <= 40 - made
    assert len(desktop.session.project.takes) == 40
    assert len({take.line for take in desktop.session.project.takes}) == 40


def test_ctrl_return_generates_and_writes_nothing(desktop: Desktop) -> None:
    text = script(2)
    desktop.paste(text)
    desktop.qtbot.keyClick(desktop.tab.editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert desktop.tab.generation.running
    assert desktop.tab.editor.text() == text
    desktop.until(lambda: not desktop.tab.generation.running)
    assert states(desktop) == [LineState.MADE] * 2


@pytest.mark.long
def test_typing_goes_on_while_lines_are_made(desktop: Desktop) -> None:
    desktop.paste("\n".join(sentence(40) for _ in range(30)))
    desktop.until(desktop.tab.bar.generate.isEnabled)
    desktop.click(desktop.tab.bar.generate)
    desktop.until(lambda: desktop.session.project.takes)
    desktop.go_to(29)
    word = random.choice(("lately", "gladly", "hardly"))
    desktop.type(f"{word} ")
    desktop.until(lambda: not desktop.tab.generation.running)
    assert desktop.session.project.script.lines[29].text.startswith(word)
    assert states(desktop)[:29] == [LineState.MADE] * 29
    assert states(desktop)[29] is LineState.CHANGED
    assert desktop.generate()["made"] == 1


@pytest.mark.long
def test_a_megabyte_is_written_counted_and_edited(desktop: Desktop) -> None:
    text = "\n".join(sentence(16) for _ in range(9000))
    desktop.paste(text)
    desktop.until(lambda: desktop.session.project.text == text)
    desktop.until(lambda: "9,000 of 9,000" in desktop.tab.bar.state.text() or "9000" in desktop.tab.bar.state.text())
    desktop.go_to(4500)
    desktop.type("x")
    lines = desktop.session.project.text.split("\n")
    assert lines[4500].startswith("x")
    assert len(lines) == 9000
    desktop.window.commands.run("edit.undo")
    assert desktop.tab.editor.text() == desktop.session.project.text


def test_pasted_line_ends_and_odd_characters_arrive_as_they_are_said(desktop: Desktop) -> None:
    desktop.paste("One.\r\nTwo.\rThree.\u2028Four.\u00a0Five.")
    assert desktop.session.project.text == "One.\nTwo.\nThree.\nFour.\u00a0Five."
    assert desktop.tab.editor.text() == desktop.session.project.text


def test_how_preview_speaks_is_remembered(open_desktop: OpenDesktop) -> None:
    first = open_desktop()
    assert first.tab.aloud.instant()
    first.tab.bar._own.trigger()
    again = open_desktop()
    assert not again.tab.aloud.instant()
    assert again.tab.bar._own.isChecked()


def test_a_preview_that_cannot_speak_says_so_and_stops(desktop: Desktop) -> None:
    desktop.choose("hibari_heart")
    desktop.paste(sentence())
    voice = replace(desktop.session.project.voice, language="fr")
    desktop.session.edit("Voice", lambda project: edits.set_default_voice(project, voice))
    desktop.tab.aloud.preview()
    desktop.until(lambda: desktop.tab.previews.key is None)
    desktop.until(desktop.toasts)
    assert desktop.tab.bar.preview.text() == "Preview"


@pytest.mark.parametrize("nonsense", [7, "x", [1], {"folder": 3, "captions": 5, "format": []}])
def test_remembered_nonsense_does_not_keep_the_tab_from_opening(
    open_desktop: OpenDesktop, profile: Profile, nonsense: object
) -> None:
    settings = Settings(profile.settings)
    settings["speech.sizes"] = settings["speech.export"] = nonsense
    desktop = open_desktop()
    assert desktop.tab.isVisible()
    dialog = ExportDialog("Name", nonsense, 0, desktop.tab)
    assert dialog.choice().output.suffix == ".wav"
    dialog.deleteLater()
