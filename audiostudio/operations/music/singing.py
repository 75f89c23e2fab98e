"""The voices of a song: each phrase is sung by its singer, and kept, so that only what changed is sung again."""

import hashlib
import json
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import SpeechSettings, SungPhrase, SungSyllable, SungWord
from audiostudio.errors import StudioError
from audiostudio.files import prune, replace_file
from audiostudio.jobs import JsonObject, Progress
from audiostudio.music.lyrics import Lyrics
from audiostudio.music.score import Score
from audiostudio.music.song import SungNote, VocalPart
from audiostudio.operations.music.casting import Singer, own_voices
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.operations.studio import Studio
from audiostudio.sound.resample import resample

_BREATH = 0.45
"""Seconds between two notes, in a line, from which the voice begins a new phrase."""
_ROOM = 1.0
"""Seconds before a phrase that are sung with it, at most: for the breath and the consonants."""
_KEPT = 300 << 20
"""Bytes of phrases that are kept."""
_VERSION = 1
"""Another one where phrases are sung otherwise than before."""

Floats = NDArray[np.float32]


class Heard(NamedTuple):
    """A phrase in a singer's voice."""

    start: float
    """Seconds from the beginning of the song."""
    audio: Floats
    """Mono, 48 kHz."""


def phrases_of(part: VocalPart, lyrics: Lyrics, score: Score, language: str) -> list[SungPhrase]:
    """What a part sings, a breath each. Times are seconds from the beginning of the song."""
    found: list[SungPhrase] = []
    held: list[SungNote] = []
    for note in part.notes:
        if held and _breathes(held[-1], note, score):
            found.append(_phrase(held, lyrics, score, language))
            held = []
        held.append(note)
    if held:
        found.append(_phrase(held, lyrics, score, language))
    return found


def sung(
    studio: Studio, singer: Singer, phrases: Sequence[SungPhrase], options: tuple[tuple[str, str], ...], seed: int
) -> Generator[Progress, None, list[Heard]]:
    """Every phrase, from the cache where it was sung before; the progress is that of these phrases. Raises what
    `SingingEngine.sing` raises, with the line."""
    folder = studio.profile.cache / "sung"
    settings = SpeechSettings(singer.voice, seed=seed, options=options)
    heard: list[Heard] = []
    ended = 0.0
    for number, phrase in enumerate(phrases):
        yield Progress(number / len(phrases), f"{singer.name} sings line {phrase.line + 1}")
        begin = phrase.words[0].syllables[0].start
        room = min(_ROOM, max(0.0, round(begin - ended, 2)))
        moved = _moved(phrase, room - begin)
        path = folder / f"{_key(studio, singer, moved, settings)}.npz"
        one = _kept(path)
        if one is None:
            one = yield from _made(studio, singer, moved, settings)
            _keep(path, one)
        heard.append(Heard(begin - room + one.start, one.audio))
        ended = phrase.words[-1].syllables[-1].end
    prune(folder, _KEPT)
    return heard


def track(heard: Sequence[Heard], samples: int) -> Floats:
    """The phrases in one voice's track, mono at 48 kHz."""
    found = np.zeros(samples, np.float32)
    for one in heard:
        first = max(0, round(one.start * SAMPLE_RATE))
        audio = one.audio[: max(0, samples - first)]
        found[first : first + len(audio)] += audio
    return found


def _breathes(before: SungNote, note: SungNote, score: Score) -> bool:
    if note.line != before.line:
        return True
    gap = score.seconds_at(note.start) - score.seconds_at(before.start + before.length)
    return note.word != before.word and gap >= _BREATH


