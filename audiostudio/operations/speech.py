"""Speech for every purpose: what is to be spoken, its recipe, and the stream of sound and words."""

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import EngineManifest, SpeechChunk, SpeechSettings, TimedPhoneme, TimedWord
from audiostudio.engines.stream import moved
from audiostudio.engines.voices import parse_mix
from audiostudio.errors import UnknownVoice
from audiostudio.jobs import JsonObject
from audiostudio.operations.ability import require_able
from audiostudio.operations.studio import Studio
from audiostudio.performance import PLAIN, Voicing
from audiostudio.rights import Rights, inherited
from audiostudio.script.captions import CaptionWord, in_paragraphs
from audiostudio.script.dictionary import NO_ENTRIES, Dictionary
from audiostudio.script.language import language
from audiostudio.script.performing import perform
from audiostudio.script.reading import problems, read, require_speakable
from audiostudio.script.spoken import Pause, Sentence
from audiostudio.sound.files import SoundWriter
from audiostudio.sound.resample import Resampler, resampled_length
from audiostudio.timeline.project import Pronunciation, WordPerformance
from audiostudio.timeline.schema import decode, encode
from audiostudio.voices.voice import OWN, OwnVoice

SAMPLE_RATE = 48_000
"""Of every file made here: what video editors want."""

DEFAULT_VOICE = "af_heart"

TURN_GAP = 0.35
"""Seconds between two sentences in different voices, unless the writer asks for a pause."""
PARAGRAPH_TURN_GAP = 0.8

