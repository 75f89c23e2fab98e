"""The words that a timeline's speech says, and when."""

from dataclasses import replace

from audiostudio.script.captions import CaptionWord
from audiostudio.timeline.editing.removing import heard
from audiostudio.timeline.project import Project
from audiostudio.timeline.time import seconds
from audiostudio.timeline.tracks import Timeline, TrackKind
from audiostudio.timeline.transcript import Speech, is_spoken


def caption_words(project: Project, timeline: Timeline) -> list[CaptionWord]:
    """Of every clip that is heard and of which the words are known: of takes, and of recordings that were listened
    to, unless they stand on a track for music or effects; in the order of their sounding."""
    speech = Speech(project)
    speakers = {line.id: line.speaker or "" for line in project.script.lines}
    audible = timeline.audible
    found: list[tuple[CaptionWord, str | None]] = []
    for track in timeline.tracks:
        if track.kind != TrackKind.AUDIO or track.id not in audible:
            continue
        for said in speech.of_track(track):
            line = said.clip.line
            speaker = speakers.get(line or "", "")
            shown = not said.clip.muted and (said.clip.take is not None or is_spoken(track))
            for word in said.words if shown else ():
                found += [
                    (CaptionWord(word.text, seconds(span.start), seconds(span.end), speaker), line)
                    for span in heard(said.clip, said.media, [(word.start, word.end)])
                ]
    found.sort(key=lambda one: one[0].start_seconds)
    firsts = {line: number for number, (_, line) in reversed([*enumerate(found)]) if line is not None}
    return [replace(word, begins=firsts.get(line or "") == number) for number, (word, line) in enumerate(found)]
