"""The script editor as a writer meets it: markup, completion, speakers, the format bar, one line alone."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from audiostudio.ui.speech.script import LineState
from tests.ui.speaking import Desktop, OpenDesktop, desktop, open_desktop, script, sentence

__all__ = ["desktop", "open_desktop"]

KEYS = Qt.Key


def lines(desktop: Desktop) -> list[tuple[str | None, str]]:
    return [(line.speaker, line.text) for line in desktop.session.project.script.lines]


def key(desktop: Desktop, one: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    desktop.qtbot.keyClick(desktop.tab.editor, one, modifiers)


def choose(menu: QMenu, *path: str) -> None:
    for words in path[:-1]:
        menu = next(action.menu() for action in menu.actions() if action.text() == words)
    next(action for action in menu.actions() if action.text() == path[-1]).trigger()


def open_bar(desktop: Desktop, kind: str) -> QMenu:
    bar = desktop.tab.writing.bar
    desktop.until(bar.isVisible)
    desktop.click(bar.buttons[kind])
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def test_a_bracket_offers_markup_that_the_keyboard_writes(desktop: Desktop) -> None:
    desktop.type("Hello [")
    completion = desktop.tab.editor.completion
    assert completion.isVisible()
    desktop.type("voi")
    assert [completion.list.item(row).text() for row in range(completion.list.count())] == ["[voice …]…[/voice]"]
    key(desktop, KEYS.Key_Return)
    assert desktop.session.project.text == "Hello [voice ][/voice]"
    assert completion.list.count() > 10, "voices are offered at once"
    desktop.tab.editor.selectAll()
    desktop.type("[voice to")
    assert completion.isVisible()
    assert "(tone)" in completion.list.item(0).text()
    key(desktop, KEYS.Key_Tab)
    assert desktop.session.project.text == "[voice tone"
    assert desktop.tab.editor.hasFocus()
    assert not completion.isVisible()


def test_escape_closes_the_completion_and_words_are_only_words(desktop: Desktop) -> None:
    desktop.type("A [")
    key(desktop, KEYS.Key_Escape)
    assert not desktop.tab.editor.completion.isVisible()
    desktop.type("Bob] and B [1")
    assert not desktop.tab.editor.completion.isVisible()
    key(desktop, KEYS.Key_Return)
    assert desktop.session.project.text == "A [Bob] and B [1\n"


def test_problems_are_counted_listed_with_their_place_and_gone_to(desktop: Desktop) -> None:
    desktop.paste("All is well.\nSay [wave] now.\nAnd [voice nobody]this[/voice].")
    desktop.until(desktop.tab.bar.problems.isVisible)
    assert desktop.tab.bar.problems.text().startswith("2")
    desktop.click(desktop.tab.bar.problems)
    menu = QApplication.activePopupWidget()
    words = [action.text() for action in menu.actions()]
    assert words[0].startswith("Line 2, character 5:")
    assert "nobody" in words[1]
    menu.actions()[0].trigger()
    menu.close()
    assert desktop.tab.editor.caret() == (1, 4)
    desktop.window.commands.run("speech.problem")
    assert desktop.tab.editor.line() == 2
    desktop.tab.editor.selectAll()
    desktop.type("All is well again.")
    desktop.until(lambda: not desktop.tab.bar.problems.isVisible())


def test_a_name_that_is_typed_makes_the_line_that_speaker_s_and_can_be_undone(desktop: Desktop) -> None:
    desktop.type("EMMA: ")
    assert lines(desktop) == [("EMMA", "")]
    desktop.type("Hello there.")
    assert lines(desktop) == [("EMMA", "Hello there.")]
    assert desktop.tab.editor.gutter.wanted() > 72
    for _ in range(2):
        desktop.window.commands.run("edit.undo")
    assert lines(desktop) == [(None, "EMMA: ")]
    assert desktop.tab.editor.text() == "EMMA: "


def test_a_dialogue_that_is_pasted_is_cast_once_for_all(desktop: Desktop) -> None:
    desktop.paste("EMMA: One.\nJACK: Two.\nEMMA: Three.\nFour.")
    assert lines(desktop) == [("EMMA", "One."), ("JACK", "Two."), ("EMMA", "Three."), (None, "Four.")]
    assert desktop.tab.editor.text() == "One.\nTwo.\nThree.\nFour."
    tab = desktop.tab
    desktop.until(tab.deck.isVisible)
    tab.deck.go("cast")
    panel = tab.deck.page("cast")
    assert list(panel.rows) == ["EMMA", "JACK"]
    assert panel.suggestions.keys() == {"EMMA", "JACK"}
    desktop.click(panel.cast_all)
    project = desktop.session.project
    voices = [project.voice_of(line).voice for line in project.script.lines]
    assert voices[0] == voices[2] != voices[1]
    assert voices[3] == "tone"
    desktop.go_to(2)
    assert tab.voice.scope.value() == "role"
    assert tab.voice.name.text() == tab.voices.title(voices[0])
    tab.voice.speed.set_value(1.5)
    project = desktop.session.project
    assert [project.voice_of(line).speed for line in project.script.lines] == [1.5, 1.0, 1.5, 1.0]
    desktop.window.commands.run("edit.undo")
    desktop.window.commands.run("edit.undo")
    assert desktop.session.project.cast.roles == ()
    desktop.window.commands.run("edit.undo")
    assert desktop.session.project.text.startswith("EMMA: One.")


def test_only_one_speaker_s_lines_are_shown_until_somebody_types(desktop: Desktop) -> None:
    desktop.paste("EMMA: One.\nJACK: Two.\nEMMA: Three.")
    editor, writing = desktop.tab.editor, desktop.tab.writing
    writing.show_only("EMMA")
    assert [block.blockNumber() for block, _ in editor.visible_blocks()] == [0, 2]
    assert editor.line() == 0
    assert writing.lens.isVisible()
    for place in (2, 0, 2):
        writing.next_of("EMMA")
        assert editor.line() == place
    desktop.type("X")
    assert not editor.filtered
    assert [block.blockNumber() for block, _ in editor.visible_blocks()] == [0, 1, 2]
    assert desktop.session.project.text == "One.\nTwo.\nXThree."
    assert not writing.lens.isVisible()
    writing.show_only("JACK")
    desktop.click(writing.lens)
    assert [block.blockNumber() for block, _ in editor.visible_blocks()] == [0, 1, 2]


def test_what_is_selected_is_wrapped_and_whole_lines_get_settings(desktop: Desktop) -> None:
    desktop.paste("The quick brown fox.\nSecond line here.\nThird line here.")
    editor = desktop.tab.editor
    editor.select(0, 4, 9)
    choose(open_bar(desktop, "speed"), "1.25×")
    assert lines(desktop)[0][1] == "The [speed 1.25]quick[/speed] brown fox."
    assert editor.textCursor().selectedText() == "quick"
    choose(open_bar(desktop, "speed"), "Normal")
    assert lines(desktop)[0][1] == "The quick brown fox."
    choose(open_bar(desktop, "emphasis"), "Strong")
    assert lines(desktop)[0][1] == "The [emphasis strong]quick[/emphasis] brown fox."
    choose(open_bar(desktop, "pause"), "0.5 s")
    assert lines(desktop)[0][1] == "The [emphasis strong]quick[/emphasis] [pause 0.5s] brown fox."
    cursor = editor.textCursor()
    cursor.setPosition(editor.document().findBlockByNumber(1).position() + 3)
    cursor.movePosition(cursor.MoveOperation.End, cursor.MoveMode.KeepAnchor)
    editor.setTextCursor(cursor)
    choose(open_bar(desktop, "speed"), "0.9×")
    project = desktop.session.project
    assert [project.voice_of(line).speed for line in project.script.lines] == [1.0, 0.9, 0.9]
    desktop.window.commands.run("edit.undo")
    assert {desktop.session.project.voice_of(line).speed for line in desktop.session.project.script.lines} == {1.0}


def test_the_context_menu_knows_the_word_under_it(desktop: Desktop) -> None:
    desktop.paste("Chopin played on.")
    editor = desktop.tab.editor
    place = editor.cursorRect(editor.textCursor()).center()
    place.setX(10)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, editor.viewport().mapToGlobal(place))
    QApplication.sendEvent(editor.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    words = [action.text() for action in menu.actions()]
    assert words[0] == "Say “Chopin” differently…"
    assert {"Speed", "Pitch", "Emphasis", "Pause", "Voice", "Speaker"} <= set(words)
    menu.close()


def test_one_line_is_made_alone_from_the_gutter(desktop: Desktop) -> None:
    desktop.paste(script(3))
    gutter = desktop.tab.editor.gutter
    _, box = list(desktop.tab.editor.visible_blocks())[1]
    ended: list[object] = []
    desktop.tab.generation.ended.connect(ended.append)
    desktop.qtbot.mouseClick(gutter, Qt.MouseButton.LeftButton, pos=QPoint(gutter.width() - 50, int(box.top()) + 11))
    desktop.until(lambda: ended)
    found = [desktop.tab._state_of(number) for number in range(3)]
    assert found == [LineState.NEW, LineState.MADE, LineState.NEW]
    takes = desktop.session.project.takes
    assert [take.line for take in takes] == [desktop.session.project.script.lines[1].id]


@pytest.mark.long
def test_typing_goes_on_while_lines_are_made_and_only_what_changed_is_made_again(desktop: Desktop) -> None:
    desktop.paste(script(4))
    desktop.generate()
    before = {take.id for take in desktop.session.project.takes}
    desktop.go_to(2)
    desktop.type("[speed 1.2]Well[/speed] ")
    result = desktop.generate()
    assert result["made"] == 1
    new = [take for take in desktop.session.project.takes if take.id not in before]
    assert [take.line for take in new] == [desktop.session.project.script.lines[2].id]


def test_a_soft_break_is_a_line_of_its_own(desktop: Desktop) -> None:
    desktop.type("One")
    key(desktop, KEYS.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    desktop.type("two")
    assert desktop.session.project.text == "One\ntwo"


def test_a_file_is_looked_at_before_it_comes_in(desktop: Desktop, tmp_path: Path) -> None:
    desktop.paste("Before.")
    file = tmp_path / "play.md"
    file.write_text("# One\n\nANNA: Hello.\n\nBEN: Hi.\n\n# Two\n\nANNA: Bye.\n", encoding="utf-8")
    importing = desktop.tab.importing
    importing.ask([file])
    desktop.until(lambda: importing.dialog.go.isEnabled())
    dialog = importing.dialog
    assert dialog.table.rowCount() == 5
    assert dialog.table.item(1, 0).text() == "ANNA"
    assert [dialog.chapters.item(row).text() for row in range(2)] == ["One", "Two"]
    dialog.chapters.item(1).setCheckState(Qt.CheckState.Unchecked)
    desktop.click(dialog.headings)
    assert dialog.table.rowCount() == 2
    assert not dialog.replaces()
    desktop.click(dialog.go)
    assert lines(desktop) == [(None, "Before."), ("ANNA", "Hello."), ("BEN", "Hi.")]
    assert desktop.tab.editor.text() == "Before.\nHello.\nHi."
    desktop.window.commands.run("edit.undo")
    assert lines(desktop) == [(None, "Before.")]


def test_names_are_left_alone_when_that_is_wanted(desktop: Desktop, tmp_path: Path) -> None:
    file = tmp_path / "list.txt"
    file.write_text("ANNA: Hello.\n\nANNA: Bye.\n", encoding="utf-8")
    importing = desktop.tab.importing
    importing.ask([file])
    desktop.until(lambda: importing.dialog.go.isEnabled())
    desktop.click(importing.dialog.names)
    desktop.until(lambda: importing.dialog.go.isEnabled() and not importing.dialog.table.item(0, 0).text())
    desktop.click(importing.dialog.go)
    assert lines(desktop) == [(None, "ANNA: Hello."), (None, "ANNA: Bye.")]


@pytest.mark.parametrize("name", ["play.docx", "notes.csv", "film.srt"])
def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_lost(
    desktop: Desktop, tmp_path: Path, name: str
) -> None:
    desktop.paste("Kept.")
    file = tmp_path / name
    file.write_bytes(bytes(range(256)) * 8)
    desktop.tab.editor.files_dropped.emit([file])
    desktop.until(desktop.toasts)
    assert name in desktop.toasts()[0]
    assert desktop.tab.importing.dialog is None
    assert desktop.session.project.text == "Kept."


def test_subtitles_that_are_pasted_become_lines_with_their_times(desktop: Desktop) -> None:
    data = QMimeData()
    data.setText("1\n00:00:01,000 --> 00:00:02,500\nHello.\n\n2\n00:00:04,000 --> 00:00:06,000\nBye.\n")
    desktop.tab.editor.insertFromMimeData(data)
    importing = desktop.tab.importing
    desktop.until(lambda: importing.dialog is not None and importing.dialog.go.isEnabled())
    desktop.click(importing.dialog.go)
    found = desktop.session.project.script.lines
    assert [line.text for line in found] == ["Hello.", "Bye."]
    assert [line.slot.start for line in found] == [1.0, 4.0]


@pytest.mark.long
def test_the_dictionary_changes_what_is_made_and_tells_before(desktop: Desktop) -> None:
    word = "Quxling"
    desktop.paste(f"{word} is here.\n{sentence()}\nNobody saw {word}.")
    desktop.generate()
    desktop.window.commands.run("speech.dictionary")
    dialog = desktop.tab.pronouncer.dictionary
    desktop.qtbot.keyClicks(dialog.word, word)
    desktop.qtbot.keyClicks(dialog.spoken, "kucksling")
    desktop.until(lambda: "2 lines will be made again" in dialog.note.text())
    desktop.click(dialog.save)
    assert [entry.word for entry in desktop.session.project.dictionary] == [word]
    found = [desktop.tab._state_of(number) for number in range(3)]
    assert found == [LineState.CHANGED, LineState.MADE, LineState.CHANGED]
    dialog.note.linkActivated.emit("2")
    assert desktop.tab.editor.line() == 2
    dialog.reject()
    assert desktop.generate()["made"] == 2
    assert desktop.session.project.takes[-1].pronunciations[0].spoken == "kucksling"
    desktop.window.commands.run("edit.undo")
    assert desktop.session.project.dictionary == ()
    assert [desktop.tab._state_of(number) for number in range(3)] == [LineState.MADE] * 3


def test_a_dictionary_travels_as_csv_and_holds_everywhere(
    desktop: Desktop, tmp_path: Path, open_desktop: OpenDesktop
) -> None:
    file = tmp_path / "words.csv"
    file.write_text("word,spoken\nSQL,sequel\nGIF,jif\n,nothing\n", encoding="utf-8")
    desktop.window.commands.run("speech.dictionary")
    dialog = desktop.tab.pronouncer.dictionary
    dialog.scope.choose("always")
    dialog.import_file(file)
    assert dialog.table.rowCount() == 2
    desktop.until(desktop.toasts)
    dialog.search.setText("gif")
    assert dialog.table.rowCount() == 1
    dialog.reject()
    assert desktop.session.project.dictionary == ()
    again = open_desktop()
    again.until(lambda: len(again.tab.pronouncer.dictionaries.everywhere) == 2)
    again.paste("A GIF.")
    assert again.tab.script.pronouncing(again.session.project.script.lines[0])[0].spoken == "jif"


@pytest.mark.long
@pytest.mark.parametrize("scope", ["line", "project"])
def test_a_word_is_said_differently_where_it_is_wanted(desktop: Desktop, scope: str) -> None:
    desktop.paste("I read the record.\nA record was broken.")
    desktop.generate()
    pronouncer = desktop.tab.pronouncer
    pronouncer.show_word(0, 11, 17)
    dialog = pronouncer.dialog
    desktop.until(lambda: dialog.list.count() > 2)
    dialog.list.setCurrentRow(0)
    dialog.scope.choose(scope)
    desktop.until(lambda: ("2 lines" if scope == "project" else "1 line") in dialog.note.text())
    chosen = dialog.choice()
    desktop.click(dialog.keep)
    states = [desktop.tab._state_of(number) for number in range(2)]
    if scope == "line":
        assert states == [LineState.CHANGED, LineState.MADE]
        assert chosen.spoken in desktop.session.project.script.lines[0].text
        desktop.until(lambda: not desktop.tab.bar.problems.isVisible())
    else:
        assert states == [LineState.CHANGED, LineState.CHANGED]
        assert desktop.session.project.dictionary == (chosen,)


def test_a_word_can_be_spelt_one_s_own_way_and_heard(desktop: Desktop) -> None:
    desktop.paste("Nginx is quick.")
    pronouncer = desktop.tab.pronouncer
    pronouncer.show_word(0, 0, 5)
    dialog = pronouncer.dialog
    desktop.qtbot.keyClicks(dialog.own, "engine ex")
    desktop.click(dialog.hear)
    desktop.until(lambda: desktop.tab.previews._now and desktop.tab.previews._now.pieces)
    assert desktop.tab.previews._now.request["pronunciations"][0]["spoken"] == "engine ex"
    desktop.tab.previews.stop()
    desktop.click(dialog.keep)
    assert desktop.session.project.text == "[say Nginx|as engine ex] is quick."


def test_a_line_waits_before_it_is_heard(desktop: Desktop) -> None:
    desktop.paste("One.\nTwo.")
    voice = desktop.tab.voice
    desktop.click(voice.more)
    desktop.go_to(1)
    voice.before.set_value(1.0)
    assert desktop.session.project.script.lines[1].pause_before == 1.0
    result = desktop.generate()
    from audiostudio.sound.files import read_sound

    sound = read_sound(desktop.studio.library.get(result["asset"]).path)
    voiceover = desktop.tab.result.voiceover
    assert sound.samples.shape[1] == voiceover.samples
    assert voiceover.places[1].start - voiceover.places[0].end == round(1.35 * 48_000)
