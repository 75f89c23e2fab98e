"""Music that steps back under speech, with one click: listened to, drawn as automation, changed and taken away."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, JobState, Outcome
from audiostudio.sound.effects.kinds import Setting, Unit
from audiostudio.timeline.editing import mixing
from audiostudio.timeline.time import seconds
from audiostudio.timeline.tracks import Content, Parameter, Point, Range, Track
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.theme import HALF
from audiostudio.ui.timeline.effects_panel_slider import SettingSlider
from audiostudio.ui.timeline.inspector_fields import Section
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import Button

_DEPTH = Setting("depth", "Depth", Unit.DB, 1.0, 40.0, 12.0, 0.5)
_ATTACK = Setting("attack", "Attack", Unit.SECONDS, 0.02, 3.0, 0.25, 0.01)
_RELEASE = Setting("release", "Release", Unit.SECONDS, 0.05, 5.0, 0.8, 0.01)


class DuckingSection(Section):
    """Of one track."""

    listened = Signal()
    """The speech was listened to, or could not be."""

    def __init__(self, work: TimelineWork, parent: QWidget) -> None:
        super().__init__("", parent)
        self._work = work
        self._track: Track | None = None
        self._drawn: tuple[tuple[Point, ...], Sequence[Range]] = ((), ())
        """What was drawn here last, and the speech that it was drawn from: long times join passages, and shorter ones
        are to find them again."""
        self._clerk = Clerk(self)
        self._clerk.failed.connect(self._refused)
        title = QLabel(self.tr("Ducking"), self)
        title.setProperty("role", "section")
        self.go = Button(self.tr("Duck under speech"), "secondary", "arrow-down-to-line", self, small=True)
        self.gone = Button(self.tr("Take away"), "ghost", "x", self, small=True)
        self.words = QLabel(self)
        self.words.setProperty("role", "small")
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.sliders = {
            "depth": SettingSlider(_DEPTH, self.tr("Depth"), self),
            "attack": SettingSlider(_ATTACK, self.tr("Attack: down before speech"), self),
            "release": SettingSlider(_RELEASE, self.tr("Release: back after it"), self),
        }
        self._settings = QWidget(self)
        inner = QVBoxLayout(self._settings)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(2)
        for slider in self.sliders.values():
            inner.addWidget(slider)
            slider.slid.connect(lambda _value, key: self._redraw(key))
        buttons = QHBoxLayout()
        buttons.setSpacing(HALF)
        buttons.addWidget(self.go)
        buttons.addWidget(self.gone)
        buttons.addStretch(1)
        self.column.addWidget(title)
        self.column.addWidget(self.words)
        self.column.addLayout(buttons)
        self.column.addWidget(self._settings)
        self.go.clicked.connect(self.duck)
        self.gone.clicked.connect(self.take_away)

    def show_track(self, track: Track) -> None:
        self._track = track
        points = track.channel.automated(Parameter.DUCKING)
        names = [one.name for one in self._speech()]
        self.setVisible(track.content != Content.SPEECH and bool(names or points))
        under = self.tr("Steps back where {tracks} is heard.").replace("{tracks}", ", ".join(names))
        self.words.setText(under)
        self.go.setText(self.tr("Listen again") if points else self.tr("Duck under speech"))
        self.go.set_icon("refresh-cw" if points else "arrow-down-to-line")
        self.go.setEnabled(bool(names) and not track.locked)
        self.gone.setVisible(bool(points))
        self._settings.setVisible(bool(points))
        if points:
            self._show_settings(points)

    def duck(self) -> None:
        """Listen to the speech, then draw."""
        track, work = self._track, self._work
        if track is None:
            return
        request = {
            "project": str(work.session.path),
            "timeline": work.document.id,
            "tracks": [one.id for one in self._speech()],
        }
        self.go.set_busy(True)

        def submit(_flushed: object) -> None:
            job = Job("timeline.speech", request, self.tr("Listen for speech"))
            try:
                work.desk.jobs.submit(job, lambda outcome: self._listened(track.id, outcome))
            except StudioError as error:
                self._refused(error)

        self._clerk.ask(work.session.flush, submit)

    def take_away(self) -> None:
        if self._track is not None:
            self._draw(self._track.id, (), self.tr("Take the ducking away"))

    def close(self) -> bool:
        self._clerk.close()
        return super().close()

    def _speech(self) -> list[Track]:
        own = None if self._track is None else self._track.id
        return [
            track
            for track in self._work.document.tracks
            if track.content == Content.SPEECH and track.id != own and track.clips and not track.muted
        ]

    def _listened(self, track_id: str, outcome: Outcome) -> None:
        self.go.set_busy(False)
        if outcome.state is JobState.DONE and outcome.result is not None:
            ranges = [Range(first, last) for first, last in outcome.result["ranges"]]
            if ranges:
                self._draw_under(ranges, track_id, self.tr("Duck under speech"))
                self._work.show_lane(track_id, Parameter.DUCKING)
            else:
                self._work.desk.messages.say(self.tr("Nobody speaks on the speech tracks."))
        self.listened.emit()

    def _refused(self, error: StudioError) -> None:
        self.go.set_busy(False)
        self._work.desk.messages.error(error)
        self.listened.emit()

    def _redraw(self, key: str) -> None:
        """The same passages with other settings."""
        if self._track is not None:
            points = self._track.channel.automated(Parameter.DUCKING)
            ranges = self._drawn[1] if points == self._drawn[0] else passages(points)
            self._draw_under(ranges, self._track.id, self.tr("Set the ducking"), f"ducking.{key}")

    def _draw_under(self, ranges: Sequence[Range], track_id: str, label: str, merge: str | None = None) -> None:
        points = self._curve(ranges)
        self._drawn = points, ranges
        self._draw(track_id, points, label, merge)

    def _curve(self, ranges: Sequence[Range]) -> tuple[Point, ...]:
        from audiostudio.render.ducking import Ducking, curve

        values = {name: slider.value for name, slider in self.sliders.items()}
        return curve(ranges, Ducking(values["depth"], values["attack"], values["release"]))

    def _draw(self, track_id: str, points: tuple[Point, ...], label: str, merge: str | None = None) -> None:
        self._work.edit(label, lambda p, t: mixing.set_automation(p, t, track_id, Parameter.DUCKING, points), merge)

    def _show_settings(self, points: Sequence[Point]) -> None:
        """As far as they can be read off what is drawn."""
        depth = -min(point.value for point in points)
        self.sliders["depth"].show_value(depth)
        falls = [b.at - a.at for a, b in pairwise(points) if a.value > b.value]
        rises = [b.at - a.at for a, b in pairwise(points) if a.value < b.value]
        if falls:
            self.sliders["attack"].show_value(round(seconds(falls[0]), 2))
        if rises:
            self.sliders["release"].show_value(round(seconds(rises[0]), 2))


def passages(points: Sequence[Point]) -> list[Range]:
    """Where a drawn ducking is all the way down."""
    if not points:
        return []
    lowest = min(point.value for point in points)
    return [Range(left.at, right.at) for left, right in pairwise(points) if left.value == right.value == lowest]
