"""Writing: names become speakers, what is selected is spoken in another way, problems and speakers are gone to."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, Signal
from PySide6.QtWidgets import QInputDialog, QMenu

from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, Project, VoiceChoice
from audiostudio.ui import icons
from audiostudio.ui.speech import speakers
from audiostudio.ui.speech.casting import Change
from audiostudio.ui.speech.editor import ScriptEditor
from audiostudio.ui.speech.format_bar import FormatBar
from audiostudio.ui.speech.marks import Mark, beyond_marks, is_markup, without_tags
from audiostudio.ui.speech.own_voices import fill_own
from audiostudio.ui.speech.script import LineProblem, speakable
from audiostudio.ui.speech.script_view import Selected
from audiostudio.ui.speech.voices import VoiceList
from audiostudio.ui.speech.words import language_name
from audiostudio.ui.speech.wrapping import with_pause, wrapped
from audiostudio.ui.theme import GRID
from audiostudio.ui.widgets import Button

if TYPE_CHECKING:
    from audiostudio.timeline.session import ProjectSession

SPEEDS = (0.75, 0.85, 0.9, 1.0, 1.1, 1.25, 1.5)
PITCHES = (4.0, 2.0, 1.0, 0.0, -1.0, -2.0, -4.0)
PAUSES = (0.25, 0.5, 1.0, 2.0)
_REMEMBERED = 32_768
_MENU = 24
"""Problems in a menu."""


class Writing(QObject):
    differently_wanted = Signal(int, int, int)
    """A word of the script: its line, begin and end."""
    filtered = Signal(object)
    """Only this speaker's lines are shown; None: all."""

    def __init__(
        self, session: "ProjectSession", editor: ScriptEditor, voices: VoiceList, change: Change, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._session, self._editor, self._voices, self._change = session, editor, voices, change
        self._colours: dict[str, str] = {}
        self._known: dict[tuple[str, str], tuple[Mark, ...]] = {}
        """A text and its voice → what the engine cannot do with it."""
        self.only: str | None = None
        """The speaker whose lines alone are shown."""
        self.lens = Button("", "secondary", "x", editor, small=True)
        self.lens.setToolTip(self.tr("Show all lines"))
        self.lens.hide()
        kinds = (
            ("speed", self.tr("Speed"), "clock"),
            ("pitch", self.tr("Pitch"), "audio-waveform"),
            ("emphasis", self.tr("Emphasis"), "sparkles"),
            ("pause", self.tr("Pause"), "pause"),
            ("voice", self.tr("Voice"), "mic-vocal"),
            ("speaker", self.tr("Speaker"), "user-round"),
        )
        self._titles = {key: (title, icon) for key, title, icon in kinds}
        self.bar = FormatBar(editor, kinds, self.menu)
        self.show_voices()
        self.lens.clicked.connect(editor.show_all)
        editor.all_shown.connect(self._all_shown)
        editor.typed.connect(self._typed)
        editor.pasted.connect(self._pasted)
        editor.menu_opening.connect(self._fill)
        editor.gutter.speakers = self._speaker_of
        editor.beyond = self._beyond
        editor.gutter.speaker_clicked.connect(self._choose_speaker)
        self.follow(session.project)

    def follow(self, project: Project) -> None:
        """The script or the cast changed."""
        self._colours = speakers.colours(project)
        self._editor.gutter.show_names(bool(self._colours))

    def show_voices(self) -> None:
        """Other voices are known now."""
        self._known.clear()
        self._editor.set_voices(tuple((voice.id, voice.name) for voice in self._voices.voices))

    def beyond(self, project: Project, line: Line) -> tuple[Mark, ...]:
        """What the line's engine cannot do with it."""
        voice = project.voice_of(line).voice
        found = self._known.get((line.text, voice))
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[line.text, voice] = beyond_marks(line.text, voice, self._voices.engine)
        return found

    def _beyond(self, number: int) -> tuple[Mark, ...]:
        project = self._session.project
        lines = project.script.lines
        return self.beyond(project, lines[number]) if number < len(lines) else ()

    def colour(self, speaker: str) -> str:
        """The token of a speaker's colour."""
        return self._colours.get(speaker, speakers.COLOURS[0])

    # Going places

    def go_to(self, problem: LineProblem) -> None:
        self._editor.show_all()
        self._editor.select(problem.line, problem.start, problem.start)
        self._editor.setFocus()

    def next_of(self, speaker: str, step: int = 1) -> None:
        """The caret to the next line of a speaker after its own; behind the last comes the first."""
        lines = self._session.project.script.lines
        count, here = len(lines), self._editor.line()
        for number in range(1, count + 1):
            place = (here + step * number) % count
            if lines[place].speaker == speaker and lines[place].text.strip():
                self._editor.select(place, 0, 0)
                self._editor.setFocus()
                return

    def show_only(self, speaker: str | None) -> None:
        """Hide what others say; None shows all."""
        if speaker is None:
            self._editor.show_all()
            return
        lines = self._session.project.script.lines
        first = next((number for number, line in enumerate(lines) if line.speaker == speaker), None)
        if first is None:
            return

        def said(number: int) -> bool:
            lines = self._session.project.script.lines
            return number < len(lines) and lines[number].speaker == speaker

        self.only = speaker
        self.bar.close_now()
        self._editor.show_only(said)
        self._editor.select(first, 0, 0)
        self.lens.setText(self.tr("Only {name}").replace("{name}", speaker.replace("&", "&&")))
        self.lens.adjustSize()
        self.lens.move(self._editor.width() - self.lens.width() - 2 * GRID, GRID)
        self.lens.show()
        self.lens.raise_()
        self.filtered.emit(speaker)

    def _all_shown(self) -> None:
        self.only = None
        self.lens.hide()
        self.filtered.emit(None)

    def problem_menu(self, problems: Iterable[LineProblem], parent: QMenu) -> None:
        """Fill a menu with problems to go to."""
        for one in list(problems)[:_MENU]:
            place = self.tr("Line {line}, character {character}: {problem}")
            place = place.replace("{line}", str(one.line + 1)).replace("{character}", str(one.start + 1))
            shown = one.message if len(one.message) <= 90 else f"{one.message[:89]}…"
            action = parent.addAction(place.replace("{problem}", shown).replace("&", "&&"))
            action.setToolTip(one.message)
            action.triggered.connect(lambda _=False, one=one: self.go_to(one))

    # How the selection is spoken

    def menu(self, kind: str) -> QMenu:
        """The menu of one kind of change, for the bar and the context menu."""
        title, icon = self._titles[kind]
        made = QMenu(title, self._editor)
        made.setIcon(icons.icon(icon))
        if kind == "speed":
            for value in SPEEDS:
                words = self.tr("Normal") if value == 1.0 else f"{value:g}×"
                self._item(made, words, lambda value=value: self.set_speed(value))
        elif kind == "pitch":
            for value in PITCHES:
                words = self.tr("Normal") if value == 0.0 else self.tr("%n semitones").replace("%n", f"{value:+g}")
                self._item(made, words, lambda value=value: self.set_pitch(value))
        elif kind == "emphasis":
            levels = (
                (self.tr("Strong"), "strong"),
                (self.tr("Moderate"), ""),
                (self.tr("Reduced"), "reduced"),
                (self.tr("None"), None),
            )
            for words, level in levels:
                self._item(made, words, lambda level=level: self.emphasise(level))
        elif kind == "pause":
            for value in PAUSES:
                words = self.tr("{seconds} s").replace("{seconds}", f"{value:g}")
                self._item(made, words, lambda value=value: self.pause(value))
        elif kind == "voice":
            self._fill_voices(made)
        else:
            self._fill_speakers(made, [line.id for line in self._lines()])
        return made

    def set_speed(self, value: float) -> None:
        self._set("speed", None if value == 1.0 else f"{value:g}", lambda voice: replace(voice, speed=value))

    def set_pitch(self, value: float) -> None:
        self._set("pitch", f"{value:+g}" if value else None, lambda voice: replace(voice, pitch=value))

    def emphasise(self, level: str | None) -> None:
        """Empty: moderately; None: no longer."""
        self._wrap("emphasis", level)

    def set_voice(self, voice: str | None) -> None:
        """Of the selected words, or of the selected lines; None: the voice they would have without."""
        language = self._session.project.language

        def changed(choice: VoiceChoice) -> VoiceChoice | None:
            return None if voice is None else self._voices.chosen_with(choice, voice, language)

        self._set("voice", voice, changed)

    def pause(self, seconds: float) -> None:
        """Behind the selected words or at the caret; of several lines after each."""
        selected = self._editor.selected()
        if selected is not None and not selected.one_line:
            ids = [line.id for line in self._lines() if speakable(line.text)]

            def after_each(project: Project) -> Project:
                for line in ids:
                    project = edits.set_pause(project, line, seconds)
                return project

            self._change(self.tr("Pause"), after_each, None)
            return
        number, caret = self._editor.caret()
        place = caret if selected is None else selected.end
        line = self._session.project.script.lines[number]
        text, caret = with_pause(line.text, place, seconds)
        self._change(self.tr("Pause"), lambda project: edits.set_line_text(project, line.id, text), None)
        self._editor.select(number, caret, caret)

    def _set(self, tag: str, argument: str | None, change: Callable[[VoiceChoice], VoiceChoice | None]) -> None:
        """Of whole lines the voice is changed, of a part of one line its markup."""
        selected, lines = self._editor.selected(), self._lines()
        if selected is not None and selected.one_line and not self._is_whole(selected, lines[0]):
            self._wrap(tag, argument)
            return
        ids = [line.id for line in lines if line.text.strip()]
        label = self._titles[tag][0]
        self._change(label, lambda project: edits.change_lines_voice(project, ids, change), None)

    def _wrap(self, tag: str, argument: str | None) -> None:
        selected = self._editor.selected()
        if selected is None:
            number = self._editor.line()
            selected = Selected(number, 0, number, len(self._line(number).text))
        parts: list[tuple[str, str]] = []
        made = None
        for number in filter(self._editor.is_shown, range(selected.first, selected.last + 1)):
            line = self._line(number)
            start = selected.start if number == selected.first else 0
            end = selected.end if number == selected.last else len(line.text)
            made = wrapped(line.text, *without_tags(line.text, start, end), tag, argument)
            parts.append((line.id, made.text))

        def changed(project: Project) -> Project:
            for line, text in parts:
                project = edits.set_line_text(project, line, text)
            return project

        self._change(self._titles[tag][0], changed, None)
        if selected.one_line and made is not None:
            self._editor.select(selected.first, made.start, made.end)

    # Speakers

    def set_speaker(self, lines: list[str], speaker: str | None) -> None:
        label = self.tr("Speaker")
        self._change(label, lambda project: speakers.set_speaker(project, lines, speaker), None)

    def _fill_speakers(self, menu: QMenu, lines: list[str]) -> None:
        for name in speakers.speakers(self._session.project):
            action = self._item(menu, name.replace("&", "&&"), lambda name=name: self.set_speaker(lines, name))
            action.setIcon(icons.icon("user-round", self.colour(name)))
        menu.addSeparator()
        self._item(menu, self.tr("New speaker…"), lambda: self._ask_speaker(lines))
        self._item(menu, self.tr("Nobody in particular"), lambda: self.set_speaker(lines, None))

    def _ask_speaker(self, lines: list[str]) -> None:
        asked = QInputDialog(self._editor)
        asked.setWindowTitle(self.tr("New speaker"))
        asked.setLabelText(self.tr("Name"))

        def named() -> None:
            name = " ".join(asked.textValue().split())
            if name:
                self.set_speaker(lines, speakers.known(self._session.project, name))

        asked.accepted.connect(named)
        asked.finished.connect(asked.deleteLater)
        asked.open()

    def _choose_speaker(self, number: int, place: QPoint) -> None:
        menu = QMenu(self._editor)
        self._fill_speakers(menu, [self._line(number).id])
        speaker = self._line(number).speaker
        if speaker is not None:
            menu.addSeparator()
            words = self.tr("Show only what {name} says").replace("{name}", speaker.replace("&", "&&"))
            self._item(menu, words, lambda: self.show_only(speaker))
            self._item(menu, self.tr("Next line of the same speaker"), lambda: self.next_of(speaker))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _speaker_of(self, number: int) -> tuple[str, str] | None:
        lines = self._session.project.script.lines
        name = lines[number].speaker if number < len(lines) else None
        return None if name is None or not lines[number].text.strip() else (name, self.colour(name))

    def _typed(self, text: str) -> None:
        number, caret = self._editor.caret()
        line = self._line(number)
        if text != " " or ":" not in line.text[:caret] or line.text[:caret].count(":") != 1:
            return
        if not line.text[:caret].rstrip().endswith(":"):
            return
        made = speakers.typed_name(self._session.project, line)
        if made is not None:
            self._change(self.tr("Speaker"), lambda _project: made, None)
            self._editor.select(number, 0, 0)

    def _pasted(self, first: int, last: int) -> None:
        made = speakers.pasted_names(self._session.project, first, last)
        if made is not None:
            self._change(self.tr("Speakers"), lambda _project: made, None)
            last = min(last, len(made.script.lines) - 1)
            self._editor.select(last, len(made.script.lines[last].text), len(made.script.lines[last].text))

    # Menus

    def _fill(self, menu: QMenu, place: QPoint) -> None:
        if self._editor.isReadOnly():
            return
        first = menu.actions()[0] if menu.actions() else None
        word = self._editor.word_at(place)
        made = []
        if word is not None and not is_markup(self._line(word[0]).text, word[1], word[2]):
            text = self._line(word[0]).text[word[1] : word[2]]
            words = self.tr("Say “{word}” differently…").replace("{word}", text.replace("&", "&&"))
            action = self._item(menu, words, lambda: self.differently_wanted.emit(*word))
            action.setIcon(icons.icon("speech"))
            made.append(action)
        made += [menu.addMenu(self._child(menu, kind)) for kind in self._titles]
        made.append(menu.addSeparator())
        for action in made:
            menu.removeAction(action)
        menu.insertActions(first, made)

    def _child(self, menu: QMenu, kind: str) -> QMenu:
        made = self.menu(kind)
        menu.destroyed.connect(made.deleteLater)
        return made

    def _fill_voices(self, menu: QMenu) -> None:
        project = self._session.project
        used = dict.fromkeys([project.voice.voice, *(role.voice.voice for role in project.cast.roles)])
        for voice in used:
            self._item(menu, self._voices.title(voice).replace("&", "&&"), lambda voice=voice: self.set_voice(voice))
        menu.addSeparator()
        fill_own(menu, self._voices, self.set_voice)
        for tag in self._voices.languages():
            group = menu.addMenu(language_name(tag))
            for voice in self._voices.offered:
                if voice.language == tag:
                    self._item(group, voice.name, lambda voice=voice: self.set_voice(voice.id))
        menu.addSeparator()
        self._item(menu, self.tr("The usual voice"), lambda: self.set_voice(None))

    def _item(self, menu: QMenu, words: str, run: Callable[[], None]):
        action = menu.addAction(words)
        action.triggered.connect(lambda _=False: run())
        return action

    # Inner

    def _line(self, number: int) -> Line:
        lines = self._session.project.script.lines
        return lines[number] if number < len(lines) else Line("", "")

    def _lines(self) -> list[Line]:
        """The selected ones, else the caret's."""
        selected = self._editor.selected()
        first, last = (selected.first, selected.last) if selected else (self._editor.line(),) * 2
        lines = enumerate(self._session.project.script.lines[first : last + 1], first)
        return [line for number, line in lines if self._editor.is_shown(number)]

    def _is_whole(self, selected: Selected, line: Line) -> bool:
        return not line.text[: selected.start].strip() and not line.text[selected.end :].strip()
