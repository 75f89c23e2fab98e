"""The Text to Speech tab: script, voices and result side by side, and what the user does with them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QMenu, QWidget

from audiostudio.errors import StudioError
from audiostudio.operations.verdict import Level
from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, Project
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.speech import commands
from audiostudio.ui.speech.aloud import Aloud
from audiostudio.ui.speech.attention import Attention
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.bar import ScriptBar
from audiostudio.ui.speech.casting import Casting
from audiostudio.ui.speech.counting import Counting, Figures
from audiostudio.ui.speech.deck import Deck
from audiostudio.ui.speech.differently import Pronouncer
from audiostudio.ui.speech.editor import ScriptEditor
from audiostudio.ui.speech.exporting import Exporting
from audiostudio.ui.speech.favourites import Favourites
from audiostudio.ui.speech.fetching import Fetching
from audiostudio.ui.speech.gallery import Gallery
from audiostudio.ui.speech.generation import Generation
from audiostudio.ui.speech.importing import Importing
from audiostudio.ui.speech.layout import lay_out, recall_sizes, remember_sizes, voices_side
from audiostudio.ui.speech.line_menu import line_menu
from audiostudio.ui.speech.listening import Listening
from audiostudio.ui.speech.own_voices import OwnVoices
from audiostudio.ui.speech.pages import pages
from audiostudio.ui.speech.paying import Paying
from audiostudio.ui.speech.preview import Previews
from audiostudio.ui.speech.result import ResultView
from audiostudio.ui.speech.script import LineState, ScriptState, speakable
from audiostudio.ui.speech.speakers import uncast
from audiostudio.ui.speech.takes.bringing import Bringing
from audiostudio.ui.speech.takes.checking import Checking
from audiostudio.ui.speech.takes.dropping import drop
from audiostudio.ui.speech.takes.leftovers import Leftovers
from audiostudio.ui.speech.voice_panel import VoicePanel
from audiostudio.ui.speech.voiceover import TakeFiles
from audiostudio.ui.speech.voices import VoiceList
from audiostudio.ui.speech.watching import VoiceWatch
from audiostudio.ui.speech.writing import Writing
from audiostudio.ui.widgets import Button

if TYPE_CHECKING:
    from audiostudio.ui.desk import Desk, OpenProject

_FETCHING = ("cloud.check_key", "cloud.voices", "cloud.keep_voice")
"""Jobs after which there may be other voices."""
_INSTALLING = ("engines.install", "engines.remove")


class SpeechTab(QWidget):
    """Everything of one project's speech. `close()` ends it."""

    def __init__(self, desk: "Desk", project: "OpenProject") -> None:
        super().__init__()
        self.desk, self.session, self._signals = desk, project.session, project.signals
        self.script = ScriptState(self.session.project)
        self.voices = VoiceList(desk.studio)
        self.own = OwnVoices(self)
        self._watch = VoiceWatch(desk.studio.voices, self)
        profile = desk.studio.profile
        self._background = Background(self)
        self.listening = Listening(lambda: desk.player, self)
        self.previews = Previews(desk, self.listening, self._background, profile.cache / "previews", self)
        self.generation = Generation(desk, self.session, self.script, self)
        self.checking = Checking(desk, self.session, self.script, self)
        self.leftovers = Leftovers(self, self._background)
        self.favourites = Favourites(desk.studio, self._background, self)
        self.fetching = Fetching(desk, self)
        self.exporting = Exporting(desk, self.session, self.generation, self.voices, self)
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
        self.aloud = Aloud(self)
        self.pronouncer = Pronouncer(
            desk, self.session, self.script, self.editor, self.aloud.play_request, self.edit, self
        )
        self.bringing = Bringing(desk, self.session, self)
        self.importing = Importing(desk, self.session, self.edit, self)
        self.casting = Casting(self.session, self.voices, self.voice, self.gallery, self.edit, self)
        self.save = Button(self.tr("Save…"), "secondary", "download", self)
        self.save.setToolTip(self.tr("Save the voiceover and its captions as files  Ctrl+E"))
        self._missed: Project | None = None
        """As the project was before the changes that this tab has not shown yet."""
        self.counting = Counting(
            self.session, self.script, self.editor, lambda: self._voice_ids, self.writing.beyond, self
        )
        self.deck = Deck(pages(self), self)
        self.splitter, self.script_and_deck = lay_out(self)
        recall_sizes(self)
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
        self.counting.now()
        unmade = self.script.unmade()
        if self.own.require({self.session.project.voice_of(line).voice for line in unmade}) and unmade:
            self.generation.start()

    def generate_line(self, number: int | None = None) -> None:
        """Make the caret's line, or line `number`, and no other; one that is made gets another take."""
        self.editor.finish()
        line = self._line(self.editor.line() if number is None else number)
        if line is None or not speakable(line.text):
            return
        if not self.own.require([self.session.project.voice_of(line).voice]):
            return
        if self.generation.running:
            self.desk.messages.say(self.tr("The script is being made."), self.tr("Try again when that is done."))
        else:
            again = [line.id] if self.script.current(line) is not None else []
            self.generation.start([line.id], again)

    def show_line(self, line: str) -> None:
        """The caret into a line, by its id."""
        number = next((number for number, one in enumerate(self.session.project.script.lines) if one.id == line), None)
        if number is not None:
            self.editor.show_all()
            self.editor.select(number, 0, 0)
            self.editor.setFocus()

    def light_word(self, word: tuple[str, int, str] | None) -> None:
        """What the timeline plays; None: nothing of the script."""
        self.aloud.light(word)

    def show_line_menu(self, number: int | None = None, place: QPoint | None = None) -> None:
        """Of the caret's line, or of line `number`."""
        number = self.editor.line() if number is None else number
        line = self._line(number)
        if line is None or not speakable(line.text):
            return
        menu = line_menu(line, self.script, self.voices, self.aloud.hear_take, self.edit, self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place or self.editor.mapToGlobal(self.editor.cursorRect().bottomLeft()))

    def beside(self, work: Callable[[], object], then: Callable[[object], None]) -> None:
        """Short work beside the window."""
        self._background.run(work, then)

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
            recall_sizes(self)
            commands.register(self)
            self._watch.wake()
            self.look_for_voices()
            self.favourites.look()
            missed, self._missed = self._missed, None
            if missed is not None:
                self._project_changed(missed, self.session.project)
            self.pronouncer.dictionaries.look()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is still being written is written now: behind another tab nothing is."""
        if self._signals is not None and self.isHidden():
            self.editor.finish()
            remember_sizes(self)
        self._watch.sleep()
        super().hideEvent(event)

    def close(self) -> bool:
        """Let go of the project: what runs is cancelled, what was made is kept."""
        if self._signals is not None:
            self.editor.finish()
            self._signals.changed.disconnect(self._project_changed)
            self._signals = None
            commands.withdraw(self)
            remember_sizes(self)
            self.favourites.close()
            self.previews.stop()
            self.deck.close()
            self.writing.bar.close_now()
            for part in (self.importing, self.bringing, self.pronouncer, self.generation, self.checking):
                part.close()
            self.attention.close()
            self.paying.close()
            self.desk.jobs.changed.disconnect(self._job_changed)
            self.listening.close()
            self._background.close()
            self.counting.close()
            self._watch.sleep()
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
        self.counting.soon()

    def _show_all(self) -> None:
        project = self.session.project
        self.script.follow(project)
        self.editor.setReadOnly(self.session.read_only)
        self.bar.set_read_only(self.session.read_only)
        if self.editor.text() != project.text:
            self.editor.set_script(project.text)
        self.writing.follow(project)
        self._enter_line(self.editor.line())
        self.counting.now()

    def _show_figures(self, found: Figures) -> None:
        self.editor.gutter.update()
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

    def _dictionaries_changed(self) -> None:
        self.script.follow(self.session.project, self.pronouncer.dictionaries.everywhere)
        self.counting.soon()

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

    def _ran(self) -> None:
        self.bar.show_run(self.generation.running)
        self.editor.gutter.update()
        self.counting.now()

    @property
    def _voice_ids(self) -> frozenset[str]:
        return frozenset(voice.id for voice in self.voices.voices)

    def _job_changed(self, watcher: JobWatcher) -> None:
        if watcher.done and watcher.job.operation in _FETCHING:
            self.look_for_voices()
        elif watcher.done and watcher.job.operation in _INSTALLING:
            self._models_changed()

    def look_for_voices(self) -> None:
        """See anew which voices there are, whoever made, renamed or threw one away."""
        if self.voices.look_for_voices():
            self.gallery.show_known()
            self.writing.show_voices()
            self.casting.show(anew=True)
            self.deck.show_line(self._line(self.editor.line()))
            self.counting.soon()

    def _models_changed(self) -> None:
        self.voices.look_for_models()
        self.gallery.show_models()

    # Inner

    def _write(self) -> None:
        if self._missed is not None:  # the script is not as it stands here
            return
        text = self.editor.text()
        self.edit(self.tr("Typing"), lambda project: edits.set_text(project, text), f"typing {self.editor.step}")

    def _lines_lost(self, count: int) -> None:
        self.desk.messages.say(
            self.tr("The sound of some lines is no longer in the library."),
            self.tr("They are silent here; undo their deletion, or change and generate them again."),
            tone="warning",
        )

    def remember(self, name: str, value: object) -> None:
        try:
            self.desk.settings[name] = value
        except StudioError as error:
            self.desk.messages.error(error)

    def _line(self, number: int) -> Line | None:
        lines = self.session.project.script.lines
        return lines[number] if 0 <= number < len(lines) else None

    def _state_of(self, number: int) -> LineState:
        line = self._line(number)
        return LineState.EMPTY if line is None else self.script.state(line)

    def _verdict_of(self, number: int) -> Level | None:
        line = self._line(number)
        return None if line is None else self.checking.level(line)

    def _connect(self) -> None:
        self._signals.changed.connect(self._project_changed)
        self.aloud.connect_all()
        self.counting.counted.connect(self._show_figures)
        self._watch.changed.connect(self.look_for_voices)
        self.voice.back_wanted.connect(self.own.bring_back)
        for background in (self._background, self.counting.background):
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
        self.generation.began.connect(self._ran)
        self.generation.progressed.connect(self.bar.show_progress)
        self.generation.ended.connect(self._ran)
        self.generation.ended.connect(self.checking.generated)
        self.desk.jobs.changed.connect(self._job_changed)
        self.gallery.fetch_wanted.connect(lambda name: self.own.require([name]))
        self.gallery.starred.connect(self.favourites.set)
        self.gallery.outline_wanted.connect(self._recall)
        for name in self.gallery.grid.cards:
            self._recall(name)
        self.favourites.changed.connect(self.gallery.show_favourites)
        self.favourites.changed.connect(self.leftovers.look)
        self.fetching.fetched.connect(self._models_changed)
        self.result.lines_lost.connect(self._lines_lost)
        self.save.clicked.connect(self.exporting.ask)

    def _recall(self, voice: str) -> None:
        self.previews.recall(voice, lambda peaks: self.gallery.show_outline(voice, peaks))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.editor.gutter.update()
        super().changeEvent(event)
