"""The words that a timeline's speech says, and when."""

from audiostudio.script.captions import CaptionWord
from audiostudio.timeline.project import Project, Take, TakeWord
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip, Timeline, TrackKind


def caption_words(project: Project, timeline: Timeline) -> list[CaptionWord]:
    """Of every clip that is heard and plays a take whose words are known, in the order of their sounding."""
    takes = {take.id: take for take in project.takes}
    lines = {line.id: line for line in project.script.lines}
    solo = any(track.solo for track in timeline.tracks)
    found = []
    for track in timeline.tracks:
        if track.kind != TrackKind.AUDIO or track.muted or (solo and not track.solo):
            continue
        for clip in track.clips:
            take = takes.get(clip.take or "")
            if take is None or clip.muted:
                continue
            line = lines.get(take.line)
            speaker = line.speaker or "" if line is not None else ""
            found += [shown for word in take.words if (shown := _shown(clip, take, word, speaker)) is not None]
    return sorted(found, key=lambda word: word.start_seconds)


def _shown(clip: Clip, take: Take, word: TakeWord, speaker: str) -> CaptionWord | None:
    """The part of a word that the clip plays; None: less than half of it."""
    first = max(word.start, clip.source_start)
    last = min(word.end, clip.source_start + clip.source_length)
    if last <= first or 2 * (last - first) < word.end - word.start:
        return None
    scale = clip.duration / clip.source_length

    def seconds(sample: int) -> float:
        return (clip.start + (sample - clip.source_start) * scale) / TICKS

    return CaptionWord(word.text, seconds(first), seconds(last), speaker)
