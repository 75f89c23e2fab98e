"""The words of a song with their times: as they lie in its detail, and as files that players read."""

from collections.abc import Sequence

from audiostudio.jobs import JsonObject
from audiostudio.music.lyrics import Lyrics
from audiostudio.music.score import Score
from audiostudio.music.song import VocalPart
from audiostudio.script.captions import Cue, TimedText, ass, lrc


def sung_words(lyrics: Lyrics, vocals: Sequence[VocalPart], score: Score) -> JsonObject:
    """`{lines: [{text, start, end, slots, section, words: [{text, start, end, confidence}]}]}` of what is sung, in
    seconds: a word lasts from its first note to the end of its last."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for part in sorted(vocals, key=lambda one: one.role != "lead"):
        for note in part.notes:
            place = note.line, note.word
            if part.role != "lead" and place in spans:
                continue
            first, last = spans.get(place, (note.start, note.start))
            spans[place] = min(first, note.start), max(last, note.start + note.length)
    return {"lines": [line for index in range(len(lyrics.lines)) if (line := _line(lyrics, index, spans, score))]}


def _line(lyrics: Lyrics, index: int, spans: dict[tuple[int, int], tuple[int, int]], score: Score) -> JsonObject | None:
    line = lyrics.lines[index]
    words = [
        {
            "text": word.text,
            "start": round(score.seconds_at(spans[index, place][0]), 3),
            "end": round(score.seconds_at(spans[index, place][1]), 3),
            "confidence": 1.0,
        }
        for place, word in enumerate(line.words)
        if (index, place) in spans
    ]
    if not words:
        return None
    words.sort(key=lambda word: float(str(word["start"])))
    return {
        "text": line.text,
        "start": words[0]["start"],
        "end": words[-1]["end"],
        "slots": list(line.slots),
        "section": lyrics.sections[line.section].name,
        "words": words,
    }


def cues_of(lyrics: JsonObject) -> list[Cue]:
    """A line each, of `detail["lyrics"]`. What follows before a line has ended cuts it short."""
    lines = [line for line in lyrics["lines"] if line["words"]]
    found: list[Cue] = []
    for line, following in zip(lines, [*lines[1:], None], strict=True):
        words = line["words"]
        end = min(line["end"], following["start"]) if following else line["end"]
        timed = tuple(
            TimedText(f"{' ' if place else ''}{word['text']}", word["start"], word["end"])
            for place, word in enumerate(words)
        )
        text = " ".join(word["text"] for word in words)
        found.append(Cue(line["start"], max(end, line["start"]), (text,), (timed,), "+".join(line["slots"])))
    return found


def lrc_of(lyrics: JsonObject) -> str:
    """Lyrics with the time of each word: the enhanced LRC."""
    return lrc(cues_of(lyrics), word_times=True)


def ass_of(lyrics: JsonObject) -> str:
    """Subtitles whose words light up as they are sung; who sings stands as each line's name."""
    return ass(cues_of(lyrics))
