"""Editing a recording by what is said in it: words that are deleted are cut out of all linked tracks, long silences and
fillers are proposed to be cut one by one."""

from bisect import bisect_right
from collections.abc import Callable
from functools import partial
from pathlib import Path

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
from audiostudio.jobs import Job, JobState, Outcome
from audiostudio.operations.tidying import Cut, Reason, Word, fillers, long_silences, span
from audiostudio.operations.transcript import Transcript, kept
from audiostudio.timeline.editing import removing
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.theme import GRID
from audiostudio.ui.timeline.divisions import clock
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

    def show_words(self, words: list[Word]) -> None:
        self._starts, at = [], 0
        for word in words:
            self._starts.append(at)
            at += len(word.text.strip()) + 1
        self.setPlainText(" ".join(word.text.strip() for word in words))

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
    """Of one medium, as the clips of one track play it. Stays open beside the timeline and follows it."""

    def __init__(
        self,
        work: TimelineWork,
        media: Media,
        track: str,
        path: Path,
        parent: QWidget,
        said: tuple[str, tuple[Word, ...]] | None = None,
    ) -> None:
        """`path`: the medium's file; `said`: its language and words, where those are known."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Edit by text: {name}").replace("{name}", media.name))
        self._work, self._media, self._track, self._path = work, media, track, path
        self._said_words = said
        cache = work.desk.studio.profile.cache
        self._file = cache / "transcripts" / f"{(media.asset.content_hash or media.id)[:40]}.json"
        self._found: Transcript | None = None
        self._words: list[Word] = []
        self._build()
        self.resize(860, 520)
        work.changed.connect(self._show)
        known = kept(self._file)
        if known is not None:
            self._take(known)
        if known is None:
            self._submit(words=False)
        elif not known.heard:
            self._submit(words=True)

    # What the user does

    def cut_words(self) -> None:
        """What is selected in the text."""
        chosen = self.text.chosen()
        if chosen is not None:
            self._cut(self.tr("Cut words"), [span(self._words, *chosen)])

    def cut_proposal(self) -> None:
        """The one that is chosen in the list."""
        item = self.list.currentItem()
        if item is not None:
            row = self.list.currentRow()
            cut: Cut = item.data(_CUT)
            self._cut(self._label(), [(cut.start, cut.end)])
            self.list.setCurrentRow(min(row, self.list.count() - 1))

    def cut_all(self) -> None:
        """Everything in the list, as one undo step."""
        cuts = [self.list.item(row).data(_CUT) for row in range(self.list.count())]
        if cuts:
            self._cut(self._label(), [(cut.start, cut.end) for cut in cuts])

    def closeEvent(self, event: QCloseEvent) -> None:
        self._work.changed.disconnect(self._show)
        super().closeEvent(event)

    def reject(self) -> None:
        self.close()

    # Finding out

    def _submit(self, *, words: bool) -> None:
        """Silences first, which takes a moment; words take longer."""
        if words and self._said_words is not None:
            return
        request = {"path": str(self._path), "file": str(self._file), "language": None, "words": words}
        title = self.tr("Listen to “{name}”").replace("{name}", self._media.name)
        try:
            watcher = self._work.desk.jobs.submit(Job("media.transcript", request, title))
        except StudioError as error:
            self._work.desk.messages.error(error)
            return
        self.busy.show()
        self.state.setText(self.tr("Listening for words…") if words else self.tr("Looking for silences…"))
        watcher.finished.connect(lambda outcome: self._listened(watcher, outcome))

    def _listened(self, watcher: JobWatcher, outcome: Outcome) -> None:
        self.busy.hide()
        self.state.setText("")
        if outcome.state is JobState.DONE:
            found = kept(self._file)
            if found is not None:
                self._take(found)
                if not found.heard:
                    self._submit(words=True)
        elif isinstance(outcome.error, StudioError):
            watcher.told = True
            self.state.setText(f"{outcome.error.sentence} {outcome.error.hint}")

    def _take(self, found: Transcript) -> None:
        self._found = found
        self._show()

    # Showing

    def _show(self) -> None:
        found = self._found
        if found is None:
            return
        clips = self._clips()
        language, words = self._said_words or (found.language, found.words)
        self._words = [word for word in words if self._heard((word.start + word.end) / 2, clips)]
        self.text.show_words(self._words)
        if self.kind.value() == SILENCES:
            cuts = long_silences(found.quiet, self.longest.value(), min(self.keep.value(), self.longest.value()))
        else:
            cuts = fillers(self._words, language)
        shown = [cut for cut in cuts if self._heard((cut.start + cut.end) / 2, clips)]
        self._list(shown)

    def _list(self, cuts: list[Cut]) -> None:
        self.list.clear()
        for cut in cuts:
            item = QListWidgetItem(self._said(cut), self.list)
            item.setData(_CUT, cut)
        for button in (self.one, self.all):
            button.setEnabled(bool(cuts))
        total = sum(cut.end - cut.start for cut in cuts)
        words = self.tr("{n} proposals, {s} s").replace("{n}", str(len(cuts))).replace("{s}", f"{total:.1f}")
        self.total.setText(words if cuts else self.tr("Nothing to cut."))

    def _said(self, cut: Cut) -> str:
        at = clock(round(cut.start * TICKS), TICKS // 10)
        length = f"{cut.end - cut.start:.1f} s"
        what = {
            Reason.SILENCE: self.tr("silence"),
            Reason.FILLER: f"“{cut.text}”",
            Reason.REPEATED: self.tr("“{word}” twice").replace("{word}", cut.text),
        }[cut.reason]
        return f"{at}   {what}   −{length}"

    def _go(self) -> None:
        """The playhead to the proposal that is chosen."""
        item = self.list.currentItem()
        if item is None:
            return
        cut: Cut = item.data(_CUT)
        rate = self._media.sample_rate
        for clip in self._clips():
            spans = removing.heard(clip, self._media, [(round(cut.start * rate), round(cut.end * rate))])
            if spans:
                self._work.seek(spans[0].start)
                return

    # Cutting

    def _cut(self, label: str, spans: list[tuple[float, float]]) -> None:
        rate = self._media.sample_rate
        samples = [(round(start * rate), round(end * rate)) for start, end in spans]
        ids = [clip.id for clip in self._clips()]
        self._work.edit(label, partial(_removed, ids, samples))

    def _clips(self) -> list[Clip]:
        tracks = [track for track in self._work.document.tracks if track.id == self._track]
        return [clip for track in tracks for clip in track.clips if clip.media == self._media.id]

    def _heard(self, at: float, clips: list[Clip]) -> bool:
        sample = at * self._media.sample_rate
        return any(clip.source_start <= sample < clip.source_start + clip.source_length for clip in clips)

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
        self.longest = LabeledSlider(self.tr("Silences longer than"), 0.3, 3.0, 0.7, 0.1, " s", 1, self)
        self.keep = LabeledSlider(self.tr("are shortened to"), 0.0, 1.0, 0.3, 0.1, " s", 1, self)
        self.list = QListWidget(self)
        self.list.setAccessibleName(self.tr("Proposals"))
        self.total = QLabel(self)
        self.total.setProperty("role", "small")
        self.one = Button(self.tr("Cut this one"), "secondary", "scissors", self)
        self.all = Button(self.tr("Cut all"), "primary", parent=self)
        self.kind.changed.connect(self._kind_changed)
        self.longest.value_changed.connect(lambda _value: self._show())
        self.keep.value_changed.connect(lambda _value: self._show())
        self.list.currentRowChanged.connect(lambda _row: self._go())
        self.list.itemDoubleClicked.connect(lambda _item: self.cut_proposal())
        self.one.clicked.connect(self.cut_proposal)
        self.all.clicked.connect(self.cut_all)
        self._lay_out()

    def _kind_changed(self, kind: str) -> None:
        self.longest.setVisible(kind == SILENCES)
        self.keep.setVisible(kind == SILENCES)
        self._show()

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


def _removed(ids: list[str], samples: list[tuple[int, int]], project: Project, timeline: str) -> Project:
    return removing.remove_sound(project, timeline, ids, samples)
