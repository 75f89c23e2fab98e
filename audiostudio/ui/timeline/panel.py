"""The timeline at the bottom of the window."""

from typing import Any

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from audiostudio.errors import StudioError
from audiostudio.timeline.editing.following import Fitting
from audiostudio.timeline.project import Project
from audiostudio.timeline.tracks import Marker, Range
from audiostudio.ui.desk import Desk, OpenProject
from audiostudio.ui.timeline import commands
from audiostudio.ui.timeline.actions import Actions
from audiostudio.ui.timeline.bringing import Bringing
from audiostudio.ui.timeline.drag_out import DragOut
from audiostudio.ui.timeline.export_timeline import TimelineExports
from audiostudio.ui.timeline.gestures.hands import Hands
from audiostudio.ui.timeline.headers import HeaderColumn
from audiostudio.ui.timeline.headers_master import MasterHeader
from audiostudio.ui.timeline.hits import Hit
from audiostudio.ui.timeline.inspector import Inspector
from audiostudio.ui.timeline.landing import Landing
from audiostudio.ui.timeline.menus import rename_marker, show_canvas_menu, show_ruler_menu
from audiostudio.ui.timeline.playing import Playing
from audiostudio.ui.timeline.recording import Recording
from audiostudio.ui.timeline.recording_controls import RecordingControls
from audiostudio.ui.timeline.scale import CLOSEST, WIDEST, Scale
from audiostudio.ui.timeline.sources import Sources
from audiostudio.ui.timeline.toolbar import HEIGHT, Invitation, ToolBar
from audiostudio.ui.timeline.transcript import TranscriptDialog
from audiostudio.ui.timeline.view import TimelineView
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import Separator

STRIP = 54
"""Pixels of the panel while it is empty or folded."""
_REMEMBERED = "timeline.panels"
_PROJECTS = 60
"""Of which it is remembered how the timeline was shown."""


