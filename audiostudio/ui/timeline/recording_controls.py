"""The button that records, with the level of what is said, and how it is recorded behind it."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QInputDialog, QToolButton, QWidget

from audiostudio.ui.theme import HALF, font, tokens
from audiostudio.ui.timeline.meters import Level, Meter, MeterFeed
from audiostudio.ui.timeline.recording import Recording, RecordingSettings, State
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import IconButton, Menu

_PLATE = 72
"""Pixels."""
_COUNTS = ((0.0, 0), (3.0, 0), (5.0, 0), (0.0, 1), (0.0, 2))
"""Seconds and bars of the count-in."""


class Count(QWidget):
    """The number that is counted in, large over the tracks."""

    def __init__(self, recording: Recording, parent: QWidget) -> None:
        super().__init__(parent)
        self.number = 0
        self.setFixedSize(_PLATE, _PLATE)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        recording.counted.connect(self._show)

    def _show(self, number: int) -> None:
        if number != self.number:
            self.number = number
            self.setAccessibleName(str(number))
            self.setVisible(number > 0)
            self.move((self.parentWidget().width() - _PLATE) // 2, (self.parentWidget().height() - _PLATE) // 2)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), tokens()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.colour("tooltip"))
        painter.drawRoundedRect(self.rect(), 12, 12)
        painter.setPen(colours.colour("on_tooltip"))
        painter.setFont(font("display", font().Weight.Bold, tabular=True))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self.number))


class RecordingControls(QWidget):
    def __init__(self, recording: Recording, work: TimelineWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recording, self._work = recording, work
        self._peak = 0.0
        self._devices: tuple[str, ...] = ()
        self.record = IconButton("circle:solid", work.desk.commands.hint("timeline.record"), self, checkable=True)
        self.record.clicked.connect(lambda: work.desk.commands.run("timeline.record"))
        self.meter = Meter(self.tr("Level of the microphone"), 10, self)
        self.meter.setFixedHeight(28)
        self.meter.hide()
        self.more = IconButton("chevron-down", self.tr("How it is recorded"), self, size=24, icon_size=12)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = Menu(self)
        self.menu.aboutToShow.connect(self._fill)
        self.more.setMenu(self.menu)
        self._feed = MeterFeed(lambda: self.meter.at_rest, self)
        self._feed.looked.connect(lambda levels: self.meter.look(levels.get("", Level(0.0, 0.0))))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(HALF)
        for widget in (self.record, self.meter, self.more):
            row.addWidget(widget)
        recording.level.connect(self._heard)
        recording.devices.connect(self._know_devices)
        recording.changed.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """What the recording does became another."""
        on = self._recording.state is not State.OFF
        self.record.setChecked(on)
        self.record.set_icon("square:solid" if on else "circle:solid", "error")
        self.meter.setVisible(on)
        if on:
            self._feed.start(self._level)
        else:
            self._feed.stop()

    def show_key(self) -> None:
        """The tooltip, with the key as it is now."""
        self.record.set_label(self._work.desk.commands.hint("timeline.record"))

    def _heard(self, peak: float) -> None:
        self._peak = max(self._peak, peak)

    def _level(self) -> dict[str, Level]:
        peak, self._peak = self._peak, 0.0
        return {"": Level(peak, peak)}

    def _know_devices(self, names: tuple[str, ...]) -> None:
        self._devices = tuple(names)

    # How it is recorded

    def _fill(self) -> None:
        self.menu.clear()
        settings = self._recording.settings
        counts = self.menu.addMenu(self.tr("Count in"))
        for seconds, bars in _COUNTS:
            chosen = (settings.seconds if not settings.bars else 0.0, settings.bars) == (seconds, bars)
            self._choice(
                counts, self._count_words(seconds, bars), chosen, replace(settings, seconds=seconds, bars=bars)
            )
        tempo = self.tr("Tempo of the bars: {tempo} a minute…").replace("{tempo}", f"{settings.tempo:g}")
        self.menu.addAction(tempo, self._ask_tempo)
        self.menu.addSeparator()
        punch = self.menu.addAction(self.tr("Only between the in and the out point"))
        punch.setCheckable(True)
        punch.setChecked(settings.punch)
        punch.toggled.connect(lambda on: self._recording.set_settings(replace(settings, punch=on)))
        self.menu.addSeparator()
        microphones = self.menu.addMenu(self.tr("Microphone"))
        self._choice(microphones, self.tr("The system's usual one"), not settings.device, replace(settings, device=""))
        for name in dict.fromkeys((*self._devices, *filter(None, (settings.device,)))):
            self._choice(microphones, name, settings.device == name, replace(settings, device=name))
        latency = self.tr("Earlier by {latency} ms…").replace("{latency}", f"{settings.latency:g}")
        self.menu.addAction(latency, self._ask_latency)

    def _choice(self, menu: Menu, words: str, chosen: bool, settings: RecordingSettings) -> None:
        action = menu.addAction(words)
        action.setCheckable(True)
        action.setChecked(chosen)
        action.triggered.connect(partial(self._set, settings))

    def _set(self, settings: RecordingSettings, _checked: bool = False) -> None:
        self._recording.set_settings(settings)

    def _count_words(self, seconds: float, bars: int) -> str:
        if bars:
            return self.tr("One bar") if bars == 1 else self.tr("Two bars")
        return self.tr("{seconds} seconds").replace("{seconds}", f"{seconds:g}") if seconds else self.tr("Not")

    def _ask_tempo(self) -> None:
        settings = self._recording.settings
        self._ask(
            self.tr("Tempo"),
            self.tr("Beats a minute"),
            settings.tempo,
            (20.0, 400.0, 1),
            lambda tempo: replace(settings, tempo=tempo),
        )

    def _ask_latency(self) -> None:
        settings = self._recording.settings
        self._ask(
            self.tr("Latency"),
            self.tr("Recordings are moved earlier by so many milliseconds, besides what the devices tell:"),
            settings.latency,
            (-1000.0, 1000.0, 1),
            lambda latency: replace(settings, latency=latency),
        )

    def _ask(
        self,
        title: str,
        words: str,
        value: float,
        limits: tuple[float, float, int],
        made: Callable[[float], RecordingSettings],
    ) -> None:
        found, good = QInputDialog.getDouble(self.window(), title, words, value, *limits)
        if good:
            self._recording.set_settings(made(found))
