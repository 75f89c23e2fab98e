"""The timeline at the bottom of the window."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from audiostudio.timeline.project import Project
from audiostudio.timeline.tracks import Marker, Range, Tempo
from audiostudio.ui.desk import Desk, OpenProject
from audiostudio.ui.timeline import commands
from audiostudio.ui.timeline.actions import Actions
from audiostudio.ui.timeline.bringing import Bringing
from audiostudio.ui.timeline.divisions import Unit
from audiostudio.ui.timeline.drag_out import DragOut
from audiostudio.ui.timeline.export_timeline import TimelineExports
from audiostudio.ui.timeline.gestures.hands import Hands
from audiostudio.ui.timeline.headers import HeaderColumn
from audiostudio.ui.timeline.headers_master import MasterHeader
from audiostudio.ui.timeline.hits import Hit
from audiostudio.ui.timeline.inspector import Inspector
from audiostudio.ui.timeline.landing import Landing
from audiostudio.ui.timeline.memory import Memory
from audiostudio.ui.timeline.menus import fill_panel_menu, rename_marker, show_canvas_menu, show_ruler_menu
from audiostudio.ui.timeline.playing import Playing
from audiostudio.ui.timeline.recording import Recording
from audiostudio.ui.timeline.recording_controls import Count, RecordingControls
from audiostudio.ui.timeline.scale import Scale
from audiostudio.ui.timeline.snapping import places, snapped
from audiostudio.ui.timeline.sources import Sources
from audiostudio.ui.timeline.tempo import TempoDialog
from audiostudio.ui.timeline.toolbar import HEIGHT, Invitation, ToolBar
from audiostudio.ui.timeline.transcript import TranscriptDialog
from audiostudio.ui.timeline.view import TimelineView
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import Separator

STRIP = 54
"""Pixels of the panel while it is empty or folded."""


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
        self.sources = Sources(desk, opened, self)
        self.sources.follow(opened.session.project)
        self.work.beats = self.sources.beat_places
        self.view = TimelineView(self.sources.shown, self)
        self.view.canvas.tiles.samples = self.sources.close_ups.samples
        self.hands = Hands(self.work, self.view)
        self.actions_ = Actions(self.work)
        self.landing = Landing(self.work, opened)
        self.bringing = Bringing(self.work, self.view.canvas, self.sources)
        self.drags = DragOut(self.work, self.sources.path, self)
        self.exports = TimelineExports(self.work, self)
        self.inspector = Inspector(self.work)
        self._signals = opened.signals
        self._open = True
        self._memory = Memory(self.work, self.view)
        self._folded = self._memory.folded
        self._fitted = Scale()
        """How everything was brought into sight last."""
        self._fits = not self._memory.zoomed
        """Until the user looks closer himself, or takes hold of something."""
        commands.register(self, desk.commands)
        self._build()
        self._connect()
        self.playing = Playing(self.work, self)
        self.playing.word_said.connect(self.word_said)
        self.recording = Recording(self.work, self.playing)
        self.recorder = RecordingControls(self.recording, self.work, self)
        self.bar.add_transport(self.recorder)
        self.count = Count(self.recording, self.view.canvas)
        self.work.desk.commands.changed.connect(self.recorder.show_key)
        self.playing.feed(self.headers.feed)
        self.playing.feed(
            self.master.feed,
            lambda now: self.master.show_loudness(now.integrated, now.short_term, now.true_peak),
        )
        self._memory.recall()
        self._timeline_changed()

    # What commands and menus ask for

    def focus(self) -> None:
        """The keyboard goes to the tracks."""
        if self._folded:
            self.toggle_fold()
        self.view.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def put_together(self, assets: Sequence[str]) -> None:
        """At the playhead, each on a new track."""
        self.bringing.put_together(assets, self.work.playhead)

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
            return
        dialogs = (one for one in self.findChildren(TranscriptDialog) if one.isVisible() and one.track == track.id)
        dialog = next(dialogs, None) or TranscriptDialog(self.work, self.sources, track.id, self)
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def count_in(self, unit: Unit) -> None:
        """What the ruler counts: seconds, frames, beats."""
        self.view.ruler.unit = unit
        self.view.ruler.update()
        self.bar.show_time()

    def toggle_automation(self) -> None:
        """Of the chosen track, else of that of the selected clip."""
        clips = self.work.selected_clips()
        track = self.work.track or (self.work.document.track_of(clips[0].id) if clips else None)
        if track is None:
            self.work.desk.messages.say(self.tr("Select a track to see what of it moves over time."))
        else:
            self.work.toggle_lanes(track.id)

    def ask_tempo(self) -> None:
        dialog = TempoDialog(self.work.document.tempo, lambda: self.work.playhead, self)
        dialog.chosen.connect(self._set_tempo)
        dialog.show()

    def _set_tempo(self, tempo: Tempo | None) -> None:
        if self.actions_.set_tempo(tempo):
            self.count_in(Unit.CLOCK if tempo is None else Unit.BEATS)

    def toggle_fold(self) -> None:
        self._folded = not self._folded
        self._show_open()

    def time_at(self, place: QPoint) -> int:
        """Of a place on the screen."""
        return max(0, self.view.canvas.scene.scale.at(self.view.canvas.mapFromGlobal(place).x()))

    def kept_free(self) -> int | None:
        """Messages may lie over the tracks, not over the master; nor over a strip."""
        return self.master.width() if self._open else None

    def close(self) -> bool:
        if self._signals is not None:
            self._memory.keep(folded=self._folded, height=self.height() if self._open else None)
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
        """Its keys are its own while it has the focus, whatever they are elsewhere in the window. Whoever comes back to
        the window may have been where the files are."""
        if event.type() == QEvent.Type.WindowActivate:
            self.sources.look_again()
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
        work.lanes_changed.connect(self._show_lanes)
        ruler.snap = self._near
        ruler.sought.connect(self._sought)
        ruler.ranged.connect(self._ranged)
        ruler.marker_moved.connect(self._marker_moved)
        ruler.marker_opened.connect(self._open_marker)
        ruler.menu_wanted.connect(self._ruler_menu)
        for known in (self.sources.changed, self.sources.close_ups.came):
            known.connect(lambda media: (view.canvas.tiles.forget(media), view.canvas.change()))
        self.hands.opened.connect(self._opened)
        self.hands.leaving.connect(self.drags.expect)
        self.hands.dragged_out.connect(lambda clips: self.drags.start(view.canvas, clips))
        self.hands.menu_wanted.connect(lambda found, place: show_canvas_menu(self, found, place))
        self.bar.fold_wanted.connect(self.toggle_fold)
        self.master.chosen.connect(self.inspector.choose_master)
        view.canvas.scale_changed.connect(self._show_span)
        view.canvas.resized.connect(self._fit)
        self.hands.held.connect(self._stay)
        self.master.dragged_out.connect(lambda: self.drags.start(self.master, None))
        self.bar.menu_wanted.connect(lambda menu: fill_panel_menu(self, menu))
        self.bar.used.connect(lambda: view.canvas.setFocus(Qt.FocusReason.OtherFocusReason))
        self.invitation.accepted.connect(self.landing.land_all)
        self.work.desk.commands.changed.connect(self.bar.show_keys)
        self.bar.show_transport()

    # What happens

    def _project_changed(self, _before: Project, after: Project) -> None:
        self.sources.follow(after)

    def _timeline_changed(self) -> None:
        self.view.show_timeline(self.work.timeline, self.work.lanes())
        self._show_open()
        canvas = self.view.canvas
        if self._fitted == Scale() or canvas.scene.scale.x(self.work.document.end) > canvas.width():
            self._fit()

    def _fit(self) -> None:
        """Bring everything into sight, as long as nobody chose what is seen; not what is only shown for a moment."""
        work, canvas = self.work, self.view.canvas
        self._fits = self._fits and canvas.scene.scale == self._fitted
        if self._fits and self._open and work.document.end and work.timeline is work.document and canvas.width() > 100:
            self.view.show_all()
            self._fitted = canvas.scene.scale

    def _stay(self) -> None:
        self._fits = False

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
        wanted = self._memory.height if self._open else 0
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

    def _show_lanes(self) -> None:
        self.view.show_timeline(self.work.timeline, self.work.lanes())

    def _sought(self, at: int, still: bool) -> None:
        self.work.seek(at)
        if still:
            self.playing.scrub(at)

    def _near(self, at: int, what: str, free: bool) -> int:
        """Where a marker, or an edge of the range, clicks to."""
        if self.work.snapping == free:
            return at
        targets = places(self.work.document, self.work.playhead, {what}, self.work.beat_places(()))
        return at + snapped(0, [at], targets, self.view.canvas.scene.scale.per_pixel).by

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
