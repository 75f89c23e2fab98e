"""A plan as CMX 3600 EDLs, one for each track: that is all such a list can hold and any editor reads."""

from fractions import Fraction

from audiostudio.errors import RequestError
from audiostudio.render.handoff.cuts import Lane, Plan
from audiostudio.render.handoff.otio import colour
from audiostudio.timeline.time import FrameRate
from audiostudio.timeline.tracks import Marker

_RATES = {
    (24000, 1001),
    (24, 1),
    (25, 1),
    (30000, 1001),
    (30, 1),
    (48, 1),
    (50, 1),
    (60000, 1001),
    (60, 1),
}
_DROPPED = {Fraction(30000, 1001): 2, Fraction(60000, 1001): 4}
"""Numbers that drop-frame timecode leaves out each minute but every tenth."""


def edl(plan: Plan, lane: Lane, first: bool) -> str:
    """The list of one track; `first`: it also has the markers. Raises `RequestError` for a rate without timecode."""
    rate = plan.frame_rate
    if (rate.numerator, rate.denominator) not in _RATES:
        raise RequestError(
            f"There is no timecode of {float(Fraction(*rate)):g} frames a second.", "Choose another rate or format."
        )
    drop = Fraction(*rate) in _DROPPED
    lines = [f"TITLE: {_plain(plan.name)}", f"FCM: {'DROP FRAME' if drop else 'NON-DROP FRAME'}"]
    markers = list(plan.markers) if first else []
    for number, cut in enumerate(lane.cuts, 1):
        channel = "A" if cut.piece.channels == 1 else "AA"
        times = (cut.source_start, cut.source_start + cut.duration, cut.start, cut.end)
        lines.append("")
        lines.append(f"{number:03}  AX       {channel:<5} C        {' '.join(timecode(t, rate) for t in times)}")
        lines.append(f"* FROM CLIP NAME: {_plain(cut.name)}")
        lines.append(f"* FROM FILE: {_plain(cut.piece.name)}")
        until = lane.cuts[number].start if number < len(lane.cuts) else None
        lines += [_locator(plan, marker) for marker in _taken(plan, markers, until)]
    return "\n".join(lines) + "\n"


def timecode(frame: int, rate: FrameRate) -> str:
    """`00:01:00;02`: drop-frame, with its semicolon, at 29.97 and 59.94 frames a second."""
    exact = Fraction(*rate)
    whole = round(exact)
    dropped = _DROPPED.get(exact, 0)
    if dropped:
        tens, rest = divmod(frame, whole * 600 - 9 * dropped)
        frame += 9 * dropped * tens + dropped * max(0, (rest - dropped) // (whole * 60 - dropped))
    seconds, frames = divmod(frame, whole)
    sign = ";" if dropped else ":"
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{sign}{frames:02}"


def _taken(plan: Plan, markers: list[Marker], until: int | None) -> list[Marker]:
    """The markers before `until`, in the clip before it."""
    found = []
    while markers and (until is None or plan.grid.at(markers[0].at) < until):
        found.append(markers.pop(0))
    return found


def _locator(plan: Plan, marker: Marker) -> str:
    place = timecode(plan.grid.at(marker.at), plan.frame_rate)
    return f"* LOC: {place} {colour(marker.colour):<7} {_plain(marker.name)}".rstrip()


def _plain(text: str) -> str:
    return " ".join(text.split())
