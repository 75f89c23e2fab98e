"""Lyrics laid on a recording: when each word is sung, found by recognition, mended by what the user fixed."""

from bisect import bisect_left
from collections.abc import Generator, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from audiostudio.engines.base import HeardWord
from audiostudio.errors import RequestError
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import Asset
from audiostudio.music.lyrics import Lyrics, parse
from audiostudio.music.word_times import SungLine, Timed, sung_times
from audiostudio.operations.listening import measured
from audiostudio.operations.music.sounds import mono, source_of
from audiostudio.operations.music.vocals import vocals_stem
from audiostudio.operations.studio import Studio
from audiostudio.script.comparison import compare
from audiostudio.script.language import language as find_language
from audiostudio.script.reading import read
from audiostudio.script.word_times import LEAST
from audiostudio.sound.files import probe

MOST_WORDS = 20_000
_RATE = 16_000
_HEARD = "sung"
"""Where words that were recognised lie in the details of an asset."""
_EARLY = 0.1
"""Seconds that words are recognised before their notes: a consonant comes before the beat. See docs/benchmarks.md."""
_OTHER = 0.3
"""How sure a word is in whose place another was heard."""


class Fixed(NamedTuple):
    """A word that the user put in its place."""

    line: int
    word: int
    start: float


def align(studio: Studio, request: JsonObject) -> Generator[Progress | Partial, None, JsonObject]:
    """`{asset | path, lyrics, language?, fixed?: [[line, word, start]], again?}` → `{lines: [{text, start, end, slots,
    section, words: [{text, start, end, confidence}]}], heard, vocals}`, seconds.

    `lyrics` as they are typed, with sections and singers. The vocal stem is listened to where the asset has one
    (`vocals`: its id), else the mix. `confidence` is 0 where a word was not heard and its place is guessed, 1 where the
    user fixed it; `heard` is the share of words that were recognised. What lies between two fixed words is found anew
    between them. An asset keeps the result in `detail["lyrics"]`, and the words that were recognised, so that fixing a
    word does not listen again.

    Raises `RequestError`, `ModelMissing`, `UnknownLanguage`, `MissingMedia`, `UnreadableMedia`, `EngineFailed`.
    """
    lyrics = parse(str(request["lyrics"]))
    count = sum(len(line.words) for line in lyrics.lines)
    if not count:
        raise RequestError("There are no words to lay on the track.", "Write or paste its lyrics.")
    if count > MOST_WORDS:
        raise RequestError(f"The lyrics have {count:,} words.", f"{MOST_WORDS:,} can be laid on a track at once.")
    source = source_of(studio, request)
    stem = vocals_stem(studio, source.asset) if source.asset is not None else None
    path = stem.path if stem is not None else source.path
    seconds = probe(path).duration or 0.0
    fixed = _fixed(request, lyrics, seconds)
    tag = request.get("language") or None
    words, tag = yield from _listened(studio, source.asset, path, tag, lyrics, bool(request.get("again")))
    if stem is not None:
        words = _behind_silences(words, measured(path)[0].quiet)
    rows = _recognised(lyrics, words, find_language(tag or "en").tag, fixed)
    lines = [SungLine(tuple(map(_letters, (word.text for word in line.words))), line.section) for line in lyrics.lines]
    times = sung_times(lines, rows, seconds)
    found = _told(lyrics, times)
    if source.asset is not None:
        studio.library.update_detail(source.asset.id, {"lyrics": found})
    heard = sum(one is not None for row in rows for one in row) / count
    return {**found, "heard": round(heard, 3), "vocals": stem.id if stem is not None else None}


def _fixed(request: JsonObject, lyrics: Lyrics, seconds: float) -> list[Fixed]:
    """What the user fixed, in order. Raises `RequestError` for a word that is not there, and for words in another order
    than they are sung."""
    found = sorted(Fixed(int(line), int(word), float(start)) for line, word, start in request.get("fixed") or ())
    for one in found:
        if not (0 <= one.line < len(lyrics.lines) and 0 <= one.word < len(lyrics.lines[one.line].words)):
            raise RequestError(f"Line {one.line + 1} has no word {one.word + 1}.", "Align the lyrics again.")
        if not 0 <= one.start <= seconds:
            raise RequestError(
                f"Line {one.line + 1}, word {one.word + 1}: {one.start:.2f} s is not in the track.", "Move the word."
            )
    for before, after in pairwise(found):
        if after.start <= before.start:
            raise RequestError(
                f"Line {after.line + 1}, word {after.word + 1} would begin before the word that is fixed before it.",
                "Move one of the two.",
            )
    return found


