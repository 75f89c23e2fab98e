"""Captions of the voiceover: looked at before they are saved."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QVBoxLayout,
)

from audiostudio.errors import StudioError
from audiostudio.jobs import Job
from audiostudio.operations.script import line_request
from audiostudio.script.captions import LINE_WIDTH, READING_SPEED, Cue, width
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.export_dialog import file_stem
from audiostudio.ui.speech.takes.captions import Layouts, caption_words, layouts, save, without_words, written
from audiostudio.ui.speech.words import counted
from audiostudio.ui.theme import GRID, font
from audiostudio.ui.widgets import Button, SegmentedControl
from audiostudio.ui.widgets.waveform_paint import clock

if TYPE_CHECKING:
    from audiostudio.ui.speech.tab import SpeechTab

KINDS = ("srt", "vtt", "lrc", "ass")
SHOWN = 200_000
"""Characters of a file that are shown."""
_REMEMBERED = "speech.captions"
_NAMES = "speech.captions.names"


class CaptionsDialog(QDialog):
    """Follows what is made: a line that is not made is not in it."""

    def __init__(self, tab: "SpeechTab") -> None:
        super().__init__(tab)
        self._tab = tab
        self._layouts = Layouts([])
        self._cues: list[Cue] = []
        self._bare: list[str] = []
        self._text = ""
        self._background = Background(self)
        self._background.failed.connect(tab.desk.messages.error)
        self.setWindowTitle(self.tr("Captions"))
        self.setModal(True)
        names = {"srt": "SRT", "vtt": "WebVTT", "lrc": "LRC", "ass": self.tr("ASS karaoke")}
        self.kind = SegmentedControl([(kind, names[kind]) for kind in KINDS], self, self.tr("Format"))
        remembered = tab.desk.settings.get(_REMEMBERED, "srt")
        self.kind.choose(remembered if remembered in KINDS else "srt")
        self.word_times = QCheckBox(self.tr("The time of each word"), self)
        self.names = QCheckBox(self.tr("Who speaks"), self)
        self.names.setChecked(tab.desk.settings.get(_NAMES, True) is not False)
        self.names.hide()
        self.preview = QPlainTextEdit(self)
        self.preview.setReadOnly(True)
        self.preview.setAccessibleName(self.tr("What is written"))
        written = font("body", tabular=True)
        written.setFeature(QFont.Tag("calt"), 0)  # the file has -->, not an arrow
        self.preview.setFont(written)
        self.limits = QLabel(self)
        self.limits.setProperty("role", "secondary")
        self.limits.setWordWrap(True)
        self.fast = QListWidget(self)
        self.fast.setAccessibleName(self.tr("Captions that are too fast"))
        self.fast.setMaximumHeight(110)
        self.note = QLabel(self)
        self.note.setProperty("role", "warning")
        self.note.setWordWrap(True)
        self.find = Button(self.tr("Find the words in the recordings"), "secondary", "audio-lines", self, small=True)
        self.go = Button(self.tr("Save…"), "primary", "download", self)
        self.end = Button(self.tr("Close"), "secondary", parent=self)
        self._lay_out()
        self.kind.changed.connect(self._chosen)
        self.word_times.toggled.connect(lambda _on: self._show())
        self.names.toggled.connect(self._named)
        self.find.clicked.connect(self._find)
        self.go.clicked.connect(self._save)
        self.finished.connect(self._finish)
        self.end.clicked.connect(self.reject)
        self._read()

    def save_to(self, path: Path) -> None:
        """Write what is shown."""
        text, messages = self._text, self._tab.desk.messages
        sentence = self.tr("{file} was saved.").replace("{file}", path.name)
        self._background.run(lambda: save(text, path), lambda _path: messages.say(sentence, tone="success"))

    # Inner

    def _finish(self) -> None:
        self._background.close()
        self.deleteLater()

    def _read(self) -> None:
        """Lay the captions out, beside the window: a book has a hundred thousand words."""
        voiceover, studio = self._tab.result.voiceover, self._tab.desk.studio
        lines = self._tab.session.project.script.lines
        speakers = {line.id: line.speaker for line in lines if line.speaker is not None}

        def laid_out() -> tuple[Layouts, list[str]]:
            words = caption_words(studio, voiceover.places, speakers)
            return layouts(words, voiceover.seconds), without_words(studio, voiceover.places)

        self._background.run(laid_out, lambda found: self._arrived(*found))

    def _arrived(self, found: Layouts, bare: list[str]) -> None:
        self._layouts, self._bare = found, bare
        self.names.setVisible(found.named is not None)
        self._show()

    def _show(self) -> None:
        kind = self.kind.value()
        self._cues = self._layouts.cues(kind, self.names.isChecked())
        self._text = written(self._cues, kind, self.word_times.isChecked())
        self.word_times.setVisible(kind == "lrc")
        more = len(self._text) > SHOWN
        self.preview.setPlainText(self._text[:SHOWN] + ("…" if more else ""))
        self._show_limits()
        missing = self._tab.result.voiceover.missing
        told = []
        if missing:
            told.append(counted(missing, self.tr("1 line is not made yet."), self.tr("%n lines are not made yet.")))
        if self._bare:
            told.append(
                counted(
                    len(self._bare),
                    self.tr("1 recording’s words were not looked for: they are spread over it."),
                    self.tr("The words of %n recordings were not looked for: they are spread over them."),
                )
            )
        self.note.setText(" ".join(told))
        self.note.setVisible(bool(told))
        self.find.setVisible(bool(self._bare))
        self.go.setEnabled(bool(self._cues))

    def _show_limits(self) -> None:
        widest = max((width(line) for cue in self._cues for line in cue.lines), default=0)
        fastest = max((cue.reading_speed for cue in self._cues), default=0.0)
        words = self.tr("{count} · longest line {line} of {lines} characters · fastest {speed} of {speeds} a second")
        values = {
            "{count}": counted(len(self._cues), self.tr("1 caption"), self.tr("%n captions")),
            "{line}": str(widest),
            "{lines}": str(LINE_WIDTH),
            "{speed}": f"{fastest:.1f}",
            "{speeds}": f"{READING_SPEED:.0f}",
        }
        for name, value in values.items():
            words = words.replace(name, value)
        self.limits.setText(words)
        self.fast.clear()
        for cue in self._cues:
            if cue.too_fast:
                speed = self.tr("{speed} a second").replace("{speed}", f"{cue.reading_speed:.1f}")
                self.fast.addItem(f"{clock(cue.start_seconds)}  {speed}  {' '.join(cue.lines)}")
        self.fast.setVisible(self.fast.count() > 0)

    def _chosen(self, kind: str) -> None:
        self._tab.remember(_REMEMBERED, kind)
        self._show()

    def _named(self, on: bool) -> None:
        self._tab.remember(_NAMES, on)
        self._show()

    def _save(self) -> None:
        kind = self.kind.value()
        name = f"{file_stem(self._tab.session.project.name)}.{kind}"
        path, _ = QFileDialog.getSaveFileName(self, self.tr("Save captions"), name, f"{kind.upper()} (*.{kind})")
        if path:
            self.save_to(Path(path).with_suffix(f".{kind}"))

    def _find(self) -> None:
        """Look for the words of recorded takes in their sound."""
        tab, project, wanted = self._tab, self._tab.session.project, frozenset(self._bare)
        models = tab.desk.studio.models
        if not models.present("whisper-base"):
            tab.fetching.ask([models.manifest("whisper-base")])
            return
        asked = [
            line_request(project, line, tab.script.pronouncing) | {"asset": take.asset.id}
            for line in project.script.lines
            if line.id in wanted and (take := tab.script.current(line)) is not None
        ]
        self.find.set_busy(True)
        job = Job("speech.align", {"lines": asked}, self.tr("Find the words in recordings"), project=project.id)
        try:
            watcher = tab.desk.jobs.submit(job)
        except StudioError as error:
            tab.desk.messages.error(error)
            self.find.set_busy(False)
            return
        watcher.finished.connect(self._found)

    def _found(self, _outcome: object) -> None:
        self.find.set_busy(False)
        self._read()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(2 * GRID)
        head.addWidget(self.kind)
        head.addWidget(self.names)
        head.addWidget(self.word_times)
        head.addStretch(1)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.find)
        foot.addStretch(1)
        foot.addWidget(self.end)
        foot.addWidget(self.go)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        column.setSpacing(GRID + GRID // 2)
        column.addLayout(head)
        column.addWidget(self.preview, 1)
        for widget in (self.limits, self.fast, self.note):
            column.addWidget(widget)
        column.addLayout(foot)
        self.resize(720, 600)
