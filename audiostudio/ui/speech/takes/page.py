"""The deck's page for the takes of the line that the caret is in."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QMenu, QStackedLayout, QVBoxLayout, QWidget

from audiostudio.sound.recording_input import Input, PortAudioInput
from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, Take
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.pasting import SOUNDS
from audiostudio.ui.speech.script import speakable
from audiostudio.ui.speech.takes.choosing import chosen
from audiostudio.ui.speech.takes.hearing import Hearing
from audiostudio.ui.speech.takes.judging import overlong_words
from audiostudio.ui.speech.takes.record_dialog import RecordDialog
from audiostudio.ui.speech.takes.row import TakeRow
from audiostudio.ui.speech.takes.take_list import TakeList
from audiostudio.ui.speech.voiceover import TakeFiles
from audiostudio.ui.speech.words import counted
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import Button, EmptyState, FlowLayout, IconButton, SegmentedControl
from audiostudio.ui.widgets.waveform_paint import clock

if TYPE_CHECKING:
    from audiostudio.ui.speech.tab import SpeechTab

MOST = 60
"""Takes that are shown, the newest."""
COUNTED = 200
"""Milliseconds after a change until lines that need ears are counted."""
_PLACES = "speech.takes.keep_places"
_MODELS = ("whisper-base", "dnsmos")


class TakesPage(QWidget):
    """A `deck.LinePage`."""

    def __init__(self, tab: "SpeechTab") -> None:
        super().__init__()
        self._tab, self._session, self.checking = tab, tab.session, tab.checking
        self._line: Line | None = None
        self._shown: tuple[object, ...] | None = None
        self._closed = False
        self._binned = ""
        """The take that was put into the bin last."""
        self._background = Background(self)
        self._background.failed.connect(tab.desk.messages.error)
        profile = tab.desk.studio.profile
        self._files = TakeFiles(profile.library / "media", tab.session.path)
        self.list = TakeList(
            self._files, profile.cache / "outlines", self._background, lambda voice: tab.voices.title(voice), self
        )
        self.hearing = Hearing(tab.listening, self._background, self._files, self)
        self.bringing = tab.bringing
        self.make_input: Callable[[], Input] = PortAudioInput
        self.recording: RecordDialog | None = None
        """While it is open."""
        self.setAcceptDrops(True)
        self._make()
        self._lay_out()
        self._connect()
        self._show_state()
        tab.leftovers.look()

    # The deck

    def show_line(self, line: Line | None) -> None:
        """See `deck.LinePage`."""
        if self._closed:
            return
        if line is not None and not speakable(line.text):
            line = None
        if line is None or self._line is None or line.id != self._line.id:
            self.hearing.stop()
        self._line = line
        takes = self._tab.script.takes(line)[-MOST:] if line is not None else ()
        if any(take.id == self._binned for take in takes):
            self._binned = ""
            self._tab.desk.messages.take_back(self.tr("The take is in the bin."))
        seen = (line, takes, self._current())
        if seen != self._shown:
            self._shown = seen
            self._show_takes(takes[::-1])
            self._show_state()

    def close(self) -> bool:
        if not self._closed:
            self._closed = True
            self._soon.stop()
            if self.recording is not None:
                self.recording.close()
            self.hearing.close()
            self.checking.changed.disconnect(self._show_state)
            self._background.close()
        return super().close()

    def sizeHint(self) -> QSize:
        return QSize(640, 300)

    # What the user does

    def use(self, take: Take) -> None:
        """Let the line play a take, with its words and voice."""
        current = self._current()
        before = current.seconds if current is not None and self.keeps_places else None
        self._tab.edit(self.tr("Choose a take"), lambda project: chosen(project, take, before))

    def put_in_bin(self, take: Take) -> None:
        if self.hearing.playing is not None:
            self.hearing.stop()
        self._tab.edit(self.tr("Put a take in the bin"), lambda project: edits.remove_take(project, take.id))
        label = self.tr("Bring a take back")
        back = (
            self.tr("Bring back"),
            lambda: self._tab.edit(label, lambda project: edits.restore_take(project, take.id)),
        )
        self._binned = take.id
        self._tab.desk.messages.say(self.tr("The take is in the bin."), action=back)

    def compare(self, take: Take | None = None) -> None:
        """Hear a take in turns with the one in use; without one: the newest other."""
        current = self._current()
        others = [row.take for row in self.rows if current is None or row.take.id != current.id]
        if self.hearing.pair is not None and take is None:
            self.hearing.flip()
        elif others:
            other = take or others[0]
            first = current or next((one for one in others if one.id != other.id), None)
            if first is not None:
                self.hearing.compare(first, other)

    def check_line(self) -> None:
        if self._line is not None:
            self.check([self._line])

    def check_all(self) -> None:
        self.check(self.checking.unchecked() or list(self._session.project.script.lines))

    def check(self, lines: list[Line]) -> None:
        """Listen to the takes of these lines; first fetch what that needs."""
        if not self._fetching():
            self.checking.check(lines)

    def fix(self, lines: list[Line] | None = None) -> None:
        """New takes of this line, until one is good."""
        wanted = lines if lines is not None else [self._line] if self._line is not None else []
        voices = {self._session.project.voice_of(line).voice for line in wanted}
        if self._tab.own.require(sorted(voices)) and wanted and not self._fetching():
            self.checking.fix(wanted)

    def choose_file(self) -> None:
        if self._line is None:
            return
        kinds = self.tr("Sounds and films")
        endings = " ".join(f"*.{ending}" for ending in SOUNDS)
        path, _ = QFileDialog.getOpenFileName(
            self, self.tr("A take from a file"), "", f"{kinds} ({endings});;{self.tr('All files')} (*)"
        )
        if path:
            self.bringing.file(self._line, Path(path))

    def record_line(self) -> None:
        """Open the microphone on the caret's line."""
        if self._line is not None and not self._session.read_only:
            self._tab.previews.stop()
            self.recording = RecordDialog(self._tab, self.bringing, self.hearing.toggle, self._line, self.make_input)
            self.recording.closed.connect(self._recorded)
            self.recording.show()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._line is not None and _sounds(event.mimeData().urls()) and not isinstance(event.source(), TakeRow):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._line is not None:
            for path in _sounds(event.mimeData().urls()):
                self.bringing.file(self._line, path)
            event.acceptProposedAction()

    # What is shown

    @property
    def rows(self) -> list[TakeRow]:
        return self.list.rows

    def _show_takes(self, takes: tuple[Take, ...]) -> None:
        line, project = self._line, self._session.project

        def fits(take: Take) -> bool:
            return line is not None and project.is_current(take, line, self._tab.script.pronouncing)

        self.list.show_takes(takes, self._current(), fits, project.language, not self._session.read_only)

    def _current(self) -> Take | None:
        return self._tab.script.current(self._line) if self._line is not None else None

    def _show_state(self) -> None:
        checking, line = self.checking, self._line
        free = not checking.running and not self._session.read_only
        self.another.setEnabled(line is not None and free)
        made = self._current() is not None
        self.another.setText(self.tr("Another take") if self.rows else self.tr("Generate"))
        self.check_button.setEnabled(made and free)
        self.fix_button.setEnabled(made and free)
        self.record.setEnabled(line is not None and not self._session.read_only)
        self.bring.setEnabled(line is not None and not self._session.read_only)
        self._soon.start()
        self.stop.setVisible(checking.running)
        self._show_slot()
        share = "" if checking.fraction is None else f" {100 * checking.fraction:.0f} %"
        doing = self.tr("Making new takes…") if checking.fixing else self.tr("Listening…")
        self.progress.setText(doing.removesuffix("…") + share if share else doing)
        self.progress.setVisible(checking.running)
        self._stack.setCurrentWidget(self.list if self.rows else self.empty)
        self._tab.editor.gutter.update()

    def _show_wanting(self) -> None:
        """Not with every keystroke: all lines are looked at."""
        wanting = len(self.checking.wanting()) if not self.checking.running else 0
        words = counted(wanting, self.tr("1 line needs ears"), self.tr("%n lines need ears"))
        self.wanting.setText(f"{words}  F8")
        self.wanting.setVisible(wanting > 0)

    def _show_slot(self) -> None:
        line, current = self._line, self._current()
        self.slot.setVisible(line is not None and line.slot is not None)
        if line is None or line.slot is None:
            return
        words = self.tr("Slot {start} – {end}").replace("{start}", clock(line.slot.start))
        words = words.replace("{end}", clock(line.slot.end))
        long = overlong_words(line, current) if current is not None else ""
        self.slot.setText(f"{words} · {long}" if long else words)
        self.slot.setProperty("role", "warning" if long else "small")
        self.slot.style().polish(self.slot)

    def _show_heard(self) -> None:
        playing, pair = self.hearing.playing, self.hearing.pair
        for row in self.rows:
            row.show_playing(playing is not None and row.take.id == playing.id)
        self.pair.setVisible(pair is not None)
        if pair is not None and self.hearing.heard is not None:
            self.turn.blockSignals(True)
            self.turn.choose("a" if self.hearing.heard.id == pair[0].id else "b")
            self.turn.blockSignals(False)

    def _moved(self, seconds: float) -> None:
        playing = self.hearing.playing
        for row in self.rows:
            if playing is not None and row.take.id == playing.id:
                row.wave.set_position(seconds)

    def _turned(self, key: str) -> None:
        pair, heard = self.hearing.pair, self.hearing.heard
        if pair is not None and heard is not None and (heard.id == pair[0].id) != (key == "a"):
            self.hearing.flip()

    def _recorded(self) -> None:
        self.recording = None

    def _fetching(self) -> bool:
        """Whether something has to be fetched before takes can be checked; asks for it."""
        models = self._tab.desk.studio.models
        if models.present(_MODELS[0]):
            return False
        self._tab.fetching.ask([models.manifest(name) for name in _MODELS if not models.present(name)])
        return True

    @property
    def keeps_places(self) -> bool:
        """Whether lines behind one stay where they are when it uses a take of another length."""
        return bool(self._tab.desk.settings.get(_PLACES, False))

    def _set_places(self, keep: bool) -> None:
        self._tab.remember(_PLACES, keep)

    def _show_menu(self) -> None:
        menu = QMenu(self)
        self._tab.desk.commands.fill(menu, ("takes.captions", "takes.batch"))
        menu.addSeparator()
        everything = menu.addAction(self.tr("Check all lines"))
        everything.triggered.connect(self.check_all)
        everything.setEnabled(not self.checking.running)
        wanting = self.checking.wanting()
        fixing = menu.addAction(self.tr("Fix all lines that are not good"))
        fixing.triggered.connect(lambda: self.fix(wanting))
        fixing.setEnabled(bool(wanting) and not self.checking.running)
        automatic = menu.addAction(self.tr("Check after Generate"))
        automatic.setCheckable(True)
        automatic.setChecked(self.checking.automatic)
        automatic.toggled.connect(self.checking.set_automatic)
        keeps = menu.addAction(self.tr("Keep the places of lines behind, when another take is longer or shorter"))
        keeps.setCheckable(True)
        keeps.setChecked(self.keeps_places)
        keeps.toggled.connect(self._set_places)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, -menu.sizeHint().height())))

    # Inner

    def _make(self) -> None:
        def small(text: str, icon: str, tip: str) -> Button:
            button = Button(text, "secondary", icon, self, small=True)
            button.setToolTip(tip)
            return button

        self.another = small(self.tr("Another take"), "refresh-cw", self.tr("Make one more take  Ctrl+Shift+Return"))
        self.check_button = small(self.tr("Check"), "audio-lines", self.tr("Listen whether it says what it should"))
        self.fix_button = small(self.tr("Fix"), "sparkles", self.tr("Make new takes until one is good, five at most"))
        self.record = small(self.tr("Record…"), "mic", self.tr("Say the line yourself"))
        self.bring = small(self.tr("From a file…"), "import", self.tr("Use a sound of yours; or drop it here"))
        self.more = IconButton("ellipsis", self.tr("All lines"), self)
        self.wanting = Button("", "ghost", "triangle-alert", self, small=True)
        self.wanting.hide()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(COUNTED)
        self._soon.timeout.connect(self._show_wanting)
        self.progress = QLabel(self)
        self.progress.setProperty("role", "small")
        self.stop = Button(self.tr("Cancel"), "ghost", "x", self, small=True)
        self.slot = QLabel(self)
        """When the line has to be heard, and whether it fits."""
        self.slot.setTextFormat(Qt.TextFormat.PlainText)
        self.slot.setWordWrap(True)
        self.pair = QWidget(self)
        self.turn = SegmentedControl(
            [("a", self.tr("A: in use")), ("b", self.tr("B: the other"))], self.pair, self.tr("Which one is heard")
        )
        self.empty = EmptyState(
            "history", self.tr("This line has no takes yet. Generate it, record it, or drop a sound file here.")
        )

    def _lay_out(self) -> None:
        tools = QWidget(self)
        flow = FlowLayout(tools, HALF)
        for widget in (self.another, self.check_button, self.fix_button, self.record, self.bring, self.more):
            flow.addWidget(widget)
        head = QHBoxLayout()
        head.setSpacing(HALF)
        head.addWidget(tools, 1)
        for widget in (self.progress, self.stop, self.wanting):
            head.addWidget(widget)
        pair = QHBoxLayout(self.pair)
        pair.setContentsMargins(0, 0, 0, 0)
        note = QLabel(self.tr("Equally loud, at the same word. F9 changes over."), self.pair)
        note.setProperty("role", "small")
        pair.addWidget(self.turn)
        pair.addWidget(note, 1)
        self.pair.hide()
        body = QWidget(self)
        self._stack = QStackedLayout(body)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(GRID)
        column.addLayout(head)
        column.addWidget(self.slot)
        column.addWidget(self.pair)
        column.addWidget(body, 1)
        self.setMinimumHeight(220)

    def _connect(self) -> None:
        self.list.hear_wanted.connect(self.hearing.toggle)
        self.list.use_wanted.connect(self.use)
        self.list.compare_wanted.connect(self.compare)
        self.list.bin_wanted.connect(self.put_in_bin)
        self.another.clicked.connect(lambda: self._tab.generate_line())
        self.check_button.clicked.connect(self.check_line)
        self.fix_button.clicked.connect(lambda: self.fix())
        self.bring.clicked.connect(self.choose_file)
        self.record.clicked.connect(self.record_line)
        self.more.clicked.connect(self._show_menu)
        self.wanting.clicked.connect(lambda: self._tab.attention.show_ears(self.wanting))
        self.stop.clicked.connect(self.checking.cancel)
        self.turn.changed.connect(self._turned)
        self.checking.changed.connect(self._show_state)
        self.hearing.changed.connect(self._show_heard)
        self.hearing.moved.connect(self._moved)
        self.hearing.lost.connect(self._lost)

    def _lost(self, _take: Take) -> None:
        self._tab.desk.messages.say(
            self.tr("The sound of this take is gone."), self.tr("Relink it in the library."), tone="warning"
        )


def _sounds(urls: list) -> list[Path]:
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
