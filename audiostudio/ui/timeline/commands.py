"""The timeline's commands. They stand in the palette while a project is open; their keys are those of a preset and
work while the panel has the focus."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from audiostudio.timeline.editing.trimming import Edge
from audiostudio.ui.commands import Command, Commands

if TYPE_CHECKING:
    from audiostudio.ui.timeline.panel import TimelinePanel

SCOPE = "timeline"
TOOLS = ("select", "blade", "slip", "slide", "stretch")


_Entry = tuple[str, str, Callable[[], object], str]
"""Name, label, what it does, icon."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("Commands", text)


def register(panel: "TimelinePanel", commands: Commands) -> None:
    group = _tr("Timeline")
    made = [*_playing(panel), *_editing(panel), *_places(panel), *_view(panel)]
    commands.add(
        *(Command(f"timeline.{name}", label, run, group, "", icon, scope=SCOPE) for name, label, run, icon in made),
        Command("timeline.show", _tr("Go to the timeline"), panel.focus, group, "Ctrl+Alt+T", "film"),
    )


def withdraw(commands: Commands) -> None:
    commands.remove(*[command.name for command in commands.all() if command.name.startswith("timeline.")])


def tool_name(tool: str) -> str:
    return {
        "select": _tr("Select and move"),
        "blade": _tr("Blade: cut where you click"),
        "slip": _tr("Slip: what a clip plays, under its edges"),
        "slide": _tr("Slide: a clip between its neighbours"),
        "stretch": _tr("Stretch: faster or slower by its end"),
    }[tool]


def tool_icon(tool: str) -> str:
    return {
        "select": "mouse-pointer-2",
        "blade": "scissors",
        "slip": "chevrons-left-right",
        "slide": "move-horizontal",
        "stretch": "unfold-horizontal",
    }[tool]


def _playing(panel: "TimelinePanel") -> list[_Entry]:
    return [
        ("play", _tr("Play or stop the timeline"), panel.play, "play"),
        ("shuttle_back", _tr("Play backwards, faster each time"), partial(panel.shuttle, -1), ""),
        ("shuttle_stop", _tr("Stop"), partial(panel.shuttle, 0), ""),
        ("shuttle_forward", _tr("Play forwards, faster each time"), partial(panel.shuttle, 1), ""),
        ("loop", _tr("Play the range over and over"), panel.toggle_loop, "repeat"),
        ("record", _tr("Record on the armed track, or stop"), panel.record, "circle:solid"),
    ]


def _editing(panel: "TimelinePanel") -> list[_Entry]:
    do = panel.actions_
    return [
        ("split", _tr("Split at the playhead"), do.split, "square-split-horizontal"),
        ("delete", _tr("Delete clips"), do.delete, "trash-2"),
        ("ripple_delete", _tr("Delete clips and close the gap"), partial(do.delete, ripple=True), "trash-2"),
        ("copy", _tr("Copy clips"), do.copy, "copy"),
        ("cut", _tr("Cut clips"), do.cut, "scissors"),
        ("paste", _tr("Paste clips"), do.paste, "clipboard"),
        ("paste_insert", _tr("Paste clips and make room"), partial(do.paste, insert=True), "clipboard"),
        ("duplicate", _tr("Duplicate clips"), do.duplicate, "copy"),
        ("select_all", _tr("Select all clips"), do.select_all, ""),
        ("deselect", _tr("Select nothing"), partial(panel.work.select, ()), ""),
        ("group", _tr("Group clips"), do.group, "group"),
        ("ungroup", _tr("Ungroup clips"), do.ungroup, "ungroup"),
        ("join", _tr("Join clips"), do.join, ""),
        ("crossfade", _tr("Crossfade"), do.crossfade, "blend"),
        ("mute", _tr("Mute or unmute clips"), do.toggle_mute, ""),
        ("text", _tr("Edit by text, silences and fillers…"), panel.edit_text, "file-text"),
        ("trim_start", _tr("Trim the beginning to the playhead"), partial(do.trim, Edge.START), ""),
        ("trim_end", _tr("Trim the end to the playhead"), partial(do.trim, Edge.END), ""),
        ("nudge_back", _tr("Clips one frame earlier"), partial(do.nudge, -1), ""),
        ("nudge_forward", _tr("Clips one frame later"), partial(do.nudge, 1), ""),
        ("louder", _tr("Clips 1 dB louder"), partial(do.change_gain, 1.0), ""),
        ("softer", _tr("Clips 1 dB softer"), partial(do.change_gain, -1.0), ""),
    ]


def _places(panel: "TimelinePanel") -> list[_Entry]:
    do = panel.actions_
    return [
        ("in", _tr("In point at the playhead"), do.set_in, ""),
        ("out", _tr("Out point at the playhead"), do.set_out, ""),
        ("range_clear", _tr("No in and out points"), partial(do.set_range, None), ""),
        ("marker", _tr("Marker at the playhead"), panel.mark, "bookmark"),
        ("marker_before", _tr("Go to the marker before"), partial(do.jump_marker, -1), ""),
        ("marker_after", _tr("Go to the next marker"), partial(do.jump_marker, 1), ""),
        ("start", _tr("Go to the beginning"), partial(panel.go, 0), ""),
        ("end", _tr("Go to the end"), panel.go_to_end, ""),
        ("frame_back", _tr("One frame back"), partial(do.step, -1), ""),
        ("frame_forward", _tr("One frame on"), partial(do.step, 1), ""),
        ("second_back", _tr("A second back"), partial(do.step_seconds, -1), ""),
        ("second_forward", _tr("A second on"), partial(do.step_seconds, 1), ""),
        ("edit_before", _tr("Go to the edge before"), partial(do.jump, -1), ""),
        ("edit_after", _tr("Go to the next edge"), partial(do.jump, 1), ""),
    ]


def _view(panel: "TimelinePanel") -> list[_Entry]:
    work, view = panel.work, panel.view
    return [
        ("zoom_in", _tr("Zoom in"), partial(view.zoom, 1.5), "zoom-in"),
        ("zoom_out", _tr("Zoom out"), partial(view.zoom, 1 / 1.5), "zoom-out"),
        ("zoom_all", _tr("Show the whole timeline"), view.show_all, "maximize-2"),
        ("zoom_selection", _tr("Show what is selected"), panel.show_selection, ""),
        ("snap", _tr("Snapping on or off"), lambda: work.set_snapping(not work.snapping), "magnet"),
        (
            "snap_beats",
            _tr("Snapping to beats of the music on or off"),
            lambda: work.set_snapping_to_beats(not work.snapping_to_beats),
            "",
        ),
        ("ripple", _tr("Rippling on or off"), lambda: work.set_rippling(not work.rippling), "arrow-up-down"),
        (
            "overlap",
            _tr("Crossfades where clips overlap, on or off"),
            lambda: work.set_crossfading(not work.crossfading),
            "blend",
        ),
        ("tempo", _tr("Tempo and beats…"), panel.ask_tempo, ""),
        ("automation", _tr("Show or hide the automation of the track"), panel.toggle_automation, ""),
        ("land", _tr("Put the voiceover on the timeline"), panel.landing.land_all, "audio-lines"),
        ("fold", _tr("Fold or unfold the timeline"), panel.toggle_fold, "chevrons-up-down"),
        *((f"tool.{tool}", tool_name(tool), partial(work.set_tool, tool), tool_icon(tool)) for tool in TOOLS),
    ]
