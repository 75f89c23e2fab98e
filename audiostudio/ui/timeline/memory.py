"""How the timeline of each project was shown when it was left."""

from typing import Any

from audiostudio.errors import StudioError
from audiostudio.ui.timeline.divisions import Unit
from audiostudio.ui.timeline.scale import CLOSEST, WIDEST, Scale
from audiostudio.ui.timeline.view import TimelineView
from audiostudio.ui.timeline.work import TimelineWork

_KEY = "timeline.panels"
_PROJECTS = 60
"""Of which it is remembered."""


class Memory:
    def __init__(self, work: TimelineWork, view: TimelineView) -> None:
        self._work, self._view = work, view
        self._kept: dict[str, Any] = self._all().get(work.project.id, {})

    @property
    def folded(self) -> bool:
        return bool(self._kept.get("folded", False))

    @property
    def height(self) -> int:
        """Of the panel; 0: as usual."""
        height = self._kept.get("height")
        return height if isinstance(height, int) else 0

    @property
    def zoomed(self) -> bool:
        """Whether it is known how close it was looked at."""
        return "per_pixel" in self._kept

    def recall(self) -> None:
        left, per_pixel, heights = (self._kept.get(name) for name in ("left", "per_pixel", "heights"))
        if isinstance(heights, dict):
            self._work.heights.update({key: one for key, one in heights.items() if isinstance(one, int)})
            self._work.heights_changed.emit()
        lanes = self._kept.get("lanes")
        for track, names in lanes.items() if isinstance(lanes, dict) else ():
            for name in names if isinstance(names, list) else ():
                self._work.show_lane(track, str(name))
        unit = self._kept.get("unit")
        self._view.ruler.unit = next((one for one in Unit if one == unit), Unit.CLOCK)
        if isinstance(left, int) and isinstance(per_pixel, int | float) and CLOSEST <= per_pixel <= WIDEST:
            self._view.canvas.set_scale(Scale(max(0, left), float(per_pixel)))

    def keep(self, *, folded: bool, height: int | None) -> None:
        """`height`: of the panel, where it is open."""
        work, scale = self._work, self._view.canvas.scene.scale
        if not work.document.tracks:
            return
        here: dict[str, Any] = {"folded": folded, "left": scale.left, "per_pixel": scale.per_pixel}
        known = {track.id for track in work.document.tracks}
        here["heights"] = {track: one for track, one in work.heights.items() if track in known}
        here["lanes"] = {track: list(names) for track, names in work.lanes().items()}
        here["unit"] = str(self._view.ruler.unit)
        if height is not None:
            here["height"] = height
        project = work.project.id
        others = {key: one for key, one in self._all().items() if key != project}
        try:
            work.desk.settings[_KEY] = dict([*others.items(), (project, here)][-_PROJECTS:])
        except StudioError as error:
            work.desk.messages.error(error)

    def _all(self) -> dict[str, Any]:
        kept = self._work.desk.settings.get(_KEY)
        return {key: one for key, one in kept.items() if isinstance(one, dict)} if isinstance(kept, dict) else {}
