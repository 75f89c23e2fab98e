"""Media that come onto the timeline: dragged from the library or the file manager, and missing ones relinked."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from audiostudio.errors import StudioError
from audiostudio.jobs import Job, Outcome, Partial
from audiostudio.operations.arranging import content_of, media_of
from audiostudio.timeline.editing import placing, relinking
from audiostudio.timeline.project import Media, Project, new_id
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Content, Track
from audiostudio.ui.library.assets import ASSETS, dragged_ids, local_paths
from audiostudio.ui.library.clerk import Clerk
from audiostudio.ui.timeline.canvas import TimelineCanvas
from audiostudio.ui.timeline.snapping import places, snapped
from audiostudio.ui.timeline.sources import Sources
from audiostudio.ui.timeline.work import TimelineWork

_CONTENTS = {
    "voiceover": Content.SPEECH,
    "recording": Content.SPEECH,
    "talk_clip": Content.SPEECH,
    "music": Content.MUSIC,
    "song": Content.MUSIC,
    "sound_effect": Content.EFFECTS,
}
"""What a new track is for, by the kind of the asset that it is made for."""
Found = tuple[Media, Content]


class Bringing(QObject):
    """Drops on the canvas. What the library knows is shown where it would come to lie; files are imported first."""

    def __init__(self, work: TimelineWork, canvas: TimelineCanvas, sources: Sources) -> None:
        super().__init__(canvas)
        self._work, self._canvas, self._sources = work, canvas, sources
        self._clerk = Clerk(self)
        self._clerk.failed.connect(work.desk.messages.error)
        self._dragged: tuple[str, ...] = ()
        self._known: list[Found] = []
        """Of what is being dragged."""
        self._track = Track(new_id(), "")
        """The one that is made where something is dropped below all others."""
        self.watch(canvas)

    def watch(self, widget: QWidget) -> None:
        """Take drops there; elsewhere than on the canvas they go to the beginning."""
        widget.setAcceptDrops(True)
        widget.installEventFilter(self)

    def close(self) -> None:
        self._clerk.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in (QEvent.Type.DragEnter, QEvent.Type.DragMove):
            self._over(event, watched is self._canvas)
            return True
        if kind == QEvent.Type.DragLeave:
            self._leave()
            return True
        if kind == QEvent.Type.Drop:
            self._dropped(event, watched is self._canvas)
            return True
        return super().eventFilter(watched, event)

    def put(self, assets: Sequence[str], at: int, track: str | None) -> None:
        """Assets of the library one after the other from `at` on; `track` None: on a new one."""
        self._clerk.ask(partial(self._look, tuple(assets)), lambda found: self._put(found, at, track))

    def put_together(self, assets: Sequence[str], at: int) -> None:
        """Assets of the library, all beginning at `at`, each on a track that is made for it."""
        self._clerk.ask(partial(self._look, tuple(assets)), lambda found: self._put_together(found, at))

    def import_files(self, paths: Sequence[str], at: int, track: str | None) -> None:
        """Files from outside: into the library, then onto the timeline."""
        title = self.tr("Import “{name}”").replace("{name}", Path(paths[0]).name)
        if len(paths) > 1:
            title = self.tr("Import {n} files").replace("{n}", str(len(paths)))
        self._import(paths, title, lambda assets: self.put(assets, at, track))

    def relink(self, media_id: str) -> None:
        """Ask for the file of a medium that is missing."""
        media = self._work.project.medium(media_id)
        words = self.tr("Where is “{name}” now?").replace("{name}", media.name)
        path, _ = QFileDialog.getOpenFileName(self._canvas, words)
        if path:
            self.relink_to(media_id, path)

    def relink_to(self, media_id: str, path: str) -> None:
        """All clips of a medium play this file from now on."""
        title = self.tr("Relink “{name}”").replace("{name}", Path(path).name)

        def relinked(found: list[Found]) -> None:
            media = found[0][0]
            self._work.edit(self.tr("Relink"), lambda project, _: relinking.relink(project, media_id, media))

        def imported(assets: list[str]) -> None:
            self._clerk.ask(partial(self._look, tuple(assets[:1])), lambda found: relinked(found) if found else None)

        self._import([path], title, imported)

    # Dragging

    def _over(self, event: QDropEvent, on_canvas: bool) -> None:
        data = event.mimeData()
        if self._work.session.read_only or not _takes(data):
            event.ignore()
            return
        event.acceptProposedAction()
        ids = tuple(dragged_ids(data))
        if ids != self._dragged:
            self._dragged, self._known = ids, []
            self._track = Track(new_id(), self.tr("Track"))
            if ids:
                self._clerk.ask(partial(self._look, ids), self._got_to_know, "dragged")
        if on_canvas:
            self._show(event.position())

    def _got_to_know(self, found: list[Found]) -> None:
        self._known = found
        for media, _ in found:
            self._sources.meet(media)

    def _show(self, place: QPointF) -> None:
        at, track = self._place(place)
        if self._known:
            self._work.preview(self._placed(self._known, at, track))
        self._canvas.scene.snap = at
        self._canvas.change()

    def _leave(self) -> None:
        self._dragged, self._known = (), []
        self._canvas.scene.snap = None
        self._work.preview(None)
        self._canvas.change()

    def _dropped(self, event: QDropEvent, on_canvas: bool) -> None:
        data = event.mimeData()
        at, track = self._place(event.position()) if on_canvas else (0, None)
        ids, paths = dragged_ids(data), local_paths(data)
        self._leave()
        event.acceptProposedAction()
        if ids:
            self.put(ids, at, track)
        elif paths:
            self.import_files(paths, at, track)

    def _place(self, place: QPointF) -> tuple[int, str | None]:
        scene = self._canvas.scene
        wanted = max(0, scene.scale.at(place.x()))
        row = scene.rows().at(place.y())
        known = {track.id for track in self._work.document.tracks}
        track = row.track.id if row is not None and row.track.id in known and not row.track.locked else None
        if not self._work.snapping:
            return wanted, track
        edges = [wanted, wanted + sum(_length(media) for media, _ in self._known)] if self._known else [wanted]
        targets = places(self._work.document, self._work.playhead, (), self._work.beat_places(()))
        return wanted + snapped(0, edges, targets, scene.scale.per_pixel).by, track

    # Putting

    def _look(self, assets: tuple[str, ...]) -> list[Found]:
        """Beside the window's thread."""
        studio = self._work.desk.studio
        found = []
        for one in assets:
            asset = studio.library.get(one)
            content = _CONTENTS.get(str(asset.kind), Content.OTHER)
            if str(asset.kind) == "recording" and str(asset.source) == "uploaded":
                content = Content(content_of(asset.name))  # any sound from outside: its name is all that is known
            found.append((media_of(studio, asset), content))
        return found

    def _put(self, found: list[Found], at: int, track: str | None) -> None:
        if not found:
            return
        label = self.tr("Add {n} clips").replace("{n}", str(len(found)))
        if len(found) == 1:
            label = self.tr("Add “{name}”").replace("{name}", found[0][0].name)
        before = {clip.id for clip in self._work.document.clips()}
        if self._work.edit(label, self._placed(found, at, track)):
            self._track = Track(new_id(), "")
            self._work.select(clip.id for clip in self._work.document.clips() if clip.id not in before)

    def _put_together(self, found: list[Found], at: int) -> None:
        tracks = [Track(new_id(), media.name, content=content) for media, content in found]
        if len(found) == 1 and found[0][1] != Content.OTHER:
            tracks = [replace(tracks[0], name=self._named(found[0][1]))]
        clips = [placing.clip_of(media, at) for media, _ in found]

        def put(project: Project, timeline: str) -> Project:
            placements = [(track.id, clip) for track, clip in zip(tracks, clips, strict=True)]
            media = [one for one, _ in found]
            return placing.place(project, timeline, placements, media=media, tracks=tracks)

        if self._work.edit(self.tr("Add to the timeline"), put):
            self._work.select(clip.id for clip in clips)

    def _placed(self, found: list[Found], at: int, track: str | None) -> Callable[[Project, str], Project]:
        content = found[0][1]
        new = Track(
            self._track.id, found[0][0].name if content == Content.OTHER else self._named(content), content=content
        )
        clips: list[Clip] = []
        for media, _ in found:
            clips.append(placing.clip_of(media, clips[-1].end if clips else at))
        mode = self._work.mode

        def put(project: Project, timeline: str) -> Project:
            known = {one.id for one in project.timeline(timeline).tracks}
            target = track if track in known else new.id
            tracks = [] if target in known else [new]
            media = [one for one, _ in found]
            return placing.place(project, timeline, [(target, one) for one in clips], mode, media=media, tracks=tracks)

        return put

    def _named(self, content: Content) -> str:
        return {
            Content.SPEECH: self.tr("Speech"),
            Content.MUSIC: self.tr("Music"),
            Content.EFFECTS: self.tr("Effects"),
        }[content]

    def _import(self, paths: Sequence[str], title: str, then: Callable[[list[str]], None]) -> None:
        request = {"paths": list(paths), "folder": None}
        try:
            watcher = self._work.desk.jobs.submit(Job("library.import", request, title))
        except StudioError as error:
            self._work.desk.messages.error(error)
            return
        assets: list[str] = []

        def came(partial: Partial) -> None:
            if partial.kind == "asset":
                assets.append(partial.data["asset"])
            elif partial.kind == "refused":
                self._work.desk.messages.error(StudioError(partial.data["sentence"], partial.data["hint"]))

        def finished(_outcome: Outcome) -> None:
            if assets:
                then(assets)

        watcher.partial.connect(came)
        watcher.finished.connect(finished)


def _takes(data: QMimeData) -> bool:
    return data.hasFormat(ASSETS) or bool(local_paths(data))


def _length(media: Media) -> int:
    return media.samples * TICKS // media.sample_rate
