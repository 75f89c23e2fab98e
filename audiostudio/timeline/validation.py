"""Whether what was read can be: `schema` saw to the types of its values, this sees to the values.

Edits keep everything that `editing.invariants` and `songs` name. A file that was damaged, or that something else wrote,
may hold anything: only what nothing after could work with is refused here.
"""

from collections.abc import Iterable, Mapping
from operator import lt

from audiostudio.errors import RequestError
from audiostudio.timeline import songs
from audiostudio.timeline.editing import invariants
from audiostudio.timeline.editing.arranging import FASTEST_PICTURES, SAMPLE_RATES
from audiostudio.timeline.editing.invariants import LAST_MOMENT, clock
from audiostudio.timeline.editing.marking import check_tempo
from audiostudio.timeline.editing.mixing import value_check
from audiostudio.timeline.project import Media, Project
from audiostudio.timeline.schema import SchemaError
from audiostudio.timeline.time import TICKS, FrameRate
from audiostudio.timeline.tracks import Channel, Clip, Effect, Marker, Parameter, Point, Timeline, Track, Transition

_MOST_SAMPLES = 2**53


def check(project: Project) -> None:
    """Raises `SchemaError`, with the place, for the first thing that cannot be."""
    _once([timeline.id for timeline in project.timelines], "two timelines have one id")
    _once([song.id for song in project.songs], "two songs have one id")
    media = {one.id: one for one in project.media}
    try:
        for song in project.songs:
            songs.check(song)
        for one in project.media:
            invariants.medium(one)
        for timeline in project.timelines:
            check_timeline(timeline, media)
    except RequestError as error:
        raise SchemaError(error.sentence) from error


def check_timeline(timeline: Timeline, media: Mapping[str, Media]) -> None:
    """Raises `SchemaError`, and `RequestError` for a value that no edit would take."""
    _require(_is_rate(timeline.frame_rate), f"“{timeline.name}” has no frame rate")
    _require(timeline.sample_rate in SAMPLE_RATES, f"“{timeline.name}” has no sample rate")
    _require(timeline.loudness is None or -70 <= timeline.loudness <= 0, f"“{timeline.name}” has no loudness")
    _require(timeline.range is None or _lies(timeline.range.start, timeline.range.end), "the range lies nowhere")
    check_tempo(timeline.tempo)
    _once([track.id for track in timeline.tracks], "two tracks have one id")
    _once([clip.id for clip in timeline.clips()], "two clips have one id")
    for marker in timeline.markers:
        _marker(marker)
    _channel(timeline.master, "the master")
    for track in timeline.tracks:
        _track(track, media)


def _track(track: Track, media: Mapping[str, Media]) -> None:
    where = f"on the track “{track.name}”"
    end = 0
    for clip in track.clips:
        _clip(clip, media, f"the clip at {clock(clip.start)} {where}")
        _require(clip.start >= end, f"two clips lie on each other {where} at {clock(clip.start)}")
        end = clip.end
    clips = {clip.id for clip in track.clips}
    for one in track.transitions:
        _transition(one, clips, where)
    _channel(track.channel, where)


def _clip(clip: Clip, media: Mapping[str, Media], what: str) -> None:
    _require(clip.media in media, f"{what} plays what the project does not have")
    _require(clip.duration >= 1 and _lies(clip.start, clip.end), f"{what} has no place")
    _require(
        clip.source_start >= 0 and clip.source_length >= 1 and clip.source_start + clip.source_length <= _MOST_SAMPLES,
        f"{what} plays nothing",
    )
    _require(all(0 <= fade.length <= LAST_MOMENT for fade in (clip.fade_in, clip.fade_out)), f"{what} has no fade")
    _require(abs(clip.pitch) <= invariants.HIGHEST_PITCH, f"{what} has no pitch")
    invariants.gain(clip.gain)
    _points(clip.envelope, Parameter.GAIN, what)
    _effects(clip.effects)


def _transition(one: Transition, clips: set[str], where: str) -> None:
    _require({one.left, one.right} <= clips, f"a crossfade {where} lacks a clip")
    _require(_lies(0, one.in_offset) and _lies(0, one.out_offset), f"a crossfade {where} has no length")


def _channel(channel: Channel, where: str) -> None:
    invariants.gain(channel.gain)
    invariants.pan(channel.pan)
    _effects(channel.effects)
    for one in channel.automation:
        _points(one.points, one.parameter, f"the automation {where}")


def _points(points: tuple[Point, ...], parameter: str, what: str) -> None:
    """Of a clip some may lie outside of it: what was trimmed away."""
    times = [point.at for point in points]
    _require(all(map(lt, times, times[1:])), f"the points of {what} are in no order")
    _require(all(abs(at) <= LAST_MOMENT for at in times), f"a point of {what} lies nowhere")
    for point in points:
        value_check(parameter)(point.value)


def _effects(effects: Iterable[Effect]) -> None:
    for effect in effects:
        for setting in effect.settings:
            invariants.finite(setting.value)


def _marker(marker: Marker) -> None:
    _require(
        marker.duration >= 0 and _lies(marker.at, marker.at + marker.duration), f"the marker “{marker.name}” is nowhere"
    )


def _is_rate(rate: FrameRate) -> bool:
    return 0 < rate.denominator <= TICKS and 0 < rate.numerator <= FASTEST_PICTURES * rate.denominator


def _lies(start: int, end: int) -> bool:
    return 0 <= start <= end <= LAST_MOMENT


def _once(ids: list[str], otherwise: str) -> None:
    _require(len(set(ids)) == len(ids), otherwise)
    _require(not any("\ud800" <= character <= "\udfff" for character in "".join(ids)), "an id is no text")


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SchemaError(otherwise)