_MARKED = re.compile(r"\[(?!pause\b)/?[a-z]|</?[a-z]|\]\(/")
"""What may be markup that programs before 0.2 left unspoken."""
_OTHER_VOICE = re.compile(r"\[voice\b|<voice\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A text and how it is to be spoken."""

    text: str
    voice: str
    language: str = ""
    """Empty: the voice's own."""
    speed: float = 1.0
    pitch: float = 0.0
    """Semitones."""
    seed: int = 0
    energy: float = 0.0
    """dB."""
    intonation: float = 1.0
    options: tuple[tuple[str, str], ...] = ()
    performance: tuple[WordPerformance, ...] = ()
    pronunciations: tuple[Pronunciation, ...] = ()
    """Those that the text has a word for."""

    @classmethod
    def from_json(cls, data: JsonObject) -> "Delivery":
        """From a request; a missing setting takes its default."""
        names = ("language", "speed", "pitch", "seed", "energy", "intonation")
        known = {name: data[name] for name in names if name in data}
        return cls(
            data["text"],
            data["voice"],
            **known,
            options=tuple(sorted((name, value) for name, value in data.get("options", ()))),
            performance=decode(tuple[WordPerformance, ...], data.get("performance", [])),
            pronunciations=decode(tuple[Pronunciation, ...], data.get("pronunciations", [])),
        )

    def to_json(self) -> JsonObject:
        """For a request; a setting at its default is left out, but for those that every request has."""
        always: JsonObject = {
            name: getattr(self, name) for name in ("text", "voice", "language", "speed", "pitch", "seed")
        }
        return always | {
            one.name: encode(getattr(self, one.name))
            for one in fields(self)
            if one.name not in always and getattr(self, one.name) != one.default
        }


def chunks(studio: Studio, delivery: Delivery) -> Iterator[SpeechChunk]:
    """Speech as the engines make it, in constant memory. What can be known before the first sound is raised here."""
    require_speakable(delivery.text)
    manifest, _ = studio.engines.resolve(delivery.voice)
    require_able(studio, delivery)
    engine = studio.engines.load(manifest.name)
    parts = spoken_parts(studio, delivery)
    others = other_voices(studio, delivery)
    if not others:
        return engine.speak(parts, _settings(delivery, delivery.voice, manifest, manifest))
    for voice in others:
        studio.engines.load(studio.engines.resolve(voice)[0].name)
    return _in_turns(studio, delivery, manifest, parts)


def spoken_parts(studio: Studio, delivery: Delivery) -> Iterator[Sentence | Pause]:
    """The text as it is read aloud: its markup, the dictionaries and the performance followed."""
    dictionary = Dictionary(delivery.pronunciations) if delivery.pronunciations else NO_ENTRIES
    parts = read(delivery.text, spoken_language(studio, delivery), dictionary)
    return perform(parts, delivery.performance) if delivery.performance else parts


def other_voices(studio: Studio, delivery: Delivery) -> tuple[str, ...]:
    """The voices that markup in the text asks for, in order. Raises `UnknownVoice` with the place."""
    if not _OTHER_VOICE.search(delivery.text):
        return ()
    found = _voices_in(delivery.text, spoken_language(studio, delivery))
    for voice, start in found.items():
        try:
            studio.engines.resolve(voice)
        except UnknownVoice as error:
            line, character = _place(delivery.text, start)
            place = f"line {line}, character {character}" if "\n" in delivery.text else f"character {character}"
            raise UnknownVoice(f"{error.sentence[:-1]} ({place}).", error.hint) from error
    return tuple(voice for voice in found if voice != delivery.voice)


@lru_cache(256)
def _voices_in(text: str, tag: str) -> dict[str, int]:
    """Voices that markup asks for, and where the first sentence in each begins."""
    found: dict[str, int] = {}
    for part in read(text, tag):
        if isinstance(part, Sentence) and part.voice is not None:
            found.setdefault(part.voice, part.words[0].start)
    return found


def _settings(delivery: Delivery, voice: str, manifest: EngineManifest, own: EngineManifest) -> SpeechSettings:
    """`own`: the engine of the delivery's voice, whose options those are."""
    return SpeechSettings(
        voice,
        delivery.speed,
        delivery.pitch,
        delivery.seed,
        delivery.energy,
        delivery.intonation,
        delivery.options if manifest.name == own.name else (),
    )


class _Turn:
    """Sentences, and the pauses after them, in one voice."""

    def __init__(self, voice: str, parts: Iterable[Sentence | Pause]) -> None:
        self.voice = voice
        self._parts = parts
        self._last: Sentence | Pause | None = None

    def __iter__(self) -> Iterator[Sentence | Pause]:
        for part in self._parts:
            self._last = part
            yield part

    def gap(self, speed: float) -> float:
        """Seconds of silence before the next turn; none where the writer asked for a pause."""
        if not isinstance(self._last, Sentence):
            return 0.0
        return (PARAGRAPH_TURN_GAP if self._last.ends_paragraph else TURN_GAP) / speed


def _turns(parts: Iterable[Sentence | Pause], voice: str) -> Iterator[_Turn]:
    """Each turn has to be read to its end before the next is asked for."""
    speaking = voice

    def who(part: Sentence | Pause) -> str:
        nonlocal speaking
        if isinstance(part, Sentence):
            speaking = part.voice or voice
        return speaking

    for name, group in itertools.groupby(parts, who):
        yield _Turn(name, group)


def _in_turns(
    studio: Studio, delivery: Delivery, own: EngineManifest, parts: Iterable[Sentence | Pause]
) -> Iterator[SpeechChunk]:
    """One stream of what several voices say, at the sample rate of the first."""
    joined = Joined()
    for turn in _turns(parts, delivery.voice):
        manifest, _ = studio.engines.resolve(turn.voice)
        engine = studio.engines.load(manifest.name)
        for chunk in engine.speak(turn, _settings(delivery, turn.voice, manifest, own)):
            yield from joined.add(chunk)
        yield from joined.end_turn(turn.gap(delivery.speed))


class Joined:
    """Streams one after the other as one stream, at the sample rate of the first."""

    def __init__(self) -> None:
        self.samples = 0
        """Given so far."""
        self._rate = 0
        self._turn = 0
        """Where this turn began."""
        self._gap = 0.0
        self._resampler: Resampler | None = None

    def add(self, chunk: SpeechChunk) -> Iterator[SpeechChunk]:
        """The chunk in its place, and before the first of a turn the silence that was asked for."""
        self._rate = self._rate or chunk.sample_rate
        if self._resampler is None:
            self._resampler = Resampler(chunk.sample_rate, self._rate)
            yield from self._given(np.zeros(round(self._gap * self._rate), np.float32))
            self._turn = self.samples
        words = tuple(moved(at_rate(word, chunk.sample_rate, self._rate), self._turn) for word in chunk.words)
        audio = self._resampler.push(chunk.audio[np.newaxis])[0]
        same = chunk.sample_rate == self._rate
        melody, hop = (chunk.melody, chunk.hop) if same else (None, 0)
        yield SpeechChunk(audio, self._rate, self.samples, words, melody, hop)
        self.samples += len(audio)

    def end_turn(self, gap: float) -> Iterator[SpeechChunk]:
        """What the resampler still holds. `gap`: seconds before the next turn, if there is one."""
        if self._resampler is not None:
            yield from self._given(self._resampler.finish()[0])
        self._resampler = None
        self._gap = gap

    def _given(self, audio: NDArray[np.float32]) -> Iterator[SpeechChunk]:
        if len(audio):
            yield SpeechChunk(audio, self._rate, self.samples)
            self.samples += len(audio)


def spoken_language(studio: Studio, delivery: Delivery) -> str:
    """The language's tag: the one asked for, else the voice's own."""
    _, voices = studio.engines.resolve(delivery.voice)
    return language(delivery.language or voices[0][0].language).tag


def recipe(studio: Studio, delivery: Delivery) -> JsonObject:
    """All that is needed to make the same sound again. What a setting adds is only there when it is set."""
    manifest, _ = studio.engines.resolve(delivery.voice)
    made: JsonObject = {
        "operation": "speech",
        "engine": manifest.name,
        "engine_version": manifest.version,
        "models": list(manifest.models),
        "text": delivery.text,
        "voice": delivery.voice,
        "language": spoken_language(studio, delivery),
        "speed": delivery.speed,
        "pitch": delivery.pitch,
        "seed": delivery.seed,
        "sample_rate": SAMPLE_RATE,
    }
    added: JsonObject = {
        "energy": delivery.energy or None,
        "intonation": delivery.intonation if delivery.intonation != 1.0 else None,
        "options": [list(option) for option in delivery.options],
        "revisions": _revisions(studio, (delivery.voice, *other_voices(studio, delivery))),
        "performance": [_performance(word) for word in delivery.performance],
        "pronunciations": [
            [one.word, one.spoken, one.ipa, one.language, one.match_case, one.whole_word]
            for one in delivery.pronunciations
        ],
        "other_voices": [_voice_recipe(studio, voice) for voice in other_voices(studio, delivery)],
        "markup": 1 if _MARKED.search(delivery.text) else None,
    }
    return made | {name: value for name, value in added.items() if value not in (None, [])}


def _performance(word: WordPerformance) -> list[Any]:
    changed = {
        one.name: encode(getattr(word.voicing, one.name))
        for one in fields(Voicing)
        if one.name != "extra" and getattr(word.voicing, one.name) != getattr(PLAIN, one.name)
    }
    return [word.word, word.text, changed]


def _voice_recipe(studio: Studio, voice: str) -> list[Any]:
    manifest, _ = studio.engines.resolve(voice)
    return [voice, manifest.name, manifest.version, list(manifest.models)]


def _own(studio: Studio, voices: Iterable[str]) -> list[OwnVoice]:
    """The user's own among voices and mixes, each once."""
    names = dict.fromkeys(name for voice in voices for name, _ in parse_mix(voice) if name.startswith(OWN))
    return [studio.voices.get(name).voice for name in names]


def _revisions(studio: Studio, voices: Iterable[str]) -> list[list[Any]]:
    """Own voices can be made again, and sound different then."""
    return [[voice.id, voice.revision] for voice in _own(studio, voices)]


def rights(studio: Studio, delivery: Delivery) -> Rights:
    """The terms of what the engines, their models and own voices make."""
    voices = (delivery.voice, *other_voices(studio, delivery))
    manifests = {manifest.name: manifest for manifest, _ in map(studio.engines.resolve, voices)}
    return inherited([*(one.rights for one in manifests.values()), *(one.rights for one in _own(studio, voices))])


def notices(text: str, line: int = 1) -> list[str]:
    """What in the text was not understood and is not spoken, in words with its place. `line`: where the text begins."""
    told = []
    for problem in problems(text):
        row, character = _place(text, problem.start)
        told.append(f"Line {line + row - 1}, character {character}: {problem.message}")
    return told


def _place(text: str, at: int) -> tuple[int, int]:
    """Line and character, from 1."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


class Recorder:
    """Takes a stream of speech to a 48 kHz file and, if asked, keeps the words with their times at that rate."""

    def __init__(self, writer: SoundWriter, keep_words: bool = True, keep_detail: bool = False) -> None:
        """`keep_detail`: phonemes and melody too."""
        self._writer = writer
        self._keep_words = keep_words
        self._keep_detail = keep_detail
        self._resampler: Resampler | None = None
        self.samples = 0
        self.words: list[TimedWord] = []
        self.melody = Melody()

    def add(self, chunk: SpeechChunk) -> list[TimedWord]:
        """Write the chunk; its words, with times in samples at 48 kHz."""
        if self._resampler is None:
            self._resampler = Resampler(chunk.sample_rate, SAMPLE_RATE, 1)
        self._write(self._resampler.push(chunk.audio[np.newaxis]))
        words = [at_rate(word, chunk.sample_rate, SAMPLE_RATE) for word in chunk.words]
        if self._keep_words:
            self.words += words if self._keep_detail else [replace(word, phonemes=()) for word in words]
            if self._keep_detail:
                self.melody.add(chunk)
        return words

    def finish(self) -> None:
        """Write what the resampler still holds."""
        if self._resampler is not None:
            self._write(self._resampler.finish())

    def detail(self) -> JsonObject:
        """What is kept of a take beside its sound. Times are in samples at 48 kHz; `phonemes` has a list of
        `[symbol, start, end]` for each word, `melody` is `Melody.to_json`; both only where the engine gives them."""
        detail: JsonObject = {"samples": self.samples, "words": words_to_json(self.words)}
        if any(word.phonemes for word in self.words):
            detail["phonemes"] = [[[one.symbol, one.start, one.end] for one in word.phonemes] for word in self.words]
        melody = self.melody.to_json()
        return detail if melody is None else detail | {"melody": melody}

    def _write(self, samples: NDArray[np.float32]) -> None:
        self._writer.write(samples)
        self.samples += samples.shape[-1]


class Melody:
    """The melody of a stream, put together from that of its chunks."""

    def __init__(self) -> None:
        self._hop = 0
        self._rate = 0
        self._pieces: list[NDArray[np.float32]] = []
        self._points = 0

    def add(self, chunk: SpeechChunk) -> None:
        if chunk.melody is None or not chunk.hop:
            return
        if not self._hop:
            self._hop, self._rate = chunk.hop, chunk.sample_rate
        # A point of the whole lies in the middle of its hop; a chunk begins anywhere between two of them.
        end = chunk.start + len(chunk.audio)
        first = max(self._points, -((self._hop // 2 - chunk.start) // self._hop))
        middles = np.arange(first, max(first, -((self._hop // 2 - end) // self._hop))) * self._hop + self._hop // 2
        places = np.clip((middles - chunk.start) // chunk.hop, 0, max(0, len(chunk.melody) - 1))
        silence = np.zeros(first - self._points, np.float32)
        self._pieces += [silence, chunk.melody[places] if len(chunk.melody) else np.zeros(len(places), np.float32)]
        self._points = first + len(middles)

    def to_json(self) -> JsonObject | None:
        """`{hop, hz}`: Hz (0: no voice) at the middle of each `hop` samples at 48 kHz; None where no engine tells."""
        if not self._hop:
            return None
        hz = np.concatenate(self._pieces)
        return {"hop": self._hop * SAMPLE_RATE / self._rate, "hz": [round(float(one), 1) for one in hz]}


def at_rate(word: TimedWord, rate: int, wanted: int) -> TimedWord:
    """The word, and its phonemes, with times at another sample rate."""
    phonemes = tuple(
        TimedPhoneme(one.symbol, one.start * wanted // rate, one.end * wanted // rate) for one in word.phonemes
    )
    return replace(word, start=word.start * wanted // rate, end=word.end * wanted // rate, phonemes=phonemes)


def caption_words(words: list[TimedWord], text: str) -> list[CaptionWord]:
    """48 kHz words of a text as captions want them: in seconds."""
    timed = [CaptionWord(word.text, word.start / SAMPLE_RATE, word.end / SAMPLE_RATE) for word in words]
    return in_paragraphs(timed, [word.source_start for word in words], text)


def words_to_json(words: Sequence[TimedWord]) -> list[list[Any]]:
    """Words as they are stored: text, source start and end, first and last sample (48 kHz, half-open)."""
    return [[word.text, word.source_start, word.source_end, word.start, word.end] for word in words]


def seconds_of(made: Iterable[SpeechChunk]) -> float:
    """How long a stream is once it is written at 48 kHz."""
    samples = rate = 0
    for chunk in made:
        samples, rate = chunk.start + len(chunk.audio), chunk.sample_rate
    return resampled_length(samples, rate, SAMPLE_RATE) / SAMPLE_RATE if rate else 0.0
