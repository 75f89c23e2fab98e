"""Speech clips follow the script: takes land as clips, new takes replace the old ones in place.

Each speaker has a track, so that a voice is mixed, ducked and handed off by itself and two speakers may overlap; lines
without a speaker share the track “Voice”. Clips that the user moved elsewhere draw later lines of their speaker there.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from audiostudio.timeline.editing import source
from audiostudio.timeline.editing.draft import START, Draft
from audiostudio.timeline.editing.placing import clip_of
from audiostudio.timeline.editing.removing import remove
from audiostudio.timeline.editing.retaking import retaken
from audiostudio.timeline.editing.rippling import Shift, Shifts
from audiostudio.timeline.project import LINE_PAUSE, Media, Project, Slot, Take, new_id
from audiostudio.timeline.time import of_samples
from audiostudio.timeline.tracks import Clip, Content, Track

VOICE = "Voice"
"""The track of lines without a speaker."""
PAUSE_RATE = 48_000
"""Pauses are whole samples of this rate, as in a joined voiceover."""


class Fitting(StrEnum):
    """What becomes of the time around a take that is longer or shorter than the one before."""

    RIPPLE = "ripple"
    """Everything at or after the old end moves by the difference; what only spans the place stays."""
    FIT = "fit"
    """The clip keeps its place and its length: the take is played faster or slower."""


class Placed(NamedTuple):
    """A line of the script that has something to say. A line that only pauses lengthens `pause_after` of the one
    before."""

    line: str
    """Its id."""
    take: Take | None
    """The one to play; None: not made yet."""
    speaker: str | None = None
    """The name of its role."""
    pause_before: float = 0.0
    """Seconds, on top of the pause after the line before."""
    pause_after: float = LINE_PAUSE
    """Seconds."""
    slot: Slot | None = None
    """When it has to be heard."""
    channels: int = 1
    """Of the take's file."""


def land(
    project: Project,
    timeline_id: str,
    placed: Sequence[Placed],
    *,
    only: Collection[str] | None = None,
    fitting: Fitting = Fitting.RIPPLE,
) -> Project:
    """Let the timeline play the takes of these lines.

    `placed`: all lines that have something to say, in the order of the script; `only`: ids of those that are to land
    (None: all), e.g. the ones that were just made, so that lines whose clips the user deleted stay away.
    - A line with clips of another take gets the new one in their place, with the clips' gain, fades, effects and, as
      far as the words are the same or only silence was trimmed, their cuts.
    - A line without a clip lands after the clip of the line before, with the pause that a joined voiceover has, or in
      its slot. Lines that come after it make room; without any, only what is in its way moves.
    - Markers and clips that are anchored to a line move with it. Nothing on a locked track changes.

    Raises `RequestError` when all of the lines are on locked tracks, or when a take cannot be fitted.
    """
    draft = Draft(project, timeline_id)
    speech = _Speech(draft, placed)
    wanted = {one.line: one for one in placed if one.take is not None and (only is None or one.line in only)}
    takes = {take.id: take for take in project.takes}
    arrivals: dict[str, list[Clip]] = {}
    retakes: list[tuple[_Run, list[Clip]]] = []
    locked: list[str] = []
    for line, one in wanted.items():
        if one.take is None:
            continue
        media = media_of(one.take, one.channels)
        if line not in speech.runs:
            arrivals[line] = [clip_of(media, line=line, take=one.take.id)]
            draft.add_media([media])
        for index, run in enumerate(speech.runs.get(line, ())):
            if all(clip.take == one.take.id for clip in run.clips):
                continue
            if draft.track(run.track).locked:
                locked.append(run.track)
                continue
            old, fit = takes.get(run.clips[0].take or ""), fitting == Fitting.FIT
            new = retaken(run.clips, draft.medium(run.clips[0]), old, one.take, media, fit=fit)
            draft.add_media([media])
            retakes.append((run, new))
            speech.runs[line][index] = run._replace(last=new[-1].id)
    locked += speech.arrive(arrivals, _replace(draft, retakes))
    after = draft.done()
    if after is project and locked:
        draft.unlocked(locked[0])
    return after


