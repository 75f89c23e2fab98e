"""The inspector's pages of a track and of the master."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout, QWidget

from audiostudio.sound.effects.kinds import Place
from audiostudio.timeline.editing import arranging, mixing
from audiostudio.timeline.tracks import Parameter, Track
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.timeline.effects_panel import EffectsPanel
from audiostudio.ui.timeline.effects_panel_slider import SettingSlider
from audiostudio.ui.timeline.headers_menu import contents
from audiostudio.ui.timeline.inspector_automation import AutomationCurve
from audiostudio.ui.timeline.inspector_ducking import DuckingSection
from audiostudio.ui.timeline.inspector_fields import PAN, TRACK_GAIN, ColourBox, Section
from audiostudio.ui.timeline.motions import motion_of, motions
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import Button, ChoiceBox, Form, SegmentedControl, Separator

TARGETS = {"off": None, "-14": -14.0, "-16": -16.0, "-23": -23.0}


class AutomationSection(Section):
    """One parameter drawn over the timeline; folded away until it is wanted."""

    def __init__(self, work: TimelineWork, parameter: str, label: str, parent: QWidget) -> None:
        super().__init__("", parent)
        self._work, self._parameter = work, parameter
        self._owner: str | None = None
        self._label = label
        self.show_button = Button(label, "ghost", "chevron-right", self, small=True)
        self.show_button.setCheckable(True)
        self.curve = AutomationCurve(label, self)
        self.clear = Button(self.tr("Take away"), "ghost", "x", self, small=True)
        self.column.setSpacing(HALF)
        self.column.addWidget(self.show_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self.curve)
        self.column.addWidget(self.clear, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_button.toggled.connect(self._fold)
        self.curve.drawn.connect(self._drawn)
        self.clear.clicked.connect(lambda: self._drawn((), ""))
        work.playhead_moved.connect(self._show_playhead)
        self._fold(False)

    def show_owner(self, owner: str | None) -> None:
        """A track, by its id, or the master."""
        timeline = self._work.timeline
        channel = timeline.master if owner is None else timeline.track(owner).channel
        points = channel.automated(self._parameter)
        motion = motion_of(channel, self._parameter, master=owner is None)
        if owner != self._owner:
            self.show_button.setChecked(bool(points))
        self._owner = owner
        if motion is not None:
            self.curve.show_points(motion, points)
        self.clear.setVisible(bool(points) and self.show_button.isChecked())

    def _drawn(self, points: object, key: str) -> None:
        owner = self._owner
        self._work.edit(
            self._label,
            lambda p, t: mixing.set_automation(p, t, owner, self._parameter, points),  # type: ignore[arg-type]
            f"automation.{owner}.{key}" if key else None,
        )

    def _fold(self, shown: bool) -> None:
        self.show_button.set_icon("chevron-down" if shown else "chevron-right")
        self.curve.setVisible(shown)
        self.clear.setVisible(shown and bool(self._points()))

    def _points(self) -> object:
        tracks = self._work.timeline.tracks
        if self._owner is None:
            return self._work.timeline.master.automated(self._parameter)
        return next((t.channel.automated(self._parameter) for t in tracks if t.id == self._owner), ())

    def _show_playhead(self) -> None:
        if self.curve.isVisible():
            self.curve.show_playhead(self._work.playhead)


class AutomationList(QWidget):
    """What of a track, or of the master, moves or may: gain and pan, and settings of effects that move or are to."""

    def __init__(self, work: TimelineWork, usual: Mapping[str, str], parent: QWidget) -> None:
        """`usual`: words for the parameters that are always there."""
        super().__init__(parent)
        self._work, self._usual = work, frozenset(usual)
        self.sections: dict[str, AutomationSection] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(HALF)
        for parameter, label in usual.items():
            self._add(parameter, label)

    def show_owner(self, owner: str | None) -> None:
        timeline = self._work.timeline
        channel = timeline.master if owner is None else timeline.track(owner).channel
        effects = {
            one.parameter: one.label
            for one in motions(channel, master=owner is None)
            if "/" in one.parameter
            and (channel.automated(one.parameter) or self._work.shows_lane(owner or "", one.parameter))
        }
        for parameter, label in effects.items():
            if parameter not in self.sections:
                section = self._add(parameter, label)
                section.show_owner(owner)
                section.show_button.setChecked(True)
        for parameter, section in self.sections.items():
            wanted = parameter in effects or parameter in self._usual
            section.setVisible(wanted)
            if wanted:
                section.show_owner(owner)

    def _add(self, parameter: str, label: str) -> AutomationSection:
        section = self.sections[parameter] = AutomationSection(self._work, parameter, label, self)
        self._column.addWidget(section)
        return section


class TrackPage(QWidget):
    def __init__(self, work: TimelineWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._track: Track | None = None
        self.name = QLineEdit(self)
        self.name.setAccessibleName(self.tr("Name of the track"))
        self.content = ChoiceBox(self.tr("Content"), self)
        for content, label in contents().items():
            self.content.addItem(label, str(content))
        self.colour = ColourBox(self.tr("Colour"), self.tr("As its content"), self)
        self.gain = SettingSlider(TRACK_GAIN, self.tr("Gain"), self)
        self.pan = SettingSlider(PAN, self.tr("Pan"), self)
        self.ducking = DuckingSection(work, self)
        self.effects = EffectsPanel(work, Place.TRACK, self)
        usual: dict[str, str] = {Parameter.GAIN: self.tr("Gain over time"), Parameter.PAN: self.tr("Pan over time")}
        self._curves = AutomationList(work, usual, self)
        self.automation = self._curves.sections
        self._lay_out()
        self._connect()

    def show_track(self, track: Track) -> None:
        self._track = track
        if not self.name.hasFocus():
            self.name.setText(track.name)
        self.content.setCurrentIndex(max(0, self.content.findData(str(track.content))))
        self.colour.show_colour(track.colour)
        self.gain.show_value(track.channel.gain)
        self.pan.show_value(round(100 * track.channel.pan))
        self.ducking.show_track(track)
        self.effects.show_chain(track.id, track.channel.effects)
        self._curves.show_owner(track.id)
        self._curves.setEnabled(not track.locked)

    def _rename(self) -> None:
        name = " ".join(self.name.text().split())
        track = self._track
        if track is not None and name and name != track.name:
            self._work.edit(self.tr("Rename a track"), lambda p, t: arranging.rename_track(p, t, track.id, name))

    def _id(self) -> str:
        assert self._track is not None
        return self._track.id

    def _connect(self) -> None:
        edit = self._work.edit
        self.name.editingFinished.connect(self._rename)
        self.content.activated.connect(
            lambda _index: edit(
                self.tr("Content of a track"),
                lambda p, t: arranging.set_content(p, t, self._id(), self.content.currentData()),
            )
        )
        self.colour.picked.connect(
            lambda name: edit(self.tr("Colour of a track"), lambda p, t: arranging.colour_track(p, t, self._id(), name))
        )
        self.gain.slid.connect(
            lambda gain, key: edit(
                self.tr("Gain of a track"),
                lambda p, t: mixing.set_channel(p, t, self._id(), gain=gain),
                f"track.gain.{key}",
            )
        )
        self.pan.slid.connect(
            lambda pan, key: edit(
                self.tr("Pan of a track"),
                lambda p, t: mixing.set_channel(p, t, self._id(), pan=pan / 100),
                f"track.pan.{key}",
            )
        )

    def _lay_out(self) -> None:
        facts = Form("secondary")
        facts.setHorizontalSpacing(GRID)
        facts.setVerticalSpacing(GRID - 2)
        rows: tuple[tuple[str, QWidget], ...] = (
            (self.tr("Name"), self.name),
            (self.tr("Content"), self.content),
            (self.tr("Colour"), self.colour),
        )
        for label, widget in rows:
            facts.row(label, widget)
        sound = Section(self.tr("Channel"), self)
        sound.add(self.gain, self.pan)
        moving = Section(self.tr("Automation"), self)
        moving.add(self._curves)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        column.addLayout(facts)
        for widget in (Separator(parent=self), sound, self.ducking, Separator(parent=self), self.effects):
            column.addWidget(widget)
        column.addWidget(Separator(parent=self))
        column.addWidget(moving)
        column.addStretch(1)


class MasterPage(QWidget):
    def __init__(self, work: TimelineWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self.gain = SettingSlider(TRACK_GAIN, self.tr("Gain"), self)
        words = {"off": self.tr("Off"), "-14": "−14", "-16": "−16", "-23": "−23"}
        self.loudness = SegmentedControl(words.items(), self, self.tr("Loudness of the mix"))
        self.about = QLabel(self)
        self.about.setProperty("role", "small")
        self.about.setWordWrap(True)
        self.effects = EffectsPanel(work, Place.MASTER, self)
        self._curves = AutomationList(work, {Parameter.GAIN: self.tr("Gain over time")}, self)
        self.automation = self._curves.sections
        sound = Section(self.tr("Channel"), self)
        sound.add(self.gain)
        loudness = Section(self.tr("Loudness of the mix (LUFS)"), self)
        loudness.add(self.loudness, self.about)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2 * GRID)
        for widget in (sound, Separator(parent=self), loudness, Separator(parent=self), self.effects):
            column.addWidget(widget)
        column.addWidget(Separator(parent=self))
        column.addWidget(self._curves)
        column.addStretch(1)
        self.gain.slid.connect(
            lambda gain, key: work.edit(
                self.tr("Gain of the mix"), lambda p, t: mixing.set_channel(p, t, None, gain=gain), f"mix.gain.{key}"
            )
        )
        self.loudness.changed.connect(self._choose)

    def show_master(self) -> None:
        timeline = self._work.timeline
        self.gain.show_value(timeline.master.gain)
        key = next((key for key, lufs in TARGETS.items() if lufs == timeline.loudness), None)
        if key is not None:
            self.loudness.blockSignals(True)
            self.loudness.choose(key)
            self.loudness.blockSignals(False)
        words = {
            "off": self.tr("The mix is written as it is."),
            "-14": self.tr("−14 LUFS: streaming and the web. True peaks stay below −1 dB."),
            "-16": self.tr("−16 LUFS: podcasts. True peaks stay below −1 dB."),
            "-23": self.tr("−23 LUFS: television (EBU R 128). True peaks stay below −1 dB."),
        }
        own = f"{timeline.loudness or 0:g} LUFS".replace("-", "−")
        self.about.setText(words.get(key or "", own))
        self.effects.show_chain(None, timeline.master.effects)
        self._curves.show_owner(None)

    def _choose(self, key: str) -> None:
        lufs = TARGETS[key]
        self._work.edit(self.tr("Loudness of the mix"), lambda p, t: arranging.set_loudness(p, t, lufs))
