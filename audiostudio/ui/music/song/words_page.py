"""Words for a track that exists already: pasted, aligned, corrected by tapping along and by dragging, kept with it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from audiostudio.jobs import Job, JobState, JsonObject, Outcome
from audiostudio.music.lyrics import Lyrics, assigned, parse
from audiostudio.ui import icons
from audiostudio.ui.library.assets import dragged_ids
from audiostudio.ui.music.making import MakingStrip
from audiostudio.ui.music.song import timed
from audiostudio.ui.music.song.colours import colour
from audiostudio.ui.music.song.held import Held
from audiostudio.ui.music.song.karaoke_view import KaraokeView
from audiostudio.ui.music.song.lyrics_editor import LyricsEditor
from audiostudio.ui.music.song.lyrics_panel import combinations
from audiostudio.ui.music.song.melody_bar import together
from audiostudio.ui.music.song.timed import Lines
from audiostudio.ui.music.song.words_track import WordsTrack
from audiostudio.ui.speech.fetching import Fetching
from audiostudio.ui.speech.words import language_name
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import (
    Button,
    ChoiceBox,
    EmptyState,
    FlowLayout,
    IconButton,
    Menu,
    SegmentedControl,
    Splitter,
)

if TYPE_CHECKING:
    from audiostudio.ui.music.work import MusicWork

_SAVE_AFTER, _READ_AFTER = 700, 400
"""Milliseconds after the last change."""
LANGUAGES = ("en-us", "en-gb", "es", "fr", "hi", "it", "ja", "pt-br", "zh", "de", "ru", "ka")


class WordsPage(QWidget):
    track_wanted = Signal()
    dropped = Signal(str)
    """The id of an asset that was dropped here."""

    def __init__(self, work: "MusicWork", held: Held, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work, self._held = work, held
        self._track = ""
        """The id of the asset that is shown."""
        self._unsaved = False
        self.setAcceptDrops(True)
        self.name = QLabel(self)
        self.name.setProperty("role", "strong")
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.choose = Button(self.tr("Another track…"), "ghost", "music", self, small=True)
        self.saved = QLabel(self)
        self.saved.setProperty("role", "small")
        self.editor = LyricsEditor(self)
        self.editor.setPlaceholderText(
            self.tr("Paste the words of this track here, a line for each line that is sung.")
        )
        self.editor.setAccessibleName(self.tr("Words of the track"))
        self.language = ChoiceBox(self.tr("Language of the words"), self, small=True)
        for tag in LANGUAGES:
            self.language.addItem(language_name(tag), tag)
        self.align = Button(self.tr("Align"), "primary", "wand-sparkles", self, small=True)
        self.align.setToolTip(self.tr("Find when each word is sung; words that are fixed stay where they are"))
        self.tap = SegmentedControl(
            (("", self.tr("Edit")), ("word", self.tr("Tap words")), ("line", self.tr("Tap lines"))),
            self,
            self.tr("Tapping"),
        )
        self.tap.setToolTip(
            self.tr("While it plays, press Space as each word or line begins; Backspace takes one back")
        )
        self.play = IconButton("play:solid", self.tr("Play"), self, size=28, icon_size=14)
        self.undo = IconButton("undo-2", self.tr("Take the last tap or drag back  Backspace"), self, size=28)
        self.fix = IconButton("lock", self.tr("Fix the word where it is  L"), self, size=28, checkable=True)
        self.zoom_out = IconButton("zoom-out", self.tr("Zoom out  −"), self, size=28)
        self.zoom_in = IconButton("zoom-in", self.tr("Zoom in  +"), self, size=28)
        self.told = QLabel(self)
        self.told.setProperty("role", "small")
        self.strip = MakingStrip(work.desk, self)
        self.fetching = Fetching(work.desk, self)
        self.track = WordsTrack(self)
        self.view = KaraokeView(self)
        self.empty = EmptyState(
            "music",
            self.tr("Give any track words: one of the library, or drop one here. Then it can be sung along with."),
            self.tr("Choose a track"),
            self,
        )
        self._save_soon = QTimer(self, singleShot=True, interval=_SAVE_AFTER)
        self._save_soon.timeout.connect(self.save)
        self._read_soon = QTimer(self, singleShot=True, interval=_READ_AFTER)
        self._read_soon.timeout.connect(self._take_words)
        self._lay_out()
        self._connect()
        self.show_track()

    @property
    def lines(self) -> Lines:
        return self.track.lines

    def show_track(self) -> None:
        """The one in hand."""
        asset = self._held.asset
        self._stack.setCurrentIndex(1 if asset is not None else 0)
        if asset is None:
            self._leave()
            self._track = ""
            return
        other = asset.id != self._track
        if other:
            self._leave()
            self._track = asset.id
            self.set_tapping("")
            kept = asset.detail.get("lyrics")
            language = kept.get("language") if isinstance(kept, dict) else None
            language = str(language or self._work.project.language)
            self.language.setCurrentIndex(max(0, self.language.findData(language)))
        self.name.setText(asset.name)
        if other or self._held.lines != self.lines:
            self.track.show_track(self._held.lines, self._held.seconds, self._held.peaks, other)
            self.view.show_lines(self._held.lines)
        if other:
            text = asset.detail.get("lyrics_text")
            self.editor.set_text(text if isinstance(text, str) else timed.lyrics_text(self._held.lines))
        self._look()

    def set_tapping(self, what: str) -> None:
        self.tap.blockSignals(True)
        self.tap.choose(what)
        self.tap.blockSignals(False)
        self.track.set_tapping(what)
        if what:
            self.track.setFocus()
        self._look()

    def begin_aligning(self) -> None:
        self._take_words()
        asset = self._held.asset
        if asset is None or not self._require_ears():
            return
        request: JsonObject = {
            "asset": asset.id,
            "lyrics": self.editor.text(),
            "language": self.language.currentData(),
            "fixed": timed.fixed_words(self.lines),
        }
        self.save()
        self._aligned = asset.id
        title = self.tr("Align the words of “{name}”").replace("{name}", asset.name)
        self.strip.run(Job("song.align", request, title))

    def _require_ears(self) -> bool:
        """Whether what recognises words is on this computer; if not, the user is asked to fetch it."""
        from audiostudio.engines.whisper import MODEL

        models = self._work.desk.studio.models
        if models.present(MODEL):
            return True
        self.fetching.ask([models.manifest(MODEL)])
        return False

    def save(self) -> None:
        """What was changed is kept in the library, with the track."""
        self._save_soon.stop()
        if not self._unsaved or not self._track:
            return
        self._unsaved = False
        library, track = self._work.desk.studio, self._track
        lyrics = {**timed.write(self.lines), "language": self.language.currentData()}
        text = self.editor.text()

        def store() -> None:
            library.library.update_detail(track, {"lyrics": lyrics, "lyrics_text": text})

        self._work.clerk.ask(store, lambda _done: self._say_saved(track))

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        if self._held.asset is None:
            self.empty.button.setFocus(reason)
        else:
            (self.track if self.lines else self.editor).setFocus(reason)

    def close(self) -> bool:
        self._take_words() if self._read_soon.isActive() else None
        self.save()
        self._read_soon.stop()
        self.strip.stop()
        self.strip.close()
        return super().close()

    # Qt

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dragged_ids(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        ids = dragged_ids(event.mimeData())
        if ids:
            event.acceptProposedAction()
            self.dropped.emit(ids[0])

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self.update()
        super().changeEvent(event)

    # Inner

    def _sung(self, lyrics: Lyrics) -> list[tuple[str, tuple[str, ...], tuple[str, ...], str]]:
        return [
            (line.text, tuple(word.text for word in line.words), line.slots, lyrics.sections[line.section].name)
            for line in lyrics.lines
        ]

    def _typed(self, _text: str) -> None:
        self._read_soon.start()

    def _leave(self) -> None:
        """Another track comes: what was typed last, and not read yet, is kept with the one that goes."""
        if self._track and self._read_soon.isActive():
            self._read_soon.stop()
            self.track.lines = timed.rebuilt(self.lines, self._sung(parse(self.editor.text())), self.track.seconds)
            self._unsaved = True
        self.save()

    def _take_words(self) -> None:
        """The words as they are written now; those that stayed keep their times."""
        self._read_soon.stop()
        lines = timed.rebuilt(self.lines, self._sung(self.editor.lyrics), self._held.seconds)
        self._changed(lines)
        self.track.show_track(lines, self._held.seconds, self._held.peaks, False)
        self._look()

    def _changed(self, lines: Lines) -> None:
        self.view.show_lines(lines)
        if self._held.asset is not None and self._held.asset.id == self._track:
            self._unsaved = True
            self._held.lines = lines
            self._held.changed.emit()
            self.saved.setText(self.tr("Saving…"))
            self._save_soon.start()

    def _edited(self, lines: Lines) -> None:
        self._changed(lines)
        self._look()

    def _say_saved(self, track: str) -> None:
        if track == self._track and not self._unsaved:
            self.saved.setText(self.tr("Saved with the track"))

    def _ended(self, outcome: Outcome) -> None:
        if outcome.state is not JobState.DONE or not outcome.result or self._aligned != self._track:
            self._look()
            return
        found = timed.read(outcome.result.get("lyrics", outcome.result))
        self.track.take(timed.realigned(self.lines, found))
        unsure = sum(word.confidence < 0.5 for line in found for word in line.words)
        self._look()
        if unsure:
            words = self.tr("{n} words were hard to hear; they have dashed edges. Tap along, or drag them.")
            self.told.setText(words.replace("{n}", str(unsure)))

    def _choose_singers(self, row: int, place: object) -> None:
        rows = self.editor.rows()
        rows = rows if row in rows and len(rows) > 1 else [row]
        menu = Menu(self)
        for slots in combinations():
            action = menu.addAction(icons.swatch(colour(slots[0])), " + ".join(slots))
            action.triggered.connect(lambda _on=False, slots=slots: self._assign(rows, slots))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def _assign(self, rows: list[int], slots: tuple[str, ...]) -> None:
        self.editor.follow(assigned(self.editor.text(), rows, slots))
        self._take_words()

    def _look(self) -> None:
        known, writable = bool(self.lines), not self.strip.busy
        self.align.setEnabled(writable and bool(self.editor.lyrics.lines))
        self.tap.setEnabled(known)
        for widget in (self.fix, self.zoom_in, self.zoom_out):
            widget.setEnabled(known)
        self.undo.setEnabled(self.track.undoable)
        word = timed.word_of(self.lines, self.track.chosen) if self.track.chosen is not None else None
        self.fix.blockSignals(True)
        self.fix.setChecked(word is not None and word.fixed)
        self.fix.blockSignals(False)
        if self.tap.value() != self.track.tapping:
            self.set_tapping(self.track.tapping)
        coming = self.track.next_word
        if coming is not None:
            words = self.tr("Play, then press Space as “{word}” begins. Backspace takes the last one back.")
            self.told.setText(words.replace("{word}", coming.text))
        elif not known:
            self.told.setText(self.tr("Paste words on the left, then align them, or tap along."))
        else:
            fixed = sum(one.fixed for line in self.lines for one in line.words)
            words = self.tr("{n} of {all} words are fixed: aligning leaves them.")
            count = sum(len(line.words) for line in self.lines)
            self.told.setText(words.replace("{n}", str(fixed)).replace("{all}", str(count)))

    def _move(self, seconds: float) -> None:
        if self.isVisible():
            self.track.set_position(seconds)
            self.view.set_position(seconds)

    def _show_playing(self, state: str) -> None:
        on = state in ("busy", "playing")
        self.play.set_icon("pause:solid" if on else "play:solid")
        self.play.set_label(self.tr("Pause") if on else self.tr("Play"))

    def _connect(self) -> None:
        held, track = self._held, self.track
        self._aligned = ""
        held.changed.connect(self.show_track)
        held.moved.connect(self._move)
        held.outlined.connect(track.show_peaks)
        held.state_changed.connect(self._show_playing)
        self.choose.clicked.connect(self.track_wanted)
        self.empty.acted.connect(self.track_wanted)
        self.editor.edited.connect(self._typed)
        self.editor.read.connect(lambda _lyrics: self._look())
        self.editor.gutter.clicked.connect(self._choose_singers)
        self.align.clicked.connect(self.begin_aligning)
        self.strip.ended.connect(self._ended)
        self.strip.busy_changed.connect(lambda _busy: self._look())
        self.tap.changed.connect(self.set_tapping)
        self.play.clicked.connect(held.toggle)
        self.undo.clicked.connect(track.undo)
        self.fix.clicked.connect(lambda _on: track.toggle_fixed())
        self.zoom_in.clicked.connect(lambda: track.zoom(1.25))
        self.zoom_out.clicked.connect(lambda: track.zoom(0.8))
        track.edited.connect(self._edited)
        track.chosen_changed.connect(self._look)
        track.sought.connect(held.seek)
        track.play_wanted.connect(held.toggle)
        track.word_wanted.connect(held.play_from)
        self.view.line_wanted.connect(held.play_from)
        self.view.play_wanted.connect(held.toggle)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(2 * GRID, GRID, 2 * GRID, 0)
        head.setSpacing(GRID)
        for widget in (self.name, self.choose):
            head.addWidget(widget)
        head.addStretch(1)
        head.addWidget(self.saved)
        bar = FlowLayout(spacing=GRID)
        for group in (
            (self.align, self.language),
            (self.play, self.tap),
            (self.undo, self.fix, self.zoom_out, self.zoom_in),
        ):
            bar.addWidget(together(self, *group))
        self.language.setFixedWidth(150)
        right = QWidget(self)
        column = QVBoxLayout(right)
        column.setContentsMargins(GRID, GRID, 2 * GRID, GRID)
        column.setSpacing(HALF)
        column.addLayout(bar)
        column.addWidget(self.told)
        column.addWidget(self.strip)
        column.addWidget(self.track, 3)
        column.addWidget(self.view, 2)
        self.editor.setMinimumWidth(260)
        self.splitter = Splitter(Qt.Orientation.Horizontal, self)
        self.splitter.addWidget(self.editor)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(0, 0)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([340, 700])
        page = QWidget(self)
        whole = QVBoxLayout(page)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(HALF)
        whole.addLayout(head)
        whole.addWidget(self.splitter, 1)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.empty)
        self._stack.addWidget(page)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)