class TimelinePanel(QWidget):
    """Tool bar, headers and view. Nothing on the timeline: a strip that says what to do."""

    line_wanted = Signal(str)
    """The id of a line of the script that is to be shown."""
    word_said = Signal(object)
    """(line id, source start, the word there) of the script that is heard, or None."""
    resized = Signal(object, int)
    """The height it must have (None: any), and the one it would like."""

    def __init__(self, desk: Desk, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.work = TimelineWork(desk, opened, self)
        library = desk.studio.profile
        self.sources = Sources(desk.jobs, lambda: (library.library / "media", opened.session.path), library.cache, self)
        self.sources.follow(opened.session.project)
        self.view = TimelineView(self.sources.shown, self)
        self.hands = Hands(self.work, self.view)
        self.actions_ = Actions(self.work)
        self.landing = Landing(self.work, opened)
        self.bringing = Bringing(self.work, self.view.canvas, self.sources)
        self.drags = DragOut(self.work, self.sources.path, self)
        self.exports = TimelineExports(self.work, self)
        self.inspector = Inspector(self.work)
        self._signals = opened.signals
        self._open = True
        self._kept: dict[str, Any] = self._remembered().get(opened.session.project.id, {})
        self._folded = bool(self._kept.get("folded", False))
        self._fitted: Scale | None = None
        """How everything was brought into sight last."""
        commands.register(self, desk.commands)
        self._build()
        self._connect()
        self.playing = Playing(self.work, self)
        self.playing.word_said.connect(self.word_said)
        self.recording = Recording(self.work, self.playing)
        self.recorder = RecordingControls(self.recording, self.work, self)
        self.bar.add_transport(self.recorder)
        self.work.desk.commands.changed.connect(self.recorder.show_key)
        self.playing.feed(self.headers.feed)
        self.playing.feed(
            self.master.feed,
            lambda now: self.master.show_loudness(now.integrated, now.short_term, now.true_peak),
        )
        self._recall()
        self._timeline_changed()

    # What commands and menus ask for

    def focus(self) -> None:
        """The keyboard goes to the tracks."""
        if self._folded:
            self.toggle_fold()
        self.view.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def play(self) -> None:
        if self.work.transport is not None:
            self.work.transport.toggle()

    def shuttle(self, direction: int) -> None:
        if self.work.transport is not None:
            self.work.transport.shuttle(direction)

    def toggle_loop(self) -> None:
        self.playing.set_looping(not self.playing.looping)

    def record(self) -> None:
        self.recording.toggle()

    def go(self, at: int) -> None:
        self.work.seek(at)
        self.view.set_playhead(self.work.playhead, follow=True)

    def go_to_end(self) -> None:
        self.go(self.work.document.end)

    def mark(self, at: int | None = None) -> None:
        """A marker; where there is one already: its name."""
        place = self.work.playhead if at is None else at
        there = next((one for one in self.work.document.markers if one.at == place), None)
        if there is not None:
            rename_marker(self, there)
        else:
            self.actions_.add_marker(place)

    def show_selection(self) -> None:
        clips = self.work.selected_clips()
        if clips:
            self.view.show_range(min(clip.start for clip in clips), max(clip.end for clip in clips))

    def edit_text(self) -> None:
        """Of the track of the selected clip, else of the chosen track."""
        ids = [clip.id for clip in self.work.selected_clips()]
        track = self.work.document.track_of(ids[0]) if ids else self.work.track
        if track is None or not track.clips:
            self.work.desk.messages.say(self.tr("Select a clip, or a track, to see what it says."))
        else:
            TranscriptDialog(self.work, self.sources, track.id, self).show()

    def toggle_frames(self) -> None:
        self.view.ruler.frames = not self.view.ruler.frames
        self.view.ruler.update()
        self.bar.show_time()

    def toggle_fold(self) -> None:
        self._folded = not self._folded
        self._show_open()

    def time_at(self, place: QPoint) -> int:
        """Of a place on the screen."""
        return max(0, self.view.canvas.scene.scale.at(self.view.canvas.mapFromGlobal(place).x()))

    def close(self) -> bool:
        if self._signals is not None:
            self._remember()
            self._signals.changed.disconnect(self._project_changed)
            self._signals = None
            self.work.desk.commands.changed.disconnect(self.bar.show_keys)
            self.work.desk.commands.changed.disconnect(self.recorder.show_key)
            commands.withdraw(self.work.desk.commands)
            self.recording.close()
            self.playing.close()
            self.landing.close()
            self.bringing.close()
            self.drags.close()
            self.exports.close()
            self.inspector.close()
            self.sources.close()
        return super().close()

    # Qt

    def event(self, event: QEvent) -> bool:
        """Its keys are its own while it has the focus, whatever they are elsewhere in the window."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._command(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = self._command(event)
        if command is not None:
            self.work.desk.commands.run(command)
        else:
            super().keyPressEvent(event)

    def _command(self, event: QKeyEvent) -> str | None:
        if self.invitation.isVisible() or self.hands.dragging:
            return None
        keys = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        combination = event.keyCombination()
        for modifiers in (keys, keys & ~Qt.KeyboardModifier.ShiftModifier):
            found = self.work.desk.commands.at(commands.SCOPE, QKeySequence(modifiers.value | combination.key().value))
            if found is not None or combination.key() != Qt.Key.Key_Plus:
                return found
        return None

    # Building

    def _build(self) -> None:
        self.bar = ToolBar(self.work, self.view, self)
        self.invitation = Invitation(self)
        self.bringing.watch(self.invitation)
        self.headers = HeaderColumn(self.work, self)
        self.master = MasterHeader(self.work, self)
        self._body = QWidget(self)
        row = QHBoxLayout(self._body)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.headers)
        row.addWidget(Separator(True, self))
        row.addWidget(self.view, 1)
        row.addWidget(Separator(True, self))
        row.addWidget(self.master)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.invitation)
        column.addWidget(self.bar)
        self._line = Separator(parent=self)
        column.addWidget(self._line)
        column.addWidget(self._body, 1)

    def _connect(self) -> None:
        work, view, ruler = self.work, self.view, self.view.ruler
        self._signals.changed.connect(self._project_changed)
        work.changed.connect(self._timeline_changed)
        work.selection_changed.connect(self._show_selected)
        work.playhead_moved.connect(self._show_playhead)
        work.heights_changed.connect(self._show_heights)
        view.heights_changed.connect(work.scale_heights)
        view.offset_changed.connect(work.scrolled)
        self.headers.scroll_wanted.connect(lambda pixels: view.down.setValue(view.down.value() + pixels))
        ruler.sought.connect(self._sought)
        ruler.ranged.connect(self._ranged)
        ruler.marker_moved.connect(self._marker_moved)
        ruler.marker_opened.connect(self._open_marker)
        ruler.menu_wanted.connect(self._ruler_menu)
        self.sources.changed.connect(lambda media: (view.canvas.tiles.forget(media), view.canvas.change()))
        self.hands.opened.connect(self._opened)
        self.hands.dragged_out.connect(lambda clips: self.drags.start(view.canvas, clips))
        self.hands.menu_wanted.connect(lambda found, place: show_canvas_menu(self, found, place))
        self.bar.fold_wanted.connect(self.toggle_fold)
        self.master.chosen.connect(self.inspector.choose_master)
        view.canvas.scale_changed.connect(self._show_span)
        self.master.dragged_out.connect(lambda: self.drags.start(self.master, None))
        self.bar.menu_wanted.connect(self._fill_menu)
        self.bar.used.connect(lambda: view.canvas.setFocus(Qt.FocusReason.OtherFocusReason))
        self.invitation.accepted.connect(self.landing.land_all)
        self.work.desk.commands.changed.connect(self.bar.show_keys)
        self.bar.show_transport()

    # What happens

    def _project_changed(self, _before: Project, after: Project) -> None:
        self.sources.follow(after)

    def _timeline_changed(self) -> None:
        self.view.show_timeline(self.work.timeline)
        self._show_open()
        if "per_pixel" not in self._kept and self.work.document.end:
            self._fit()

    def _fit(self) -> None:
        """Everything is in sight until the user looks closer himself."""
        if self._open and self.view.canvas.width() > 100 and self._fitted in (None, self.view.canvas.scene.scale):
            self.view.show_all()
            self._fitted = self.view.canvas.scene.scale

    def _show_open(self) -> None:
        """As high as it may be: a strip while it is empty or folded."""
        empty = not self.work.timeline.tracks
        opened = not empty and not self._folded
        self.invitation.setVisible(empty)
        self.bar.setVisible(not empty)
        self.bar.show_folded(self._folded)
        self._line.setVisible(opened)
        self._body.setVisible(opened)
        if opened != self._open or self.minimumHeight() == 0:
            self._open = opened
            self.setMinimumHeight(HEIGHT)
            self.tell_height()

    def tell_height(self) -> None:
        height = self._kept.get("height")
        wanted = height if isinstance(height, int) and self._open else 0
        self.resized.emit(None if self._open else STRIP, wanted)

    def _show_span(self) -> None:
        canvas = self.view.canvas
        self.inspector.show_span(canvas.scene.scale.at(0), canvas.scene.scale.at(canvas.width()))

    def _show_selected(self) -> None:
        self.view.canvas.scene.selected = self.work.selected
        self.view.canvas.change()

    def _show_playhead(self) -> None:
        transport = self.work.transport
        self.view.set_playhead(self.work.playhead, follow=transport is not None and transport.playing)
        self.bar.show_time()

    def _show_heights(self) -> None:
        self.view.set_heights(self.work.heights)

    def _sought(self, at: int, still: bool) -> None:
        self.work.seek(at)
        if still:
            self.playing.scrub(at)

    def _ranged(self, start: int, end: int, still: bool) -> None:
        range_ = Range(start, end) if end > start else None
        if still:
            self.view.canvas.scene.range = range_
            self.view.canvas.change()
            self.view.ruler.update()
        else:
            self.actions_.set_range(range_)

    def _marker_moved(self, marker_id: str, at: int, _still: bool) -> None:
        from dataclasses import replace

        marker = self._marker(marker_id)
        if marker is not None and marker.at != at:
            self.actions_.set_marker(replace(marker, at=at), f"move {marker_id}")

    def _open_marker(self, marker_id: str) -> None:
        marker = self._marker(marker_id)
        if marker is not None:
            rename_marker(self, marker)

    def _marker(self, marker_id: str | None) -> Marker | None:
        return next((one for one in self.work.document.markers if one.id == marker_id), None)

    def _ruler_menu(self, marker_id: str, at: int, event: QContextMenuEvent) -> None:
        show_ruler_menu(self, self._marker(marker_id), at, event.globalPos())

    def _opened(self, found: Hit) -> None:
        """Double-clicked."""
        if found.clip is not None and found.clip.line is not None:
            self.line_wanted.emit(found.clip.line)

    def _fill_menu(self, menu: QMenu) -> None:
        menu.clear()
        landing = menu.addAction(self.tr("Lines land here as they are made"))
        landing.setCheckable(True)
        landing.setChecked(self.landing.on)
        landing.toggled.connect(self.landing.set_on)
        fitting = menu.addMenu(self.tr("A new take that is longer or shorter"))
        for choice, words in (
            (Fitting.RIPPLE, self.tr("moves what comes after it")),
            (Fitting.FIT, self.tr("is played faster or slower")),
        ):
            action = fitting.addAction(words)
            action.setCheckable(True)
            action.setChecked(self.landing.fitting == choice)
            action.triggered.connect(lambda _checked=False, choice=choice: self.landing.set_fitting(choice))
        menu.addAction(self.work.desk.commands.action("timeline.land"))
        menu.addSeparator()
        menu.addAction(self.tr("Keyboard shortcuts"), lambda: self.work.desk.commands.run("help.shortcuts"))

    # What is remembered of each project

    def _remembered(self) -> dict[str, Any]:
        kept = self.work.desk.settings.get(_REMEMBERED)
        return {key: one for key, one in kept.items() if isinstance(one, dict)} if isinstance(kept, dict) else {}

    def _recall(self) -> None:
        left, per_pixel, heights = (self._kept.get(name) for name in ("left", "per_pixel", "heights"))
        if isinstance(heights, dict):
            self.work.heights.update({key: one for key, one in heights.items() if isinstance(one, int)})
            self._show_heights()
        if isinstance(left, int) and isinstance(per_pixel, int | float) and CLOSEST <= per_pixel <= WIDEST:
            self.view.canvas.set_scale(Scale(max(0, left), float(per_pixel)))

    def _remember(self) -> None:
        if not self.work.document.tracks:
            return
        scale = self.view.canvas.scene.scale
        here: dict[str, Any] = {"folded": self._folded, "left": scale.left, "per_pixel": scale.per_pixel}
        known = {track.id for track in self.work.document.tracks}
        here["heights"] = {track: height for track, height in self.work.heights.items() if track in known}
        if self._open:
            here["height"] = self.height()
        project = self.work.project.id
        others = {key: one for key, one in self._remembered().items() if key != project}
        try:
            self.work.desk.settings[_REMEMBERED] = dict([*others.items(), (project, here)][-_PROJECTS:])
        except StudioError as error:
            self.work.desk.messages.error(error)