def behind(project: Project, timeline_id: str, placed: Sequence[Placed]) -> tuple[str, ...]:
    """Lines whose take the timeline does not play: it has no clip of them, or one of another take."""
    playing: dict[str, set[str | None]] = {}
    for clip in project.timeline(timeline_id).clips():
        if clip.line is not None:
            playing.setdefault(clip.line, set()).add(clip.take)
    return tuple([one.line for one in placed if one.take is not None and playing.get(one.line) != {one.take.id}])


def orphaned(project: Project, timeline_id: str) -> tuple[Clip, ...]:
    """Clips whose line is no longer in the script. They stay until they are removed."""
    lines = {line.id for line in project.script.lines}
    clips = project.timeline(timeline_id).clips()
    return tuple([clip for clip in clips if clip.line is not None and clip.line not in lines])


def remove_orphaned(project: Project, timeline_id: str, *, ripple: bool = True) -> Project:
    """Without the clips of lines that are no longer in the script. Raises `RequestError` when a track is locked."""
    gone = [clip.id for clip in orphaned(project, timeline_id)]
    return remove(project, timeline_id, gone, ripple=ripple, grouped=False) if gone else project


def displaced(project: Project, timeline_id: str, placed: Sequence[Placed]) -> tuple[str, ...]:
    """The fewest lines that would have to move for the clips to be in the order of the script. Lines with a slot have
    their own place."""
    speech = _Speech(Draft(project, timeline_id), placed)
    lines = [one.line for one in placed if one.line in speech.runs and one.slot is None]
    kept = _longest_rising([speech.runs[line][0].start for line in lines])
    return tuple([line for index, line in enumerate(lines) if index not in kept])


def follow_order(
    project: Project, timeline_id: str, placed: Sequence[Placed], *, only: Collection[str] | None = None
) -> Project:
    """Move clips of lines that moved in the script behind the line that is now before them. What came after them
    moves up, what comes after their new place makes room. `only`: of these lines; None: all `displaced` ones."""
    draft = Draft(project, timeline_id)
    speech = _Speech(draft, placed)
    moving = [line for line in displaced(project, timeline_id, placed) if only is None or line in only]
    arrivals: dict[str, list[Clip]] = {}
    shifts: list[Shift] = []
    for line in moving:
        run = speech.runs[line][0]
        draft.unlocked(run.track)
        draft.take_out({run.track: list(run.clips)})
        arrivals[line] = [source.moved(clip, -run.start) for clip in run.clips]
        speech.home[line] = run.track
        shifts.append(Shift(run.end, run.start - run.end - speech.pause_to_close(line)))
    draft.ripple(Shifts(shifts))
    speech = _Speech(draft, placed, speech.home)
    for line in moving:
        speech.runs.pop(line, None)
    speech.arrive(arrivals, [])
    return draft.done()


def media_of(take: Take, channels: int = 1) -> Media:
    """What clips of a take play."""
    name = " ".join(take.text.split())
    short = name if len(name) <= 60 else name[:59] + "…"
    return Media(take.asset.id, take.asset, take.samples, take.sample_rate, channels, short)


class _Run(NamedTuple):
    """Clips of one line that follow each other on a track, as a take that was cut leaves them."""

    track: str
    clips: tuple[Clip, ...]
    last: str
    """The id of the clip that it ends with."""

    @property
    def start(self) -> int:
        return self.clips[0].start

    @property
    def end(self) -> int:
        return self.clips[-1].end


