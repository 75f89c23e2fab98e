"""The inspector's page of one clip, or of several."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from audiostudio.sound.effects.kinds import Place
from audiostudio.timeline.editing import arranging, fading, mixing, placing, stretching, trimming
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.time import TICKS, seconds, ticks
from audiostudio.timeline.tracks import Clip, Fade
from audiostudio.ui.theme import GRID, HALF
from audiostudio.ui.timeline.divisions import clock
from audiostudio.ui.timeline.effects_panel import EffectsPanel
from audiostudio.ui.timeline.effects_panel_slider import SettingSlider
from audiostudio.ui.timeline.inspector_fields import (
    CLIP_GAIN,
    FADE,
    PITCH,
    SPEED,
    ColourBox,
    Section,
    ShapeBox,
    TimeField,
)
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import Button, Form, Separator

Change = Callable[[Project, str], Project]


class ClipPage(QWidget):
    def __init__(self, work: TimelineWork, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._work = work
        self._clips: Sequence[Clip] = ()
        self.name = QLineEdit(self)
        self.name.setAccessibleName(self.tr("Name of the clip"))
        self.start = TimeField(self.tr("Start"), self)
        self.duration = TimeField(self.tr("Length"), self)
        self.source = QLabel(self)
        self.source.setProperty("role", "secondary")
        self.source.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.colour = ColourBox(self.tr("Colour"), self.tr("As its track"), self)
        self.muted = QCheckBox(self.tr("Muted"), self)
        self.group = Button("", "secondary", "link-2", self, small=True)
        self.gain = SettingSlider(CLIP_GAIN, self.tr("Gain"), self)
        self.speed = SettingSlider(SPEED, self.tr("Speed"), self)
        self.speed.slider.origin = self.speed.slider.value()
        self.pitch = SettingSlider(PITCH, self.tr("Pitch"), self)
        self.fades = {side: SettingSlider(FADE, label, self) for side, label in self._sides().items()}
        self.shapes = {side: ShapeBox(label, self) for side, label in self._sides().items()}
        self.effects = EffectsPanel(work, Place.CLIP, self)
        self._lay_out()
        self._connect()

    def show_clips(self, clips: Sequence[Clip]) -> None:
        """At least one. What only one has is hidden for several."""
        self._clips = clips
        first, alone = clips[0], len(clips) == 1
        media = self._media(first)
        name = media.name if media is not None else ""
        if not self.name.hasFocus():
            self.name.setText(first.name or name)
            self.name.setCursorPosition(0)
        for widget in (self.name, self.start, self.duration, self.source):
            self._facts.setRowVisible(widget, alone)
        self.start.show_time(first.start)
        self.duration.show_time(first.duration)
        self.source.setText(self._source_range(first, media))
        self.colour.show_colour(first.colour)
        self.muted.setChecked(all(clip.muted for clip in clips))
        grouped = any(clip.group is not None for clip in clips)
        self.group.setText(self.tr("Ungroup") if grouped else self.tr("Group"))
        self.group.setVisible(grouped or not alone)
        self.gain.show_value(first.gain)
        self.pitch.show_value(first.pitch)
        if media is not None and media.sample_rate:
            self.speed.show_value(round(100 * float(first.speed(media.sample_rate)), 2))
        for side, fade in (("in", first.fade_in), ("out", first.fade_out)):
            self.fades[side].show_value(round(seconds(fade.length), 3))
            self.shapes[side].show_shape(fade.shape)
        self.effects.setVisible(alone)
        self._line.setVisible(alone)
        if alone:
            self.effects.show_chain(first.id, first.effects)
        self.setEnabled(not self._locked())

    # What the user does

    def _rename(self) -> None:
        clip = self._clips[0]
        media = self._media(clip)
        name = " ".join(self.name.text().split())
        if name == (media.name if media is not None else ""):
            name = ""
        if len(self._clips) == 1 and name != clip.name:
            self._edit(self.tr("Rename a clip"), lambda p, t: arranging.rename_clip(p, t, clip.id, name))

    def _start(self, at: int) -> None:
        clip = self._clips[0]
        self._edit(self.tr("Move a clip"), lambda p, t: placing.move(p, t, [clip.id], at - clip.start))

    def _length(self, duration: int) -> None:
        clip, ripple = self._clips[0], self._work.rippling
        self._edit(
            self.tr("Trim a clip"),
            lambda p, t: trimming.trim(p, t, [clip.id], trimming.Edge.END, duration - clip.duration, ripple=ripple),
        )

    def _fade(self, side: str, merge: str | None) -> None:
        fade = Fade(ticks(self.fades[side].value), self.shapes[side].currentData())
        into, out = (fade, None) if side == "in" else (None, fade)
        label = self.tr("Fade in") if side == "in" else self.tr("Fade out")
        self._edit(label, lambda p, t: fading.set_fades(p, t, self._ids, fade_in=into, fade_out=out), merge)

    def _group(self) -> None:
        if any(clip.group is not None for clip in self._clips):
            self._edit(self.tr("Ungroup"), lambda p, t: arranging.ungroup(p, t, self._ids))
        else:
            self._edit(self.tr("Group"), lambda p, t: arranging.group(p, t, self._ids))

    def _edit(self, label: str, change: Change, merge: str | None = None) -> None:
        if not self._work.edit(label, change, merge) and self._clips:
            self.show_clips(self._clips)

    @property
    def _ids(self) -> list[str]:
        return [clip.id for clip in self._clips]

    def _media(self, clip: Clip) -> Media | None:
        return next((media for media in self._work.project.media if media.id == clip.media), None)

    def _locked(self) -> bool:
        chosen = set(self._ids)
        return any(
            track.locked for track in self._work.document.tracks if any(clip.id in chosen for clip in track.clips)
        )

    def _source_range(self, clip: Clip, media: Media | None) -> str:
        if media is None or not media.sample_rate:
            return "–"
        first, last = (
            at * TICKS // media.sample_rate for at in (clip.source_start, clip.source_start + clip.source_length)
        )
        whole = media.samples * TICKS // media.sample_rate
        words = self.tr("{first} – {last} of {whole}")
        for key, at in (("first", first), ("last", last), ("whole", whole)):
            words = words.replace(f"{{{key}}}", clock(at, TICKS // 100))
        return words

    def _sides(self) -> dict[str, str]:
        return {"in": self.tr("Fade in"), "out": self.tr("Fade out")}

    # Building

    def _connect(self) -> None:
        self.name.editingFinished.connect(self._rename)
        self.start.chosen.connect(self._start)
        self.duration.chosen.connect(self._length)
        self.colour.picked.connect(
            lambda name: self._edit(
                self.tr("Colour of clips"), lambda p, t: arranging.colour_clips(p, t, self._ids, name)
            )
        )
        self.muted.clicked.connect(
            lambda on: self._edit(
                self.tr("Mute") if on else self.tr("Unmute"), lambda p, t: mixing.set_muted(p, t, self._ids, on)
            )
        )
        self.group.clicked.connect(self._group)
        self.gain.slid.connect(
            lambda gain, key: self._edit(
                self.tr("Gain of clips"), lambda p, t: mixing.set_gain(p, t, self._ids, gain), f"clip.gain.{key}"
            )
        )
        self.speed.slid.connect(
            lambda percent, key: self._edit(
                self.tr("Speed of clips"),
                lambda p, t: stretching.set_speed(p, t, self._ids, percent / 100, ripple=self._work.rippling),
                f"clip.speed.{key}",
            )
        )
        self.pitch.slid.connect(
            lambda semitones, key: self._edit(
                self.tr("Pitch of clips"),
                lambda p, t: stretching.set_pitch(p, t, self._ids, semitones),
                f"clip.pitch.{key}",
            )
        )
        for side in self.fades:
            self.fades[side].slid.connect(lambda _value, key, side=side: self._fade(side, f"clip.fade.{side}.{key}"))
            self.shapes[side].picked.connect(lambda _shape, side=side: self._fade(side, None))

    def _lay_out(self) -> None:
        self._facts = Form("secondary")
        self._facts.setHorizontalSpacing(GRID)
        self._facts.setVerticalSpacing(GRID - 2)
        rows: tuple[tuple[str, QWidget], ...] = (
            (self.tr("Name"), self.name),
            (self.tr("Start"), self.start),
            (self.tr("Length"), self.duration),
            (self.tr("Source"), self.source),
            (self.tr("Colour"), self.colour),
        )
        for label, widget in rows:
            self._facts.row(label, widget)
        switches = QHBoxLayout()
        switches.addWidget(self.muted)
        switches.addStretch(1)
        switches.addWidget(self.group)
        sound = Section(self.tr("Sound"), self)
        sound.add(self.gain, self.speed, self.pitch)
        fades = Section(self.tr("Fades"), self)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(HALF)
        for row, side in enumerate(self.fades):
            self.shapes[side].setFixedWidth(112)
            grid.addWidget(self.fades[side], row, 0)
            grid.addWidget(self.shapes[side], row, 1, Qt.AlignmentFlag.AlignBottom)
        fades.column.addLayout(grid)
        self._line = Separator(parent=self)
        section = Section("", self)
        section.column.setSpacing(2 * GRID)
        section.column.addLayout(self._facts)
        section.column.addLayout(switches)
        section.add(Separator(parent=self), sound, Separator(parent=self), fades, self._line, self.effects)
        section.column.addStretch(1)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(section)
