"""The Text to Speech tab: script, voices and result side by side, and what the user does with them."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import JsonObject
from audiostudio.operations.verdict import Level
from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, Project, Take, VoiceChoice
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.speech import commands
from audiostudio.ui.speech.attention import Attention
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.bar import ScriptBar
from audiostudio.ui.speech.casting import Casting
from audiostudio.ui.speech.deck import Deck
from audiostudio.ui.speech.differently import Pronouncer
from audiostudio.ui.speech.editor import ScriptEditor
from audiostudio.ui.speech.exporting import Exporting
from audiostudio.ui.speech.favourites import Favourites
from audiostudio.ui.speech.fetching import Fetching
from audiostudio.ui.speech.gallery import Gallery
from audiostudio.ui.speech.generation import Generation
from audiostudio.ui.speech.importing import Importing
from audiostudio.ui.speech.layout import lay_out, voices_side
from audiostudio.ui.speech.line_menu import line_menu
from audiostudio.ui.speech.listening import Listening
from audiostudio.ui.speech.pages import pages
from audiostudio.ui.speech.paying import Paying
from audiostudio.ui.speech.preview import Preview, Previews
from audiostudio.ui.speech.result import ResultView
from audiostudio.ui.speech.script import (
    BeyondOf,
    LineProblem,
    LineState,
    ScriptState,
    Summary,
    delivery,
    first_sentence,
    line_problems,
    line_request,
    preview_lines,
    speakable,
)
from audiostudio.ui.speech.speakers import uncast
from audiostudio.ui.speech.takes.bringing import Bringing
from audiostudio.ui.speech.takes.checking import Checking
from audiostudio.ui.speech.takes.dropping import drop
from audiostudio.ui.speech.takes.leftovers import Leftovers
from audiostudio.ui.speech.voice_panel import VoicePanel
from audiostudio.ui.speech.voiceover import Placed, Spot, TakeFiles, Voiceover
from audiostudio.ui.speech.voices import VoiceList, preview_choice, sample_sentence, unfetched
from audiostudio.ui.speech.writing import Writing
from audiostudio.ui.widgets import Button

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk, OpenProject

SCRIPT = "script"
"""Key of the preview that reads along."""
SMALL = 20_000
"""Characters of a script that is counted at every keystroke; a larger one beside the window."""
_INSTANT = "speech.preview_instant"
_SIZES = "speech.sizes"
_HEIGHTS = "speech.deck_heights"
_FETCHING = ("cloud.check_key", "cloud.voices", "cloud.keep_voice")
"""Jobs after which there may be other voices."""


Figures = tuple[Summary, Voiceover, list[LineProblem]]


def figures(script: ScriptState, voices: frozenset[str], beyond: BeyondOf) -> Figures:
    """What is counted after a change. `voices`: the ids that markup may name."""
    voiceover = Voiceover.of(script) if script.project.takes else Voiceover()
    return script.summary(), voiceover, line_problems(script.project, voices, beyond)


class SpeechTab(QWidget):
    """Everything of one project's speech. `close()` ends it."""

    def __init__(self, desk: "Desk", project: "OpenProject") -> None:
        super().__init__()
        self.desk, self.session, self._signals = desk, project.session, project.signals
        self.script = ScriptState(self.session.project)
        self.voices = VoiceList(desk.studio)
        profile = desk.studio.profile
        self._background, self._counting = Background(self), Background(self)
        self.listening = Listening(lambda: desk.player, self)
        self.previews = Previews(desk, self.listening, self._background, profile.cache / "previews", self)
        self.generation = Generation(desk, self.session, self.script, self)
        self.checking = Checking(desk, self.session, self.script, self)
        self.leftovers = Leftovers(self, self._background)
        self.favourites = Favourites(desk.studio, self._background, self)
        self.fetching = Fetching(desk, self)
        self.exporting = Exporting(desk, self.session, self.generation, self)
        files = TakeFiles(profile.library / "media", self.session.path)
        self.editor = ScriptEditor(self)
        self.bar = ScriptBar(self.tr("Generate  Ctrl+Return"), self.tr("Hear the script from the caret on"), self)
        self.result = ResultView(self.listening, self._background, files, self)
        self.voice = VoicePanel(self.voices, self)
        self.gallery = self.make_gallery()
        self.paying = Paying(desk, self.script, self)
        self.generation.agree, self.previews.agree = self.paying.agreed, self.paying.agreed_preview
        self.checking.agree = self.paying.agreed_tries
        self.writing = Writing(self.session, self.editor, self.voices, self.edit, self)
        self.attention = Attention(self.session, self.editor, self.bar, self.writing, self.checking, self)
        self.pronouncer = Pronouncer(desk, self.session, self.script, self.editor, self.play_request, self.edit, self)
        self.bringing = Bringing(desk, self.session, self)
        self.importing = Importing(desk, self.session, self.edit, self)
        self.casting = Casting(self.session, self.voices, self.voice, self.gallery, self.edit, self)
        self.save = Button(self.tr("Save…"), "secondary", "download", self)
        self.save.setToolTip(self.tr("Save the voiceover and its captions as files  Ctrl+E"))
        self._counting_now = False
        self._missed: Project | None = None
        """As the project was before the changes that this tab has not shown yet."""
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._refresh)
        self.deck = Deck(pages(self), self)
        self.splitter, self.script_and_deck = lay_out(self)
        self._recall_sizes()
        self._connect()
        commands.register(self)
        self._show_all()

    # What it is made of

    def make_gallery(self) -> Gallery:
        return Gallery(self.voices, self)

    def side(self, parent: QWidget) -> QWidget:
        """What stands beside the script."""
        return voices_side(self, parent)

    # What the user does

    def generate(self) -> None:
        """Make what is not made; first fetch what that needs."""
        self.editor.finish()
        self._refresh()
        unmade = self.script.unmade()
        missing = unfetched(self.voices, {self.session.project.voice_of(line).voice for line in unmade})
        if missing:
            self.fetching.ask(missing)
        elif unmade:
            self.generation.start()

    def generate_line(self, number: int | None = None) -> None:
        """Make the caret's line, or line `number`, and no other; one that is made gets another take."""
        self.editor.finish()
        line = self._line(self.editor.line() if number is None else number)
        if line is None or not speakable(line.text):
            return
        missing = self.voices.missing(self.session.project.voice_of(line).voice)
        if missing:
            self.fetching.ask(missing)
        elif self.generation.running:
            self.desk.messages.say(self.tr("The script is being made."), self.tr("Try again when that is done."))
        else:
            again = [line.id] if self.script.current(line) is not None else []
            self.generation.start([line.id], again)

    def preview(self) -> None:
        """Read from the caret's line on; a second time: stop."""
        if self.previews.key is not None:
            self.previews.stop()
            return
        first = self._first_speakable(self.editor.line())
        if first is None:
            return
        project = self.session.project
        lines = [line for line in preview_lines(project, first) if speakable(line.text)]
        asked = [line_request(project, line, self.script.pronouncing) for line in lines]
        if self._instant():
            for line, one in zip(lines, asked, strict=True):
                instant = self.voices.instant(project.voice_of(line))
                one |= delivery(line.text, instant, line.performance, self.script.pronouncing(line))
        missing = unfetched(self.voices, {one["voice"] for one in asked})
        if missing:
            self.fetching.ask(missing)
            return
        numbers = {line.id: number for number, line in enumerate(project.script.lines)}
        self.previews.start(Preview(SCRIPT, {"lines": asked}, numbers))

    def preview_voice(self, name: str) -> None:
        """Hear a voice say the script's first sentence."""
        project = self.session.project
        voice = preview_choice(self.voices, self.casting.choice, project.language, name)
        text = first_sentence(project) or sample_sentence(voice.language or project.language)
        if self._fetched(voice):
            self.previews.toggle(Preview(name, self._delivery(text, voice), outlined=True))

    def hear_sample(self, name: str) -> None:
        """Hear the ready sample of a voice, else the script's first sentence."""
        voice = self.voices.get(name)
        if voice is not None and voice.preview:
            self.previews.toggle(Preview(name, {"voice": name}, operation="cloud.preview", outlined=True))
        else:
            self.preview_voice(name)

    def hear(self, key: str, text: str, voice: VoiceChoice) -> None:
        """Hear a text in a voice; a second time: stop."""
        if voice.language is None:
            voice = replace(voice, language=self.session.project.language)
        self.play_request(key, self._delivery(text, voice))

    def play_request(self, key: str, request: JsonObject) -> None:
        """Hear what a request of `speech.preview` asks for; a second time: stop."""
        missing = self.voices.missing(request["voice"])
        if missing:
            self.fetching.ask(missing)
        else:
            self.previews.toggle(Preview(key, request))

    def listen(self) -> None:
        """In the script: hear it from the caret's line on. Elsewhere: play or pause the result."""
        if self.previews.key is not None:
            self.previews.stop()
        elif self.listening.playing:
            self.listening.pause()
        elif not self.editor.hasFocus():
            self.result.toggle()
        else:
            first = self._first_speakable(self.editor.line())
            if first is not None and not self.result.play_line(self.session.project.script.lines[first].id):
                self.preview()

    def show_line_menu(self, number: int | None = None, place: QPoint | None = None) -> None:
        """Of the caret's line, or of line `number`."""
        number = self.editor.line() if number is None else number
        line = self._line(number)
        if line is None or not speakable(line.text):
            return
        menu = line_menu(line, self.script, self.voices, self._hear, self.edit, self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place or self.editor.mapToGlobal(self.editor.cursorRect().bottomLeft()))

    def edit(self, label: str, function: Callable[[Project], Project], merge_key: str | None = None) -> None:
        """Change the project, as one undo step; what keeps it from that is said."""
        try:
            self.session.edit(label, function, merge_key)
        except StudioError as error:
            self.desk.messages.error(error)
            self._show_all()

    # Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._signals is not None:
            self._recall_sizes()
            commands.register(self)
            self._look_for_voices()
            self.favourites.look()
            missed, self._missed = self._missed, None
            if missed is not None:
                self._project_changed(missed, self.session.project)
            self.pronouncer.dictionaries.look()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is still being written is written now: behind another tab nothing is."""
        if self._signals is not None and self.isHidden():
            self.editor.finish()
            self._remember_sizes()
        super().hideEvent(event)

    def close(self) -> bool:
        """Let go of the project: what runs is cancelled, what was made is kept."""
        if self._signals is not None:
            self.editor.finish()
            self._signals.changed.disconnect(self._project_changed)
            self._signals = None
            commands.withdraw(self)
            self._soon.stop()
            self._remember_sizes()
            self.favourites.close()
            self.previews.stop()
            self.deck.close()
            self.writing.bar.close_now()
            self.importing.close()
            self.bringing.close()
            self.pronouncer.close()
            self.generation.close()
            self.checking.close()
            self.attention.close()
            self.paying.close()
            self.desk.jobs.changed.disconnect(self._job_changed)
            self.listening.close()
            self._background.close()
            self._counting.close()
        return super().close()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self.result.toggle()
        elif event.key() == Qt.Key.Key_Escape and (self.previews.key or self.listening.playing):
            self.previews.stop()
            self.listening.pause()
        else:
            super().keyPressEvent(event)

    # What happens to the project

    def _project_changed(self, before: Project, after: Project) -> None:
        if self.isHidden():  # behind another tab: all at once when it is shown
            self._missed = self._missed or before
            return
        self.script.follow(after)
        if after.script is not before.script:
            self.editor.follow(after.text)
            if not self.listening.playing:
                self.editor.show_silence()  # the playhead may stand at another word by now
            self.bar.show_characters(len(self.editor.text()))
        if after.script is not before.script or after.cast is not before.cast:
            self.writing.follow(after)
        if after.dictionary is not before.dictionary:
            self.pronouncer.dictionaries.changed.emit()
        self.editor.gutter.update()
        self._describe_line()
        self.casting.show()
        self.deck.show_line(self._line(self.editor.line()))
        self._refresh_soon()

    def _show_all(self) -> None:
        project = self.session.project
        self.script.follow(project)
        self.editor.setReadOnly(self.session.read_only)
        self.bar.set_read_only(self.session.read_only)
        if self.editor.text() != project.text:
            self.editor.set_script(project.text)
        self.writing.follow(project)
        self._enter_line(self.editor.line())
        self._refresh()

    def _refresh_soon(self) -> None:
        if not self._soon.isActive():
            self._soon.start(60 if len(self.editor.text()) <= SMALL else 400)

    def _refresh(self) -> None:
        """The figures, and the voiceover that the takes make."""
        self._soon.stop()
        self.editor.gutter.update()
        if len(self.editor.text()) <= SMALL:
            self._show_figures(figures(self.script, self._voice_ids, self.writing.beyond))
        elif not self._counting_now:
            project = self.session.project
            frozen = ScriptState(project, self.script.everywhere)
            self._counting_now = True
            ids, beyond = self._voice_ids, self.writing.beyond
            self._counting.run(lambda: figures(frozen, ids, beyond), lambda found: self._counted(project, found))

    def _counted(self, project: Project, found: Figures) -> None:
        self._counting_now = False
        self._show_figures(found)
        if self.session.project is not project:
            self._refresh_soon()

    def _show_figures(self, found: Figures) -> None:
        summary, voiceover, problems = found
        self.paying.look()
        self.bar.show_summary(summary)
        self.attention.show(problems)
        self.result.show_voiceover(voiceover)
        shown = summary.lines > 0 or bool(voiceover.places)
        self.deck.setVisible(shown)
        self.save.setEnabled(bool(voiceover.places))

    def _enter_line(self, number: int) -> None:
        self.casting.enter(number)
        self._describe_line()
        self.deck.show_line(self._line(number))

    def _describe_line(self) -> None:
        """For those who do not see the mark."""
        number = self.editor.line()
        state = self.editor.gutter.told(number)
        words = self.tr("Line {number}").replace("{number}", str(number + 1))
        self.editor.setAccessibleDescription(f"{words}: {state}" if state else words)

    def _show_spot(self, spot: Spot | None) -> None:
        if self.previews.key == SCRIPT:
            return
        place = None if spot is None or spot.word is None else self._number_of(spot.line)
        if place is None or spot is None or spot.word is None:
            if spot is None or not self.listening.playing:
                self.editor.show_silence()
            return
        self.editor.show_said(place, spot.word.source_start, spot.said)

    def _show_word(self, word: tuple[int, int, str] | None) -> None:
        if word is None:
            self.editor.show_silence()
        else:
            self.editor.show_said(*word)

    def _show_preview(self, key: str, state: str) -> None:
        if key == SCRIPT:
            self.bar.show_preview(state)
        else:
            self.gallery.show_state(key, state)
        if key == self.casting.choice.voice:
            self.voice.show_state(state)

    def _dictionaries_changed(self) -> None:
        self.script.follow(self.session.project, self.pronouncer.dictionaries.everywhere)
        self._refresh_soon()

    def _imported(self) -> None:
        if uncast(self.session.project):
            self.deck.go("cast")

    def _show_more(self) -> None:
        menu = QMenu(self)
        self.desk.commands.fill(
            menu, ("speech.import", "speech.dictionary"), ("speech.generate_line", "speech.line", "speech.problem")
        )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.bar.more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    def _delivery(self, text: str, voice: VoiceChoice) -> JsonObject:
        words = self.script.pronouncing.of(text, voice.language or self.session.project.language)
        return delivery(text, voice, (), words)

    def _ran(self) -> None:
        self.bar.show_run(self.generation.running)
        self._refresh()

    def _say_problem(self) -> None:
        """Once for each reason, where the result does not say it."""
        problem = self.listening.problem
        if problem is not None and problem != self._said_problem and not self.result.isVisible():
            self.desk.messages.say(problem, tone="warning")
        self._said_problem = problem

    @property
    def _voice_ids(self) -> frozenset[str]:
        return frozenset(voice.id for voice in self.voices.voices)

    def _job_changed(self, watcher: JobWatcher) -> None:
        if watcher.done and watcher.job.operation in _FETCHING:
            self._look_for_voices()

    def _look_for_voices(self) -> None:
        if self.voices.look_for_voices():
            self.gallery.show_known()
            self.writing.show_voices()
            self.casting.show()
            self._refresh_soon()

    def _models_changed(self) -> None:
        self.voices.look_for_models()
        self.gallery.show_models()

    # Inner

    def _write(self) -> None:
        if self._missed is not None:  # the script is not as it stands here
            return
        text = self.editor.text()
        self.edit(self.tr("Typing"), lambda project: edits.set_text(project, text), f"typing {self.editor.step}")

    def _hear(self, take: Take) -> None:
        self.previews.stop()
        self.result.take(Placed(take, 0, take.text))

    def _lines_lost(self, count: int) -> None:
        self.desk.messages.say(
            self.tr("The sound of some lines is no longer in the library."),
            self.tr("They are silent here; undo their deletion, or change and generate them again."),
            tone="warning",
        )

    def _fetched(self, voice: VoiceChoice) -> bool:
        """Whether the voice can speak; asks to fetch what it needs."""
        missing = self.voices.missing(voice.voice)
        if missing:
            self.fetching.ask(missing)
        return not missing

    def _instant(self) -> bool:
        return bool(self.desk.settings.get(_INSTANT, True))

    def _set_instant(self, instant: bool) -> None:
        self._remember(_INSTANT, instant)
        self.bar.show_preview_mode(instant)

    def _recall_sizes(self) -> None:
        """As this tab, or the other one with the script, was last drawn."""
        sizes, heights = self.desk.settings.get(_SIZES), self.desk.settings.get(_HEIGHTS, {})
        self.splitter.setSizes(sizes if _are_sizes(sizes) else [820, 392])
        if isinstance(heights, dict):
            self.script_and_deck.heights = {key: one for key, one in heights.items() if isinstance(one, int)}
            self.script_and_deck.fit()

    def _remember_sizes(self) -> None:
        for name, value in ((_SIZES, self.splitter.sizes()), (_HEIGHTS, self.script_and_deck.heights)):
            if value and value != self.desk.settings.get(name):
                self._remember(name, value)

    def _remember(self, name: str, value: object) -> None:
        try:
            self.desk.settings[name] = value
        except StudioError as error:
            self.desk.messages.error(error)

    def _line(self, number: int) -> Line | None:
        lines = self.session.project.script.lines
        return lines[number] if 0 <= number < len(lines) else None

    def _number_of(self, line_id: str) -> int | None:
        lines = self.session.project.script.lines
        return next((number for number, line in enumerate(lines) if line.id == line_id), None)

    def _state_of(self, number: int) -> LineState:
        line = self._line(number)
        return LineState.EMPTY if line is None else self.script.state(line)

    def _verdict_of(self, number: int) -> Level | None:
        line = self._line(number)
        return None if line is None else self.checking.level(line)

    def _first_speakable(self, start: int) -> int | None:
        lines = self.session.project.script.lines
        after = (number for number in range(start, len(lines)) if speakable(lines[number].text))
        return next(after, next((number for number, line in enumerate(lines) if speakable(line.text)), None))

    def _connect(self) -> None:
        self._said_problem: str | None = None
        self._signals.changed.connect(self._project_changed)
        for background in (self._background, self._counting):
            background.failed.connect(self.desk.messages.error)
        self.editor.edited.connect(self._write)
        self.editor.files_dropped.connect(self.importing.ask)
        self.editor.sounds_dropped.connect(lambda sounds, line: drop(self, sounds, line))
        self.editor.script_pasted.connect(self.importing.ask_text)
        self.importing.imported.connect(self._imported)
        self.pronouncer.dictionaries.changed.connect(self._dictionaries_changed)
        self.writing.differently_wanted.connect(self.pronouncer.show_word)
        self.editor.line_entered.connect(self._enter_line)
        self.editor.gutter.states = self._state_of
        self.editor.gutter.verdicts = self._verdict_of
        self.editor.gutter.clicked.connect(self.show_line_menu)
        self.editor.gutter.make_wanted.connect(self.generate_line)
        self.bar.more.clicked.connect(self._show_more)
        self.bar.generate.clicked.connect(self.generate)
        self.bar.cancelled.connect(self.generation.cancel)
        self.bar.preview.clicked.connect(self.preview)
        self.bar.preview_mode.connect(self._set_instant)
        self.bar.show_preview_mode(self._instant())
        self.generation.began.connect(self._ran)
        self.generation.progressed.connect(self.bar.show_progress)
        self.generation.ended.connect(self._ran)
        self.generation.ended.connect(self.checking.generated)
        self.voice.preview_wanted.connect(lambda: self.preview_voice(self.casting.choice.voice))
        self.gallery.preview_wanted.connect(self.hear_sample)
        self.desk.jobs.changed.connect(self._job_changed)
        self.gallery.fetch_wanted.connect(lambda name: self.fetching.ask(self.voices.missing(name)))
        self.gallery.starred.connect(self.favourites.set)
        self.gallery.outline_wanted.connect(self._recall)
        for name in self.gallery.grid.cards:
            self._recall(name)
        self.favourites.changed.connect(self.gallery.show_favourites)
        self.favourites.changed.connect(self.leftovers.look)
        self.fetching.fetched.connect(self._models_changed)
        self.previews.changed.connect(self._show_preview)
        self.previews.outlined.connect(self.gallery.show_outline)
        self.previews.word_said.connect(self._show_word)
        self.listening.changed.connect(self._say_problem)
        self.result.said.connect(self._show_spot)
        self.result.lines_lost.connect(self._lines_lost)
        self.save.clicked.connect(self.exporting.ask)

    def _recall(self, voice: str) -> None:
        self.previews.recall(voice, lambda peaks: self.gallery.show_outline(voice, peaks))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.editor.gutter.update()
        super().changeEvent(event)


def _are_sizes(remembered: object) -> bool:
    return isinstance(remembered, list) and len(remembered) == 2 and all(isinstance(size, int) for size in remembered)