@dataclass
class _Speech:
    """What the timeline has of the script's lines."""

    draft: Draft
    placed: Sequence[Placed]
    home: dict[str, str] = field(default_factory=dict)
    """Line → the track that its clips are to go to, where that is known."""

    def __post_init__(self) -> None:
        self.runs = _runs(self.draft)
        """By line, in the order of time."""

    def arrive(self, arrivals: Mapping[str, list[Clip]], shifts: list[Shift]) -> list[str]:
        """Put in clips (that begin at 0) of lines that have none, and move everything by `shifts`. Gives the tracks
        of those that could not be put in, being locked."""
        tracks, locked = self._tracks_for(arrivals)
        chains = [chain for chain in self._chains(tracks.keys()) if chain.lines]
        lengths = {line: arrivals[line][-1].end for line in tracks}
        room = [shift for chain in chains for shift in self._room(chain, lengths)]
        all_shifts = Shifts([*shifts, *room])
        self.draft.ripple(all_shifts, stay=self._beds(chains))
        ends = {clip.id: clip.end for track_id in self.draft.tracks for clip in self.draft.clips(track_id)}
        new: dict[str, list[Clip]] = {}
        for chain in chains:
            at = chain.after + all_shifts.by(chain.after - 1)
            if chain.before is not None:
                at = ends[self.runs[chain.before.line][0].last]
            pause = _ticks(chain.before.pause_after) if chain.before is not None else 0
            for one in chain.lines:
                start = at + pause + _ticks(one.pause_before)
                if one.slot is not None:
                    start = max(at, _ticks(one.slot.start))
                new.setdefault(tracks[one.line], []).extend(source.moved(clip, start) for clip in arrivals[one.line])
                at, pause = start + lengths[one.line], _ticks(one.pause_after)
        for track_id, clips in new.items():
            self.draft.put_in(track_id, clips)
        _make_way(self.draft, new.keys())
        return locked

    def pause_to_close(self, line: str) -> int:
        """How much of the silence around a line goes with it when it moves away."""
        run = self.runs[line][0]
        one = next(one for one in self.placed if one.line == line)
        later = [runs[0].start for runs in self.runs.values() if runs[0].start >= run.end]
        return min(_ticks(one.pause_before) + _ticks(one.pause_after), min(later, default=run.end) - run.end)

    def _beds(self, chains: Iterable["_Chain"]) -> set[str]:
        """Clips under the speech that begin with its first line: one that comes before it comes over them too."""
        at = {chain.after for chain in chains if chain.before is None}
        tracks = [track for track in self.draft.tracks.values() if track.content != Content.SPEECH] if at else []
        clips = [clip for track in tracks for clip in self.draft.clips(track.id) if clip.start in at]
        ends = [run.end for runs in self.runs.values() for run in runs if run.start in at]
        return {clip.id for clip in clips if ends and clip.end > max(ends)}

    def _chains(self, arriving: Collection[str]) -> list["_Chain"]:
        """Arriving lines that follow each other in the script, with what is before and after them."""
        chains = [_Chain(None, 0)]
        for one in self.placed:
            if one.line in self.runs:
                first = self.runs[one.line][0]
                last = chains[-1]
                last.next = first.start
                if last.before is None:
                    last.after = max(0, first.start - _ticks(one.pause_before))
                chains.append(_Chain(one, first.end))
            elif one.line in arriving:
                chains[-1].lines.append(one)
        return chains

    def _room(self, chain: "_Chain", lengths: Mapping[str, int]) -> list[Shift]:
        """What the lines of a chain need before the line after them: none when there is none, or for slots."""
        lines = [one for one in chain.lines if one.slot is None]
        if not lines or chain.next is None or chain.next < chain.after:
            return []
        need = sum(lengths[one.line] + _ticks(one.pause_before) + _ticks(one.pause_after) for one in lines)
        before = _ticks(chain.before.pause_after) if chain.before is not None else 0
        gap = chain.next - chain.after - before + _ticks(lines[-1].pause_after)
        return [Shift(chain.after, need - min(gap, 0))]

    def _tracks_for(self, arrivals: Mapping[str, list[Clip]]) -> tuple[dict[str, str], list[str]]:
        """The track for each arriving line; and those that are locked, without their lines."""
        of_speaker: dict[str | None, str] = {}
        for one in reversed(self.placed):
            if one.line in self.runs:
                of_speaker[one.speaker] = self.runs[one.line][0].track
        tracks: dict[str, str] = {}
        locked: list[str] = []
        for one in self.placed:
            if one.line in self.runs:
                of_speaker[one.speaker] = self.runs[one.line][0].track
            elif one.line in arrivals:
                if one.speaker not in of_speaker:
                    of_speaker[one.speaker] = _speech_track(self.draft, one.speaker or VOICE)
                track_id = self.home.get(one.line, of_speaker[one.speaker])
                if self.draft.track(track_id).locked:
                    locked.append(track_id)
                else:
                    tracks[one.line] = track_id
        return tracks, locked


