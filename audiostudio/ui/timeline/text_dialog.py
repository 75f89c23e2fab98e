"""Editing a recording by what is said in it: words that are deleted are cut out of all linked tracks, long silences and
fillers are proposed to be cut one by one."""

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate, groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, Outcome, Partial
from audiostudio.operations.transcribing import listening, transcript_of
from audiostudio.sound.peaks import Peaks
from audiostudio.sound.silence import levels
from audiostudio.timeline import tidying
from audiostudio.timeline.editing import cutting, removing
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Track
from audiostudio.timeline.transcript import Cut, Said, Speech, What
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.theme import GRID
from audiostudio.ui.timeline.divisions import clock
from audiostudio.ui.timeline.sources import Sources
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import Button, LabeledSlider, SegmentedControl, Spinner

SILENCES, FILLERS = "silences", "fillers"
_CUT = Qt.ItemDataRole.UserRole


class WordsView(QPlainTextEdit):
    """Words to select; Delete cuts what is selected."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._starts: list[int] = []
        self.cut: Callable[[], object] = lambda: None

    def show_words(self, words: list[str]) -> None:
        text = " ".join(words)
        if text == self.toPlainText():
            return
        self._starts = [0, *accumulate(len(word) + 1 for word in words)][: len(words)]
        self.setPlainText(text)

    def chosen(self) -> tuple[int, int] | None:
        """The words that are at least partly selected: first, last (half-open)."""
        cursor = self.textCursor()
        if not cursor.hasSelection() or not self._starts:
            return None
        first = bisect_right(self._starts, cursor.selectionStart()) - 1
        last = bisect_right(self._starts, cursor.selectionEnd() - 1)
        return max(0, first), last

    def choose(self, first: int, last: int) -> None:
        """Select words first…last (half-open)."""
        cursor = self.textCursor()
        cursor.setPosition(self._starts[first])
        end = self._starts[last] - 1 if last < len(self._starts) else len(self.toPlainText())
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.cut()
        else:
            super().keyPressEvent(event)


class TextDialog(QDialog):
    """Of one track. Stays open beside the timeline and follows it."""

    def __init__(self, work: TimelineWork, sources: Sources, track: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        name = work.document.track(track).name
        self.setWindowTitle(self.tr("Edit by text: {name}").replace("{name}", name))
        self._work, self._sources, self._track = work, sources, track
        self._words: list[tuple[Said, int]] = []
        """Of all clips: each is a number in what its clip says."""
        self._asked: set[str] = set()
        """Media that were listened to, or are."""
        self._build()
        self.resize(860, 520)
        work.changed.connect(self.follow)
        sources.changed.connect(self.follow)
        self.follow()

    # What the user does

    def cut_words(self) -> None:
        """What is selected in the text."""
        chosen = self.text.chosen()
        if chosen is None:
            return
        cuts = []
        for _, run in groupby(self._words[slice(*chosen)], key=_whose):
            words = list(run)
            cuts.append(words[0][0].cut(words[0][1], words[-1][1] + 1))
        self._cut(self.tr("Cut words"), cuts)

    def cut_proposal(self) -> None:
        """The one that is chosen in the list."""
        item = self.list.currentItem()
        if item is not None:
            row = self.list.currentRow()
            self._cut(self._label(), [item.data(_CUT)])
            self.list.setCurrentRow(min(row, self.list.count() - 1))

    def cut_all(self) -> None:
        """Everything in the list, as one undo step."""
        self._cut(self._label(), [self.list.item(row).data(_CUT) for row in range(self.list.count())])

    def closeEvent(self, event: QCloseEvent) -> None:
        self._work.changed.disconnect(self.follow)
        self._sources.changed.disconnect(self.follow)
        super().closeEvent(event)

    def reject(self) -> None:
        self.close()

    # Finding out

    def _listen(self, speech: Speech, track: Track) -> None:
        """To media that nobody listened to yet."""
        wanted = [media for media in speech.unheard(track) if media.id not in self._asked]
        found = [(media, path) for media in wanted if (path := self._sources.path(media)) is not None]
        self._asked |= {media.id for media in wanted}
        if not found:
            return
        title = self.tr("Listen to “{name}”").replace("{name}", track.name)
        try:
            watcher = self._work.desk.jobs.submit(Job("media.transcribe", listening(found), title))
        except StudioError as error:
            self._work.desk.messages.error(error)
            return
        self.busy.show()
        self.state.setText(self.tr("Listening for words…"))
        watcher.partial.connect(self._came)
        watcher.finished.connect(lambda outcome: self._listened(watcher, outcome))

    def _came(self, came: Partial) -> None:
        if came.kind == "refused":
            self._work.desk.messages.error(StudioError(came.data["sentence"], came.data["hint"]))
            return
        try:
            self._work.session.set_transcripts(transcript_of(came.data))
        except StudioError as error:
            self._work.desk.messages.error(error)
        self.follow()

    def _listened(self, watcher: JobWatcher, outcome: Outcome) -> None:
        self.busy.hide()
        self.state.setText("")
        if isinstance(outcome.error, StudioError):
            watcher.told = True
            self.state.setText(f"{outcome.error.sentence} {outcome.error.hint}")

    # Showing

    def follow(self, _media: str = "") -> None:
        """The timeline, or what is known of its media, became another."""
        track = next((one for one in self._work.document.tracks if one.id == self._track), None)
        if track is None:
            self.close()
            return
        speech = Speech(self._work.project)
        self._listen(speech, track)
        said = speech.of_track(track)
        self._words = [(one, number) for one in said for number in range(len(one.words))]
        self.text.show_words([one.words[number].text for one, number in self._words])
        if self.kind.value() == SILENCES:
            self._list([cut for clip in track.clips for cut in self._silences(clip)])
        else:
            self._list([cut for one in said for cut in tidying.slips(one)])

    def _silences(self, clip: Clip) -> list[Cut]:
        shown = self._sources.shown(clip)
        outline = shown.outline()
        if shown.media is None or not isinstance(outline, Peaks):
            return []
        return tidying.silences(clip, shown.media, levels(outline).quiet(), self.longest.value(), self.keep.value() / 2)

    def _list(self, cuts: list[Cut]) -> None:
        self.list.clear()
        total = 0.0
        for cut in cuts:
            start, seconds = self._place(cut)
            total += seconds
            item = QListWidgetItem(f"{clock(start, TICKS // 10)}   {self._said(cut)}   −{seconds:.1f} s", self.list)
            item.setData(_CUT, cut)
        for button in (self.one, self.all):
            button.setEnabled(bool(cuts))
        words = self.tr("{n} proposals, {s} s").replace("{n}", str(len(cuts))).replace("{s}", f"{total:.1f}")
        self.total.setText(words if cuts else self.tr("Nothing to cut."))

    def _said(self, cut: Cut) -> str:
        if cut.what == What.SILENCE:
            return self.tr("silence")
        twice = self.tr("“{word}” twice").replace("{word}", cut.text)
        return twice if cut.what == What.REPEATED else f"“{cut.text}”"

    def _place(self, cut: Cut) -> tuple[int, float]:
        """When it is heard, and for how many seconds."""
        clip = self._work.document.clip(cut.clip)
        spans = removing.heard(clip, self._work.project.medium(clip.media), [(cut.first, cut.last)])
        return (spans[0].start, (spans[0].end - spans[0].start) / TICKS) if spans else (clip.start, 0.0)

    def _go(self) -> None:
        """The playhead to the proposal that is chosen."""
        item = self.list.currentItem()
        if item is not None:
            self._work.seek(self._place(item.data(_CUT))[0])

    def _cut(self, label: str, cuts: list[Cut]) -> None:
        if cuts:
            self._work.edit(label, lambda project, timeline: cutting.make(project, timeline, cuts))

    def _label(self) -> str:
        return self.tr("Shorten silences") if self.kind.value() == SILENCES else self.tr("Cut fillers")

    # Building

    def _build(self) -> None:
        self.text = WordsView(self)
        self.text.setAccessibleName(self.tr("What is said"))
        self.text.cut = self.cut_words
        self.cut_button = Button(self.tr("Cut these words"), "secondary", "scissors", self)
        self.cut_button.clicked.connect(self.cut_words)
        self.busy = Spinner(16, self)
        self.busy.hide()
        self.state = QLabel(self)
        self.state.setProperty("role", "small")
        self.state.setWordWrap(True)
        self.kind = SegmentedControl(
            [(SILENCES, self.tr("Silences")), (FILLERS, self.tr("Fillers"))], self, self.tr("Propose")
        )
        self.longest = LabeledSlider(self.tr("Silences longer than"), 0.3, 3.0, 0.8, 0.1, " s", 1, self)
        self.keep = LabeledSlider(self.tr("are shortened to"), 0.0, 1.0, 0.4, 0.1, " s", 1, self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Proposals"))
        self.total = QLabel(self)
        self.total.setProperty("role", "small")
        self.one = Button(self.tr("Cut this one"), "secondary", "scissors", self)
        self.all = Button(self.tr("Cut all"), "primary", parent=self)
        self.kind.changed.connect(self._kind_changed)
        self.longest.value_changed.connect(lambda _value: self.follow())
        self.keep.value_changed.connect(lambda _value: self.follow())
        self.list.currentRowChanged.connect(lambda _row: self._go())
        self.list.itemDoubleClicked.connect(lambda _item: self.cut_proposal())
        self.one.clicked.connect(self.cut_proposal)
        self.all.clicked.connect(self.cut_all)
        self._lay_out()

    def _kind_changed(self, kind: str) -> None:
        self.longest.setVisible(kind == SILENCES)
        self.keep.setVisible(kind == SILENCES)
        self.follow()

    def _lay_out(self) -> None:
        said = QLabel(self.tr("What is said"), self)
        said.setProperty("role", "heading")
        left = QVBoxLayout()
        left.setSpacing(GRID)
        left.addWidget(said)
        left.addWidget(self.text, 1)
        foot = QHBoxLayout()
        foot.addWidget(self.busy)
        foot.addWidget(self.state, 1)
        foot.addWidget(self.cut_button)
        left.addLayout(foot)
        right = QVBoxLayout()
        right.setSpacing(GRID)
        right.addWidget(self.kind)
        right.addWidget(self.longest)
        right.addWidget(self.keep)
        right.addWidget(self.list, 1)
        right.addWidget(self.total)
        buttons = QHBoxLayout()
        buttons.addWidget(self.one)
        buttons.addStretch(1)
        buttons.addWidget(self.all)
        right.addLayout(buttons)
        row = QHBoxLayout(self)
        row.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        row.setSpacing(3 * GRID)
        row.addLayout(left, 3)
        row.addLayout(right, 2)


def _whose(word: tuple[Said, int]) -> str:
    return word[0].clip.id
