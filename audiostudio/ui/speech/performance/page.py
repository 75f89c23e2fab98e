"""The deck's page for the performance of the line that the caret is in."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from audiostudio.engines.fitting import fitted
from audiostudio.errors import StudioError
from audiostudio.performance import Voicing
from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, Take, TakeSource, WordPerformance
from audiostudio.ui.speech.background import Background
from audiostudio.ui.speech.performance import words
from audiostudio.ui.speech.performance.controls import Controls
from audiostudio.ui.speech.performance.playing import Playing
from audiostudio.ui.speech.performance.rendering import Rendering, bare
from audiostudio.ui.speech.performance.takes import RATE, Heard, Reader, natural_take, placed_edits
from audiostudio.ui.speech.performance.view import PerformanceView
from audiostudio.ui.speech.script import speakable
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.widgets import EmptyState

if TYPE_CHECKING:
    from audiostudio.engines.base import EngineManifest
    from audiostudio.ui.speech.tab import SpeechTab

REST = 600
"""Milliseconds without a change after which a line is made again; with an instant voice `REST_INSTANT`."""
REST_INSTANT = 120
_AUTOMATIC = "speech.performance.automatic"


class PerformancePage(QWidget):
    """A `deck.LinePage`."""

    def __init__(self, tab: "SpeechTab") -> None:
        super().__init__()
        self._tab, self._session = tab, tab.session
        self._line: Line | None = None
        self._seen: tuple[object, ...] | None = None
        self._base: Heard | None = None
        self._natural: Heard | None = None
        self._takes: tuple[Take, Take] | None = None
        """The natural take and the base that are shown or being read."""
        self._why = ""
        self._closed = False
        self._background = Background(self)
        self._background.failed.connect(tab.desk.messages.error)
        self._reader = Reader(tab.desk.studio)
        self.rendering = Rendering(tab.desk, tab.session, lambda: tab.script.pronouncing, self)
        self.view = PerformanceView(self)
        self.playing = Playing(tab.listening, self.view, self)
        self.controls = Controls(self.view, self)
        self.controls.automatic.setChecked(bool(tab.desk.settings.get(_AUTOMATIC, True)))
        self.notice = EmptyState("audio-waveform", words.reason("none")[0], words.reason("unmade")[1], self)
        self._lay_out()
        self._connect()
        self._show_notice("none")

    # The deck

    def show_line(self, line: Line | None) -> None:
        """See `deck.LinePage`."""
        if self._closed:
            return
        project = self._session.project
        seen = (
            None if line is None else (line, project.voice_of(line), self._tab.script.takes(line), project.dictionary)
        )
        if seen != self._seen or seen is None:
            if line is None or self._line is None or line.id != self._line.id:
                self.playing.stop()
                self.rendering.stop()
            self._line, self._seen = line, seen
            self._refresh()

    def close(self) -> bool:
        if not self._closed:
            self._closed = True
            self.playing.close()
            self.rendering.close()
            self._background.close()
        return super().close()

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    # What there is to see

    def _refresh(self) -> None:
        line = self._line
        why = self._obstacle(line)
        if why or line is None:
            self._takes = None
            self._show_notice(why)
            return
        script, project = self._tab.script, self._session.project
        natural = natural_take(project, line, script.takes(line), script.pronouncing)
        current = script.current(line)
        if natural is None:
            self._takes = None
            if line.performance:
                self._make_soon()
            self._show_notice("made" if self.rendering.running or self.rendering.waiting else "unmade")
            return
        if current is None:
            current = self._last(line, natural)
            self._make_soon()
        self._read(natural, current)

    def _obstacle(self, line: Line | None) -> str:
        """Why the line cannot be redrawn; empty: it can."""
        if line is None or not speakable(line.text):
            return "none"
        current = self._tab.script.current(line)
        if current is not None and current.source != TakeSource.MADE:
            return "recorded"
        voice = self._session.project.voice_of(line).voice
        if not self._able(self._tab.voices.engine(voice)):
            return "engine"
        return "" if self._tab.voices.fetched(voice) else "models"

    @staticmethod
    def _able(engine: "EngineManifest | None") -> bool:
        return engine is not None and engine.capabilities.performance

    def _last(self, line: Line, natural: Take) -> Take:
        """The newest take of the line as it is now but for what is drawn: what is shown until it is made."""
        if self._base is not None and self._takes is not None and self._takes[0].id == natural.id:
            return self._base.take
        same = [
            take
            for take in self._tab.script.takes(line)
            if (take.text, take.voice, take.fitted, take.pronunciations, take.source)
            == (natural.text, natural.voice, natural.fitted, natural.pronunciations, natural.source)
        ]
        return same[-1] if same else natural

    def _read(self, natural: Take, base: Take) -> None:
        line, wanted = self._line, (natural, base)
        if line is None:
            return
        if self._takes == wanted and self._base is not None and self._base.take.id == base.id:
            self._show_takes(fresh=False)
            return
        fresh = self._takes is None or self._takes[0].line != natural.line
        self._takes = wanted
        language = self._session.project.voice_of(line).language or self._session.project.language

        def read() -> tuple[Heard | str, Heard | str]:
            first = self._reader.read(natural, line, language)
            return first, first if base.id == natural.id else self._reader.read(base, line, language)

        def arrived(found: tuple[Heard | str, Heard | str]) -> None:
            if self._takes == wanted:
                self._arrived(*found, fresh=fresh)

        self._background.run(read, arrived)

    def _arrived(self, natural: Heard | str, base: Heard | str, *, fresh: bool) -> None:
        if isinstance(natural, str):
            self._show_notice(natural)
            return
        fresh = fresh or self._natural is None or self._natural.take.line != natural.take.line or bool(self._why)
        self._natural = natural
        self._base = natural if isinstance(base, str) else base
        self._show_takes(fresh)

    def _show_takes(self, fresh: bool) -> None:
        if self._natural is None or self._base is None or self._line is None:
            return
        engine = self._tab.voices.engine(self._session.project.voice_of(self._line).voice)
        self.view.limits = (engine.capabilities.pitch if engine else None) or self.view.limits
        self.view.editable = not self._session.read_only
        drawn = placed_edits(self._natural.shape, self._line.performance)
        self._why = ""
        self._stack.setCurrentWidget(self._editor)
        self.view.show_takes(self._base, self._natural, drawn, fresh)
        if fresh:
            self.controls.natural.choose("edited")
        self.playing.set_takes(self._base, self._natural)
        self.controls.show_natural(self._natural.shape)
        self._show_state()

    def _show_notice(self, why: str) -> None:
        self._why = why
        sentence, button = words.reason(why, self._able_engines())
        if why == "made" and self.rendering.error is not None:
            sentence, button = str(self.rendering.error), words.reason("failed")[1]
        self.notice.sentence.setText(sentence)
        if self.notice.button is not None:
            self.notice.button.setText(button)
            self.notice.button.setVisible(bool(button) and not self._session.read_only)
        self._stack.setCurrentWidget(self.notice)

    def _able_engines(self) -> str:
        titles = [engine.title for engine in self._tab.voices.engines.values() if self._able(engine) and engine.models]
        return ", ".join(titles)

    # What the user does

    def _edit(self, drawn: dict[int, Voicing], kind: str) -> None:
        line, natural = self._line, self._natural
        if line is None or natural is None:
            return
        texts = {word.index: word.text for word in natural.shape.words}
        performance = [WordPerformance(index, texts[index], edit) for index, edit in drawn.items() if index in texts]
        chosen = "-".join(str(index) for index in sorted(self.view.selected))
        self._tab.edit(
            words.step(kind),
            lambda project: edits.set_performance(project, line.id, performance),
            f"performance {line.id} {kind} {chosen} {self.view.gesture}",
        )
        if self._session.project.line(line.id).performance == line.performance:  # it could not be changed
            self.view.show_edits(placed_edits(natural.shape, line.performance))

    @property
    def stale(self) -> bool:
        """What is drawn is not made yet."""
        return self._line is not None and self._tab.script.current(self._line) is None

    def _make_soon(self) -> None:
        """After a short rest, unless that is switched off."""
        line = self._line
        if line is None or not self.controls.automatic.isChecked() or self._session.read_only:
            self.rendering.stop()
            return
        engine = self._tab.voices.engine(self._session.project.voice_of(line).voice)
        instant = engine is not None and engine.capabilities.instant
        self.rendering.soon(self._wanted(line), REST_INSTANT if instant else REST)

    def _make(self, again: bool = False) -> None:
        """Now. `again`: though there are takes."""
        if self._line is not None and not self._session.read_only and not self.rendering.running:
            self.rendering.start(self._wanted(self._line, again), again=again)

    def _wanted(self, line: Line, again: bool = False) -> list[Line]:
        """The line as it sounds by itself, where that is not there, and as it is drawn."""
        script = self._tab.script
        known = natural_take(self._session.project, line, script.takes(line), script.pronouncing)
        return [*([bare(line)] if known is None or again else []), *([line] if line.performance else [])]

    def _act(self) -> None:
        """The notice's button."""
        if self._why == "models" and self._line is not None:
            self._tab.own.require([self._session.project.voice_of(self._line).voice])
            return
        if self._why == "recorded":
            self._tab.deck.go("takes")
            return
        self._make(again=self._why in ("bare", "gone"))
        self._show_notice("made")

    def _play(self) -> None:
        """What is drawn; it is made first where it is not."""
        self._tab.previews.stop()
        if self.stale and not self.view.comparing and not self.playing.on:
            self.playing.when_made()
            if not self.rendering.running:
                self._make()
        else:
            self.playing.toggle()

    def _compare(self, which: str) -> None:
        self.view.compare(which == "natural")
        self.playing.change_over()

    def _fit(self, seconds: float) -> None:
        natural = self._natural
        if natural is None:
            return
        fitting = fitted(natural.timed, natural.take.samples, RATE, seconds, pauses=natural.pauses)
        places = {word.source_start: voicing for word, voicing in zip(natural.timed, fitting.voicings, strict=True)}
        self.view.fit_to({word.index: places[word.source_start] for word in natural.shape.words})
        self.controls.show_fit(fitting)

    def _set_automatic(self, on: bool) -> None:
        try:
            self._tab.desk.settings[_AUTOMATIC] = on
        except StudioError as error:
            self._tab.desk.messages.error(error)
        if on and self.stale:
            self._make_soon()
        elif not on:
            self.rendering.stop()
        self._show_state()

    def _show_state(self) -> None:
        error = self.rendering.error
        if self._why and self._why != "made":
            return
        if self._why == "made" and error is not None:
            self._show_notice("made")
        stale = self.stale
        self.controls.show_state(
            self.rendering.running, self.rendering.waiting, self.rendering.progress.fraction, stale, error
        )
        if stale and not self.rendering.running and not self.rendering.waiting:
            self.playing.forget_wish()

    def _lay_out(self) -> None:
        self._editor = QWidget(self)
        column = QVBoxLayout(self._editor)
        column.setContentsMargins(2 * GRID, GRID, 2 * GRID, HALF)
        column.setSpacing(HALF)
        column.addWidget(self.controls.bar)
        column.addWidget(self.view, 1)
        column.addLayout(self.controls.foot)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.notice)
        self._stack.addWidget(self._editor)

    def _connect(self) -> None:
        self.notice.acted.connect(self._act)
        self.view.edited.connect(self._edit)
        self.view.play_wanted.connect(self._play)
        self.view.sought.connect(self.playing.seek)
        self.view.compare_wanted.connect(self.controls.toggle_natural)
        self.controls.natural.changed.connect(self._compare)
        self.controls.play.clicked.connect(self._play)
        self.controls.make.clicked.connect(lambda: self._make())
        self.controls.automatic.toggled.connect(self._set_automatic)
        self.controls.fit_wanted.connect(self._fit)
        self.rendering.changed.connect(self._show_state, Qt.ConnectionType.QueuedConnection)
        self.playing.changed.connect(lambda: self.controls.show_playing(self.playing.on))
        self._tab.fetching.fetched.connect(self._refresh)
