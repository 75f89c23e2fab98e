"""What the timeline's panel works on: one timeline of the open project, a selection, a playhead. Gestures, keys, menus
and headers all edit through here."""

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from audiostudio.errors import StudioError
from audiostudio.timeline.editing import arranging, placing
from audiostudio.timeline.project import Project
from audiostudio.timeline.tracks import Clip, Parameter, Timeline, Track
from audiostudio.ui.desk import Desk, OpenProject
from audiostudio.ui.timeline.motions import motions
from audiostudio.ui.timeline.rows import LEAST, MOST, USUAL

EMPTY = Timeline("", "")


class Transport(Protocol):
    """Plays the timeline."""

    @property
    def playing(self) -> bool: ...

    @property
    def looping(self) -> bool:
        """Whether the range is played over and over."""
        ...

    def toggle(self) -> None:
        """Play from the playhead, or stop there."""
        ...

    def shuttle(self, direction: int) -> None:
        """1: forwards, -1: backwards, each again: faster; 0: stand still."""
        ...


class TimelineWork(QObject):
    """For the window's thread."""

    changed = Signal()
    """The timeline became another."""
    selection_changed = Signal()
    playhead_moved = Signal()
    settings_changed = Signal()
    """Snapping, rippling, crossfading, or the tool."""
    transport_changed = Signal()
    """It plays, or does no more."""
    heights_changed = Signal()
    lanes_changed = Signal()
    """Other automation is shown below the tracks."""
    scrolled = Signal(float)
    """Pixels that the tracks are scrolled up."""
    sought = Signal(object)
    """The user put the playhead there: what plays goes there too."""

    def __init__(self, desk: Desk, opened: OpenProject, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.desk, self.session = desk, opened.session
        timelines = opened.session.project.timelines
        self._timeline_id = timelines[0].id if timelines else ""
        self._document = EMPTY
        self._preview: Timeline | None = None
        self._selected: frozenset[str] = frozenset()
        self._track: str | None = None
        self._playhead = 0
        self.snapping = bool(desk.settings.get("timeline.snapping", True))
        self.snapping_to_beats = bool(desk.settings.get("timeline.snapping_to_beats", True))
        """While snapping is on: also to the beats of the music."""
        self.beats: Callable[[Iterable[Clip], Collection[str]], Sequence[int]] | None = None
        """Where the beats of clips lie but of those with some ids; None: nobody knows."""
        self.rippling = bool(desk.settings.get("timeline.rippling", False))
        self.crossfading = bool(desk.settings.get("timeline.crossfading", False))
        """Clips laid over the end of another pass into it, instead of cutting it away."""
        self.tool = "select"
        self.armed: str | None = None
        """The id of the track that is recorded to."""
        self.heights: dict[str, int] = {}
        """Of tracks by their ids, in pixels, where they are not as usual; see `set_height`."""
        self._lanes: dict[str, list[str]] = {}
        """Parameters whose automation is shown, by their owners: tracks, or `` for the master."""
        self.transport: Transport | None = None
        """None: nothing plays timelines."""
        self._take(opened.session.project)
        opened.signals.changed.connect(self._project_changed)

    # What is there

    @property
    def project(self) -> Project:
        return self.session.project

    @property
    def timeline(self) -> Timeline:
        """The one that is shown; an empty one before anything was put on it. While something is dragged: as it would
        become."""
        return self._preview or self._document

    @property
    def document(self) -> Timeline:
        """The timeline as it is in the project."""
        return self._document

    @property
    def playhead(self) -> int:
        """Ticks."""
        return self._playhead

    @property
    def selected(self) -> frozenset[str]:
        """Ids of clips."""
        return self._selected

    @property
    def track(self) -> Track | None:
        """The track that new clips go to: the one that was clicked last."""
        return next((track for track in self.timeline.tracks if track.id == self._track), None)

    def selected_clips(self) -> list[Clip]:
        """From top to bottom, in the order of each track."""
        return [clip for clip in self.timeline.clips() if clip.id in self._selected]

    @property
    def mode(self) -> placing.Mode:
        """What becomes of clips where others are put."""
        if self.rippling:
            return placing.Mode.INSERT
        return placing.Mode.CROSSFADE if self.crossfading else placing.Mode.OVERWRITE

    # What the user does

    def edit(
        self, label: str, change: Callable[[Project, str], Project], merge: str | None = None, *, slow: bool = False
    ) -> bool:
        """`change(project, timeline id)` as one undo step; `merge`: one step with those before it of that key (a
        moment ago, or `slow`: however long). What cannot be done is told, and False."""
        try:
            self._on_timeline(label, change, merge, slow)
        except StudioError as error:
            self.desk.messages.error(error)
            return False
        return True

    def preview(self, change: Callable[[Project, str], Project] | None) -> bool:
        """Show what `change` would make of the timeline; None: what is. False where it cannot be done."""
        try:
            shown = None if change is None else change(self.project, self._document.id).timeline(self._document.id)
        except StudioError:
            return False
        self._preview = shown
        self.changed.emit()
        return True

    def select(self, clip_ids: Iterable[str]) -> None:
        wanted = frozenset(clip_ids)
        if wanted != self._selected:
            self._selected = wanted
            self.selection_changed.emit()

    def select_track(self, track_id: str | None) -> None:
        if track_id != self._track:
            self._track = track_id
            self.selection_changed.emit()

    def seek(self, at: int) -> None:
        """The user puts the playhead there."""
        self.show_playhead(at)
        self.sought.emit(self._playhead)

    def show_playhead(self, at: int) -> None:
        """It went there by itself, playing."""
        at = max(0, at)
        if at != self._playhead:
            self._playhead = at
            self.playhead_moved.emit()

    def set_snapping(self, on: bool) -> None:
        self.snapping = on
        self._remember("timeline.snapping", on)

    def set_snapping_to_beats(self, on: bool) -> None:
        self.snapping_to_beats = on
        self._remember("timeline.snapping_to_beats", on)

    def beat_places(self, without: Collection[str]) -> Sequence[int]:
        """Where the beats of the music lie, in order, ticks; nowhere while nothing snaps to them."""
        if self.beats is None or not self.snapping_to_beats:
            return ()
        return self.beats(self._document.clips(), without)

    def set_rippling(self, on: bool) -> None:
        self.rippling = on
        self._remember("timeline.rippling", on)

    def set_crossfading(self, on: bool) -> None:
        self.crossfading = on
        self._remember("timeline.crossfading", on)

    def arm(self, track_id: str | None) -> None:
        """Choose the track that is recorded to; None: none."""
        self.armed = track_id
        self.settings_changed.emit()

    def set_tool(self, tool: str) -> None:
        self.tool = tool
        self.settings_changed.emit()

    def set_transport(self, transport: Transport | None) -> None:
        self.transport = transport
        self.transport_changed.emit()

    def set_height(self, track_id: str, height: float) -> None:
        """Of a track, in pixels."""
        self.heights[track_id] = round(min(MOST, max(LEAST, height)))
        self.heights_changed.emit()

    def scale_heights(self, factor: float) -> None:
        """Of all tracks."""
        for track in self._document.tracks:
            height = self.heights.get(track.id, USUAL)
            self.heights[track.id] = round(min(MOST, max(LEAST, height * factor)))
        self.heights_changed.emit()

    # Automation that is shown

    def lanes(self) -> dict[str, tuple[str, ...]]:
        """Of each track, by its id: the parameters that are shown, as far as it has them."""
        shown = {}
        for track in self.timeline.tracks if self._lanes else ():
            wanted = self._lanes.get(track.id, ())
            if wanted:
                there = [one.parameter for one in motions(track.channel)]
                shown[track.id] = tuple([one for one in there if one in wanted])
        return shown

    def shows_lane(self, owner: str, parameter: str) -> bool:
        return parameter in self._lanes.get(owner, ())

    def show_lane(self, owner: str, parameter: str, shown: bool = True) -> None:
        """`owner`: a track's id, or `` for the master, whose automation the inspector shows."""
        there = self._lanes.setdefault(owner, [])
        if shown != (parameter in there):
            (there.append if shown else there.remove)(parameter)
            self.lanes_changed.emit()

    def toggle_lanes(self, track_id: str) -> None:
        """Hide those of a track; where none is shown: show what moves, else the gain."""
        if self.lanes().get(track_id):
            self._lanes[track_id] = []
        else:
            moving = [one.parameter for one in self.timeline.track(track_id).channel.automation if one.points]
            self._lanes[track_id] = moving or [str(Parameter.GAIN)]
        self.lanes_changed.emit()

    def show_timeline(self, timeline_id: str) -> None:
        """Another timeline of the project."""
        self._timeline_id = timeline_id
        self._take(self.project)
        self.changed.emit()

    def _on_timeline(
        self, label: str, change: Callable[[Project, str], Project], merge: str | None, slow: bool
    ) -> None:
        def made(project: Project) -> Project:
            project = arranging.with_timeline(project, self.tr("Timeline"))
            known = any(one.id == self._timeline_id for one in project.timelines)
            return change(project, self._timeline_id if known else project.timelines[0].id)

        self.session.edit(label, made, merge, slow=slow)

    def _remember(self, name: str, value: bool) -> None:
        try:
            self.desk.settings[name] = value
        except StudioError as error:
            self.desk.messages.error(error)
        self.settings_changed.emit()

    def _project_changed(self, before: Project, after: Project) -> None:
        if before.timelines is not after.timelines or before.media is not after.media:
            self._take(after)
            self.changed.emit()

    def _take(self, project: Project) -> None:
        timelines = project.timelines
        shown = next((one for one in timelines if one.id == self._timeline_id), timelines[0] if timelines else EMPTY)
        self._document, self._timeline_id, self._preview = shown, shown.id, None
        there = frozenset(clip.id for clip in shown.clips()) if self._selected else frozenset()
        if not self._selected <= there:
            self.select(self._selected & there)
