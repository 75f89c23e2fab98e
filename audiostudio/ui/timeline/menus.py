"""Context menus: of a clip, of the space between clips, of the ruler and its markers."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QInputDialog, QMenu

from audiostudio.timeline.editing.following import Fitting
from audiostudio.timeline.tracks import Clip, Content, Marker, Shape, Track
from audiostudio.ui.icons import icon, swatch
from audiostudio.ui.theme import tokens
from audiostudio.ui.timeline.divisions import Unit
from audiostudio.ui.timeline.gestures.automation import remove_automation, remove_automation_point
from audiostudio.ui.timeline.hits import Hit
from audiostudio.ui.timeline.rows import Lane
from audiostudio.ui.widgets import Menu

if TYPE_CHECKING:
    from audiostudio.ui.timeline.panel import TimelinePanel

COLOURS = ("voiceover", "music", "song", "sound_effect", "recording", "image", "film", "avatar")
SPEEDS = (0.5, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0)


def _tr(text: str) -> str:
    return QCoreApplication.translate("TimelineMenus", text)


def show_canvas_menu(panel: "TimelinePanel", found: Hit, place: QPoint) -> None:
    """Of what lies under the pointer."""
    menu = Menu(panel)
    menu.aboutToHide.connect(menu.deleteLater)
    if found.lane is not None:
        _lane(panel, menu, found.lane, found.point)
    elif found.clip is not None and found.track is not None:
        _clip(panel, menu, found.track, found.clip)
    else:
        _space(panel, menu, found.track, panel.time_at(place))
    menu.popup(place)


def show_ruler_menu(panel: "TimelinePanel", marker: Marker | None, at: int, place: QPoint) -> None:
    menu = Menu(panel)
    menu.aboutToHide.connect(menu.deleteLater)
    if marker is not None:
        _marker(panel, menu, marker)
        menu.addSeparator()
    do = panel.actions_
    _item(menu, _tr("Add a marker here"), lambda: panel.mark(at), "bookmark")
    _item(menu, _tr("In point here"), lambda: do.set_in(at))
    _item(menu, _tr("Out point here"), lambda: do.set_out(at))
    if panel.work.document.range is not None:
        _item(menu, _tr("No in and out points"), lambda: do.set_range(None))
    menu.addSeparator()
    _commands(panel, menu, "tempo")
    units = {
        Unit.CLOCK: _tr("Count minutes and seconds"),
        Unit.FRAMES: _tr("Count frames"),
        Unit.BEATS: _tr("Count bars and beats"),
    }
    for unit, words in units.items():
        if unit != Unit.BEATS or panel.work.document.tempo is not None:
            entry = _item(menu, words, partial(panel.count_in, unit))
            entry.setCheckable(True)
            entry.setChecked(panel.view.ruler.unit == unit)
    menu.popup(place)


def fill_panel_menu(panel: "TimelinePanel", menu: QMenu) -> None:
    """Of the three dots in the bar."""
    menu.clear()
    landing = panel.landing
    lands = _item(menu, _tr("Lines land here as they are made"), lambda: landing.set_on(not landing.on))
    lands.setCheckable(True)
    lands.setChecked(landing.on)
    fitting = menu.addMenu(_tr("A new take that is longer or shorter"))
    for choice, words in (
        (Fitting.RIPPLE, _tr("moves what comes after it")),
        (Fitting.FIT, _tr("is played faster or slower")),
    ):
        action = _item(fitting, words, partial(landing.set_fitting, choice))
        action.setCheckable(True)
        action.setChecked(landing.fitting == choice)
    _commands(panel, menu, "land")
    menu.addSeparator()
    _commands(panel, menu, "tempo", "automation")
    menu.addSeparator()
    _item(menu, _tr("Keyboard shortcuts"), lambda: panel.work.desk.commands.run("help.shortcuts"))


def _clip(panel: "TimelinePanel", menu: QMenu, track: Track, clip: Clip) -> None:
    do = panel.actions_
    missing = panel.sources.shown(clip).missing
    if missing:
        _item(menu, _tr("Relink…"), lambda: panel.bringing.relink(clip.media), "refresh-cw")
        menu.addSeparator()
    if clip.line is not None:
        _item(menu, _tr("Go to its line in the script"), lambda: panel.line_wanted.emit(clip.line), "file-text")
        menu.addSeparator()
    _commands(panel, menu, "split", "cut", "copy", "paste", "duplicate")
    menu.addSeparator()
    _commands(panel, menu, "delete", "ripple_delete")
    menu.addSeparator()
    _commands(panel, menu, "mute", "group", "ungroup", "join", "crossfade")
    _fades(panel, menu, clip)
    speed = menu.addMenu(_tr("Speed"))
    for one in SPEEDS:
        _item(speed, f"{one:g}×", partial(do.set_speed, one))
    colours = menu.addMenu(_tr("Colour"))
    _item(colours, _tr("As its track"), partial(do.colour, None))
    for name in COLOURS:
        _item(colours, _colour_name(name), partial(do.colour, name)).setIcon(swatch(tokens().kind(name)))
    menu.addSeparator()
    _item(menu, _tr("Rename…"), lambda: _rename_clip(panel, clip), "pencil")
    _commands(panel, menu, "text")
    _beats(panel, menu, clip)
    if clip.line is None:
        _anchor(panel, menu, clip.id, clip.start, clip.anchor is not None)


def _beats(panel: "TimelinePanel", menu: QMenu, clip: Clip) -> None:
    """Of what is no speech: beats to click to."""
    shown, beats = panel.sources.shown(clip), panel.sources.beats
    path = panel.sources.path(shown.media) if shown.media is not None and shown.media.channels else None
    if path is None or clip.line is not None:
        return
    if len(shown.beats):
        snaps = _item(menu, _tr("Snap to its beats"), partial(panel.work.desk.commands.run, "timeline.snap_beats"))
        snaps.setCheckable(True)
        snaps.setChecked(panel.work.snapping_to_beats)
    else:
        entry = _item(menu, _tr("Find beats"), partial(beats.find, shown.media, str(path)), "music")
        entry.setEnabled(not beats.finding(shown.media))


def _fades(panel: "TimelinePanel", menu: QMenu, clip: Clip) -> None:
    do = panel.actions_
    for rising, title, fade in ((True, _tr("Fade in"), clip.fade_in), (False, _tr("Fade out"), clip.fade_out)):
        sub = menu.addMenu(title)
        for shape in Shape:
            action = _item(sub, _shape_name(shape), partial(do.set_fade, rising=rising, shape=shape))
            action.setCheckable(True)
            action.setChecked(bool(fade.length) and fade.shape == shape)
        sub.addSeparator()
        _item(sub, _tr("None"), partial(do.set_fade, rising=rising, length=0))


def _space(panel: "TimelinePanel", menu: QMenu, track: Track | None, at: int) -> None:
    do = panel.actions_
    if track is not None:
        paste = _item(menu, _tr("Paste here"), lambda: do.paste(at=at, track=track.id), "clipboard")
        paste.setEnabled(do.can_paste() and not track.locked)
        if any(clip.start > at for clip in track.clips):
            menu.addSeparator()
            _item(menu, _tr("Close the gap"), lambda: do.close_gap(track.id, at)).setEnabled(not track.locked)
            _item(menu, _tr("Close all gaps of this track"), lambda: do.close_gaps(track.id)).setEnabled(
                not track.locked
            )
            _item(menu, _tr("Select everything from here on"), lambda: do.select_from(at, track.id))
        menu.addSeparator()
        _item(menu, _tr("Select everything from here on, on all tracks"), lambda: do.select_from(at))
        menu.addSeparator()
    _item(menu, _tr("Add a marker here"), lambda: panel.mark(at), "bookmark")
    add = menu.addMenu(_tr("Add a track"))
    for content in Content:
        name = _content_name(content)
        _item(add, name, partial(do.add_track, name, content))
    if track is not None:
        _item(menu, _tr("Delete this track"), lambda: do.remove_track(track.id), "trash-2")


def _lane(panel: "TimelinePanel", menu: QMenu, lane: Lane, point: int) -> None:
    work, owner, name = panel.work, lane.track.id, lane.parameter
    if point >= 0:
        _item(menu, _tr("Delete the point"), lambda: remove_automation_point(work, lane, point))
    gone = _item(menu, _tr("Take the automation away"), lambda: remove_automation(work, owner, name), "trash-2")
    gone.setEnabled(bool(lane.track.channel.automated(name)) and not lane.track.locked)
    _item(menu, _tr("Hide"), lambda: work.show_lane(owner, name, False), "x")


def _marker(panel: "TimelinePanel", menu: QMenu, marker: Marker) -> None:
    from dataclasses import replace

    do = panel.actions_
    _item(menu, _tr("Rename the marker…"), lambda: rename_marker(panel, marker), "pencil")
    chapter = _item(
        menu, _tr("A chapter begins here"), lambda: do.set_marker(replace(marker, chapter=not marker.chapter))
    )
    chapter.setCheckable(True)
    chapter.setChecked(marker.chapter)
    colours = menu.addMenu(_tr("Colour"))
    for name in COLOURS:
        action = _item(colours, _colour_name(name), partial(do.set_marker, replace(marker, colour=name)))
        action.setIcon(swatch(tokens().kind(name)))
    _anchor(panel, menu, marker.id, marker.at, marker.anchor is not None)
    _item(menu, _tr("Delete the marker"), lambda: do.remove_marker(marker.id), "trash-2")


def _anchor(panel: "TimelinePanel", menu: QMenu, item: str, at: int, anchored: bool) -> None:
    """Whether it moves with the line of the script that is said there, or was last."""
    lines = [clip for clip in panel.work.document.clips() if clip.line is not None]
    before = [clip for clip in lines if clip.start <= at] or lines
    if not before:
        return
    near = max(before, key=lambda clip: clip.start) if before is not lines else min(lines, key=lambda one: one.start)
    line = None if anchored else near.line
    action = _item(menu, _tr("Moves with the script"), lambda: panel.actions_.anchor(item, line))
    action.setCheckable(True)
    action.setChecked(anchored)


def rename_marker(panel: "TimelinePanel", marker: Marker) -> None:
    from dataclasses import replace

    name, good = QInputDialog.getText(panel, _tr("Marker"), _tr("Name"), text=marker.name)
    if good:
        panel.actions_.set_marker(replace(marker, name=name.strip()))


def _rename_clip(panel: "TimelinePanel", clip: Clip) -> None:
    media = panel.sources.shown(clip).media
    now = clip.name or (media.name if media is not None else "")
    name, good = QInputDialog.getText(panel, _tr("Clip"), _tr("Name"), text=now)
    if good:
        panel.actions_.rename(clip.id, name.strip())


def _commands(panel: "TimelinePanel", menu: QMenu, *names: str) -> None:
    """Entries that are commands, each with its key."""
    for name in names:
        command = f"timeline.{name}"
        action = panel.work.desk.commands.action(command)
        entry = _item(menu, action.text(), action.trigger, panel.work.desk.commands.icon(command))
        entry.setText(f"{action.text()}\t{panel.work.desk.commands.shortcut(command)}")


def _item(menu: QMenu, text: str, run: Callable[[], object], name: str = "") -> QAction:
    action = menu.addAction(text)
    if name:
        action.setIcon(icon(name))
    action.triggered.connect(lambda _checked=False: run())
    return action


def _shape_name(shape: Shape) -> str:
    return {
        Shape.LINEAR: _tr("Linear"),
        Shape.EQUAL_POWER: _tr("Equal power"),
        Shape.SMOOTH: _tr("Smooth"),
        Shape.LOGARITHMIC: _tr("Slow, then fast"),
    }[shape]


def _content_name(content: Content) -> str:
    return {
        Content.SPEECH: _tr("Speech"),
        Content.MUSIC: _tr("Music"),
        Content.EFFECTS: _tr("Effects"),
        Content.OTHER: _tr("Other"),
    }[content]


def _colour_name(name: str) -> str:
    return {
        "voiceover": _tr("Violet"),
        "music": _tr("Teal"),
        "song": _tr("Pink"),
        "sound_effect": _tr("Amber"),
        "recording": _tr("Coral"),
        "image": _tr("Blue"),
        "film": _tr("Lilac"),
        "avatar": _tr("Green"),
    }[name]