def _listened(
    studio: Studio, asset: Asset | None, path: Path, tag: str | None, lyrics: Lyrics, again: bool
) -> Generator[Progress, None, tuple[list[HeardWord], str]]:
    """The words that are heard, and their language; those that an asset kept."""
    content = studio.library.get(asset.id).content_hash if asset is not None else ""
    key = [content, path.name, tag or ""]
    kept = asset.detail.get(_HEARD) if asset is not None and not again else None
    if isinstance(kept, dict) and kept.get("of") == key:
        return [HeardWord(*word) for word in kept["words"]], str(kept["language"])
    yield Progress(0.0, "Loading speech recognition")
    length = probe(path).duration or 0.0
    words: list[HeardWord] = []
    language = tag or ""
    for heard in studio.engines.transcriber().transcribe(mono(path, _RATE), _RATE, tag):
        language = language or heard.language
        words += heard.words
        yield Progress(min(0.99, heard.end / length) if length else None, "Listening")
    if asset is not None:
        told = [[one.text, round(one.start, 3), round(one.end, 3), round(one.probability, 3)] for one in words]
        studio.library.update_detail(asset.id, {_HEARD: {"of": key, "language": language, "words": told}})
    return words, language


def _behind_silences(words: Sequence[HeardWord], quiet: Sequence[tuple[float, float]]) -> list[HeardWord]:
    """A recogniser counts the silence before a word to it; where nobody else plays, it can be seen."""
    found = []
    for word in words:
        first = max(0, bisect_left(quiet, (word.start, 0.0)) - 1)
        last = bisect_left(quiet, (word.end, 0.0))
        middle = (word.start + word.end) / 2
        ends = [end for begin, end in quiet[first:last] if word.start < end < word.end - LEAST and begin < middle]
        found.append(replace(word, start=ends[-1]) if ends else word)
    return found


def _recognised(
    lyrics: Lyrics, words: Sequence[HeardWord], tag: str, fixed: Sequence[Fixed]
) -> list[list[Timed | None]]:
    """The words of the lyrics that were heard. Between two that are fixed only what was heard between them counts."""
    rows: list[list[Timed | None]] = [[None] * len(line.words) for line in lyrics.lines]
    places = [(number, at) for number, line in enumerate(lyrics.lines) for at in range(len(line.words))]
    order = {place: number for number, place in enumerate(places)}
    marks = [(order[one.line, one.word], one.start) for one in fixed]
    edges = [(0, -1.0), *marks, (len(places), float("inf"))]
    for (first, begin), (last, end) in pairwise(edges):
        some = [one for one in words if begin - 0.1 <= one.start < end - 0.05]
        _lay(lyrics, places[first:last], some, tag, rows)
    for place, start in marks:
        number, at = places[place]
        before = rows[number][at]
        end = before.end if before is not None and before.end > start else start + LEAST
        rows[number][at] = Timed(start, end, 1.0)
    return rows


def _lay(
    lyrics: Lyrics,
    places: Sequence[tuple[int, int]],
    heard: Sequence[HeardWord],
    tag: str,
    rows: list[list[Timed | None]],
) -> None:
    """Put the times of what was heard into `rows`, for these words."""
    if not places or not heard:
        return
    said, starts = _text([lyrics.lines[line].words[word].text for line, word in places])
    recognised, begins = _text([one.text for one in heard])
    found = compare(read(said, tag), recognised, tag)
    for match in found.matches:
        own = _within(starts, found.words[match.first].start, found.words[match.last - 1].end)
        other = _within(begins, match.heard_start, match.heard_end)
        if not own or not other:
            continue
        first, last = heard[other[0]], heard[other[-1]]
        sure = sum(heard[at].probability for at in other) / len(other) * (1.0 if match.right else _OTHER)
        letters = [_letters(lyrics.lines[places[at][0]].words[places[at][1]].text) for at in own]
        passed = 0
        for at, size in zip(own, letters, strict=True):
            line, word = places[at]
            length = last.end - first.start
            start = first.start + length * passed / sum(letters)
            passed += size
            end = first.start + length * passed / sum(letters)
            if len(own) == len(other):
                start, end = heard[other[own.index(at)]].start, heard[other[own.index(at)]].end
            start, end = start + _EARLY, max(end, start + _EARLY + LEAST)
            rows[line][word] = Timed(start, end, round(min(0.99, float(sure)), 3))


def _text(words: Sequence[str]) -> tuple[str, list[int]]:
    """Words as a text, and where each begins in it."""
    starts, length = [], 0
    for word in words:
        starts.append(length)
        length += len(word) + 1
    return " ".join(words), starts


def _within(starts: Sequence[int], first: int, last: int) -> list[int]:
    """The words that begin or go on between two characters."""
    ends = [*(start - 1 for start in starts[1:]), 1 << 60]
    return [at for at, (start, end) in enumerate(zip(starts, ends, strict=True)) if start < last and end > first]


def _letters(text: str) -> int:
    return max(1, sum(one.isalnum() for one in text))


def _told(lyrics: Lyrics, times: Sequence[Sequence[Timed]]) -> JsonObject:
    lines = []
    for line, row in zip(lyrics.lines, times, strict=True):
        if not row:
            continue
        words = [
            {"text": word.text, "start": round(one.start, 3), "end": round(one.end, 3), "confidence": one.confidence}
            for word, one in zip(line.words, row, strict=True)
        ]
        lines.append(
            {
                "text": line.text,
                "start": words[0]["start"],
                "end": words[-1]["end"],
                "slots": list(line.slots),
                "section": lyrics.sections[line.section].name,
                "words": words,
            }
        )
    return {"lines": lines}