@dataclass
class _Chain:
    before: Placed | None
    """The line that the arriving ones come after; None: they come first."""
    after: int
    """Where that one ends, before anything moved."""
    next: int | None = None
    """Where the line after them begins."""
    lines: list[Placed] = field(default_factory=list)


def _ticks(seconds: float) -> int:
    return of_samples(round(seconds * PAUSE_RATE), PAUSE_RATE)


def _runs(draft: Draft) -> dict[str, list[_Run]]:
    found: dict[str, list[_Run]] = {}
    for track_id in draft.tracks:
        run: list[Clip] = []
        for clip in [*draft.clips(track_id), None]:
            if run and not (clip is not None and _goes_on(run[-1], clip)):
                if run[0].line is not None:
                    found.setdefault(run[0].line, []).append(_Run(track_id, tuple(run), run[-1].id))
                run = []
            if clip is not None:
                run.append(clip)
    return {line: sorted(runs, key=START) for line, runs in found.items()}


def _goes_on(one: Clip, other: Clip) -> bool:
    same = (one.line, one.take, one.media) == (other.line, other.take, other.media)
    return same and one.source_start + one.source_length <= other.source_start


def _replace(draft: Draft, retakes: Sequence[tuple[_Run, list[Clip]]]) -> list[Shift]:
    """Other clips in the place of those of runs. Gives what that moves."""
    gone = {clip.id for run, _ in retakes for clip in run.clips}
    shifts: list[Shift] = []
    for track_id in {run.track for run, _ in retakes}:
        new = [clip for run, clips in retakes for clip in clips if run.track == track_id]
        draft.lay(track_id, [clip for clip in draft.clips(track_id) if clip.id not in gone])
        draft.put_in(track_id, new)
    for run, new in retakes:
        draft.retarget(run.track, run.clips[-1].id, new[-1].id)
        if len(new) == len(run.clips):
            pairs = zip(run.clips, new, strict=True)
            shifts += [Shift(was.end, now.duration - was.duration) for was, now in pairs]
        else:
            shifts.append(Shift(run.end, new[-1].end - run.end))
    return shifts


def _make_way(draft: Draft, track_ids: Iterable[str]) -> None:
    """Everything from a clip on that lies on another moves behind that one."""
    for track_id in track_ids:
        clips = draft.clips(track_id)
        lacking = [Shift(b.start, a.end - b.start) for a, b in pairwise(clips) if a.end > b.start]
        if lacking:
            draft.ripple(Shifts(lacking))


def _speech_track(draft: Draft, name: str) -> str:
    """The track for speech of that name, made when there is none: below the other speech, or at the top."""
    speech = [index for index, track in enumerate(draft.tracks.values()) if track.content == Content.SPEECH]
    tracks = list(draft.tracks.values())
    for index in speech:
        if tracks[index].name == name:
            return tracks[index].id
    made = Track(new_id(), name, content=Content.SPEECH)
    tracks.insert(speech[-1] + 1 if speech else 0, made)
    draft.tracks = {track.id: track for track in tracks}
    return made.id


def _longest_rising(values: Sequence[int]) -> set[int]:
    """Indices of a longest subsequence that rises."""
    lasts: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for index, value in enumerate(values):
        length = bisect_left(lasts, value)
        previous.append(ends[length - 1] if length else -1)
        lasts[length : length + 1] = [value]
        ends[length : length + 1] = [index]
    kept: set[int] = set()
    index = ends[-1] if ends else -1
    while index >= 0:
        kept.add(index)
        index = previous[index]
    return kept