def _phrase(notes: Sequence[SungNote], lyrics: Lyrics, score: Score, language: str) -> SungPhrase:
    line = lyrics.lines[notes[0].line]
    words: list[SungWord] = []
    place = (-1, -1)
    for note in notes:
        start, end = score.seconds_at(note.start), score.seconds_at(note.start + note.length)
        fresh = SungSyllable(note.text, start, end, ((start, float(note.pitch)),), note.velocity)
        if place == (note.word, note.syllable):
            last = words[-1].syllables[-1]
            goes_on = replace(last, end=end, pitches=(*last.pitches, *fresh.pitches))
            words[-1] = replace(words[-1], syllables=(*words[-1].syllables[:-1], goes_on))
        elif place[0] == note.word:
            words[-1] = replace(words[-1], syllables=(*words[-1].syllables, fresh))
        else:
            words.append(SungWord(line.words[note.word].text, (fresh,)))
        place = note.word, note.syllable
    return SungPhrase(tuple(words), language, notes[0].line)


def _moved(phrase: SungPhrase, by: float) -> SungPhrase:
    """The phrase as it stands in a song of its own, to the millisecond."""

    def at(seconds: float) -> float:
        return round(seconds + by, 3)

    words = tuple(
        replace(
            word,
            syllables=tuple(
                replace(
                    one,
                    start=at(one.start),
                    end=at(one.end),
                    pitches=tuple((at(when), pitch) for when, pitch in one.pitches),
                )
                for one in word.syllables
            ),
        )
        for word in phrase.words
    )
    return replace(phrase, words=words)


def _made(
    studio: Studio, singer: Singer, phrase: SungPhrase, settings: SpeechSettings
) -> Generator[Progress, None, Heard]:
    engine = studio.engines.singer(singer.manifest.name)
    pieces: list[tuple[int, Floats]] = []
    rate = SAMPLE_RATE
    try:
        with closing(_closable(engine.sing((phrase,), settings))) as chunks:
            for chunk in chunks:
                rate = chunk.sample_rate
                if len(chunk.audio):
                    pieces.append((chunk.start, chunk.audio))
                yield Progress(None)
    except StudioError as error:
        raise type(error)(f"{error.sentence[:-1]} (line {phrase.line + 1} of what is sung).", error.hint) from error
    if not pieces:
        return Heard(0.0, np.zeros(0, np.float32))
    first = pieces[0][0]
    whole = np.zeros(max(start + len(audio) for start, audio in pieces) - first, np.float32)
    for start, audio in pieces:
        whole[start - first : start - first + len(audio)] += audio
    whole = resample(whole[np.newaxis], rate, SAMPLE_RATE)[0]
    rounded: Floats = _sixteen_bits(whole).astype(np.float32) / np.float32(32767)  # as it will be found again
    return Heard(first / rate, rounded)


def _closable(stream: Any) -> Any:
    """Engines may give plain iterators."""
    return stream if hasattr(stream, "close") else (one for one in stream)


def _key(studio: Studio, singer: Singer, phrase: SungPhrase, settings: SpeechSettings) -> str:
    said: JsonObject = {
        "version": _VERSION,
        "engine": [singer.manifest.name, singer.manifest.version],
        "voice": [singer.voice, [one.revision for one in own_voices(studio, singer.voice)]],
        "settings": [settings.seed, [list(option) for option in settings.options]],
        "phrase": asdict(phrase),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:32]


def _kept(path: Path) -> Heard | None:
    """A phrase that was sung before; what cannot be read is sung again."""
    try:
        with np.load(path, allow_pickle=False) as found:
            heard = Heard(float(found["start"]), found["audio"].astype(np.float32) / np.float32(32767))
        path.touch()
    except (OSError, ValueError, KeyError, EOFError):
        return None
    return heard


def _keep(path: Path, heard: Heard) -> None:
    """Sixteen bits are more than is heard of a voice in a mix."""
    data = BytesIO()
    np.savez_compressed(data, start=np.float64(heard.start), audio=_sixteen_bits(heard.audio))
    path.parent.mkdir(parents=True, exist_ok=True)
    replace_file(path, data.getvalue())


def _sixteen_bits(audio: Floats) -> NDArray[np.int16]:
    return np.round(np.clip(audio, -1.0, 1.0) * 32767).astype(np.int16)
