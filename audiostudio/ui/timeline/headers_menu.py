"""Menus of track headers: tracks of every content, colours, heights."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QActionGroup, QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from audiostudio.timeline.editing import arranging
from audiostudio.timeline.project import Project, new_id
from audiostudio.timeline.tracks import Content, Timeline, Track
from audiostudio.ui import icons
from audiostudio.ui.theme import tokens
from audiostudio.ui.timeline.motions import motions
from audiostudio.ui.timeline.work import TimelineWork
from audiostudio.ui.widgets import Menu

_ICONS = {Content.SPEECH: "speech", Content.MUSIC: "music", Content.EFFECTS: "zap", Content.OTHER: "audio-lines"}
HEIGHTS = {"small": 40, "usual": 72, "large": 120}


def _tr(text: str) -> str:
    return QCoreApplication.translate("TrackMenu", text)


def contents() -> dict[str, str]:
    """What tracks are for, by their names in the document."""
    return {
        Content.SPEECH: _tr("Speech"),
        Content.MUSIC: _tr("Music"),
        Content.EFFECTS: _tr("Effects"),
        Content.OTHER: _tr("Other sound"),
    }


def colours() -> dict[str, str]:
    """The palette of tracks, clips and markers."""
    return {
        "voiceover": _tr("Violet"),
        "image": _tr("Blue"),
        "music": _tr("Teal"),
        "avatar": _tr("Green"),
        "sound_effect": _tr("Orange"),
        "recording": _tr("Red"),
        "song": _tr("Pink"),
        "film": _tr("Lilac"),
        "document": _tr("Grey"),
    }


def swatch(name: str) -> QIcon:
    picture = QPixmap(32, 32)
    picture.fill(QColor(0, 0, 0, 0))
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(tokens().kind(name))
    painter.setPen(QColor(0, 0, 0, 0))
    painter.drawRoundedRect(4, 4, 24, 24, 6, 6)
    painter.end()
    return QIcon(picture)


def fill_colours(menu: QMenu, present: str | None, choose: Callable[[str | None], object]) -> None:
    """Every colour, and that of the content."""
    group = QActionGroup(menu)
    plain = menu.addAction(_tr("As its content"), lambda: choose(None))
    plain.setCheckable(True)
    plain.setChecked(present is None)
    group.addAction(plain)
    menu.addSeparator()
    for name, label in colours().items():
        action = menu.addAction(swatch(name), label, lambda name=name: choose(name))
        action.setCheckable(True)
        action.setChecked(name == present)
        group.addAction(action)


def add_track(work: TimelineWork, content: str, index: int | None = None) -> str:
    """A track of that content, named after it; gives its id."""
    label = contents()[content]
    names = {track.name for track in work.document.tracks}
    name, number = label, 1
    while name in names:
        number += 1
        name = f"{label} {number}"
    track = Track(new_id(), name, content=content)
    if work.edit(_tr("Add a track"), lambda project, timeline: arranging.add_track(project, timeline, track, index)):
        work.select_track(track.id)
    return track.id


def fill_add(menu: QMenu, work: TimelineWork, index: int | None = None) -> None:
    for content, label in contents().items():
        menu.addAction(icons.icon(_ICONS[Content(content)]), label, lambda c=content: add_track(work, c, index))


def duplicate_track(work: TimelineWork, track: Track) -> None:
    """Below it, with copies of its clips."""

    def change(project: Project, timeline: str) -> Project:
        return _duplicated(project, timeline, track.id)

    work.edit(_tr("Duplicate the track"), change)


def _duplicated(project: Project, timeline_id: str, track_id: str) -> Project:
    """A copy in which every object has an id of its own."""
    from audiostudio.timeline.editing.placing import copies

    timeline = project.timeline(timeline_id)
    track, at = timeline.track(track_id), [one.id for one in timeline.tracks].index(track_id)
    made = [clip for _, clip in copies([(track_id, clip) for clip in track.clips], 0)]
    ids = {old.id: new.id for old, new in zip(track.clips, made, strict=True)}
    links = [replace(one, id=new_id(), left=ids[one.left], right=ids[one.right]) for one in track.transitions]
    copy = replace(track, id=new_id(), clips=tuple(made), transitions=tuple(links), locked=False)
    return arranging.add_track(project, timeline_id, _renamed(copy, timeline), at + 1)


def _renamed(track: Track, timeline: Timeline) -> Track:
    names, number = {one.name for one in timeline.tracks}, 2
    while (name := f"{track.name} {number}") in names:
        number += 1
    return replace(track, name=name)


def track_menu(
    work: TimelineWork, track: Track, rename: Callable[[], object], height: Callable[[int], object], parent: QWidget
) -> Menu:
    menu = Menu(parent)
    index = [one.id for one in work.document.tracks].index(track.id)
    menu.addAction(icons.icon("pencil"), _tr("Rename"), rename)
    menu.addAction(icons.icon("copy"), _tr("Duplicate"), lambda: duplicate_track(work, track))
    _add_contents(menu, work, track)
    tints = _submenu(menu, _tr("Colour"), "circle")
    fill_colours(tints, track.colour, lambda name: _edit(work, _tr("Colour of a track"), "colour_track", track, name))
    tall = _submenu(menu, _tr("Height"), "arrow-up-down")
    words = {"small": _tr("Small"), "usual": _tr("Usual"), "large": _tr("Large")}
    for name, label in words.items():
        tall.addAction(label, lambda name=name: height(HEIGHTS[name]))
    fill_lanes(_submenu(menu, _tr("Automation"), "spline"), work, track)
    menu.addSeparator()
    fill_add(_submenu(menu, _tr("Add a track above"), "plus"), work, index)
    fill_add(_submenu(menu, _tr("Add a track below"), "plus"), work, index + 1)
    menu.addSeparator()
    gone = menu.addAction(icons.icon("trash-2"), _tr("Delete the track"), lambda: remove_track(work, track))
    gone.setEnabled(not track.locked)
    return menu


def fill_lanes(menu: Menu, work: TimelineWork, track: Track) -> None:
    """Everything of a track that can move over time; what is ticked is shown below it."""
    for motion in motions(track.channel):
        action = menu.addAction(motion.label)
        action.setCheckable(True)
        action.setChecked(work.shows_lane(track.id, motion.parameter))
        action.toggled.connect(partial(work.show_lane, track.id, motion.parameter))


def remove_track(work: TimelineWork, track: Track) -> None:
    work.edit(_tr("Delete a track"), lambda project, line: arranging.remove_track(project, line, track.id))


def _add_contents(menu: Menu, work: TimelineWork, track: Track) -> None:
    inner = _submenu(menu, _tr("Content"), "tag")
    group = QActionGroup(inner)
    for content, label in contents().items():
        action = inner.addAction(
            icons.icon(_ICONS[Content(content)]),
            label,
            lambda c=content: _edit(work, _tr("Content of a track"), "set_content", track, c),
        )
        action.setCheckable(True)
        action.setChecked(content == track.content)
        group.addAction(action)


def _edit(work: TimelineWork, label: str, change: str, track: Track, value: str | None) -> None:
    edit = getattr(arranging, change)
    work.edit(label, lambda project, timeline: edit(project, timeline, track.id, value))


def _submenu(menu: Menu, label: str, icon: str) -> Menu:
    inner = Menu(menu)
    inner.setTitle(label)
    inner.setIcon(icons.icon(icon))
    menu.addMenu(inner)
    return inner
