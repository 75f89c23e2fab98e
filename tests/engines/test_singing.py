"""Voices sing what stands in the score: heard by a pitch tracker and by Whisper, which did not make it."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import pyworld
from numpy.typing import NDArray

from audiostudio.engines.base import SpeechChunk, SpeechSettings, SungPhrase, SungSyllable, SungWord
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.singing.alignment import aligned
from audiostudio.engines.singing.cloned import ClonedSinger
from audiostudio.engines.singing.syllables import nuclei, of_syllables
from audiostudio.engines.watermark import FOUND, Watermarker
from audiostudio.errors import UnknownLanguage, UnsupportedSetting
from audiostudio.sound.resample import resample
from tests.conftest import Whisper, word_errors

RATE = 24_000
BEAT = 0.6
LINES = (
    "Twinkle:50,50 twinkle:57,57 little:59,59 star,:57*2",
    "how:55 I:55 wonder:54,54 what:52 you:52 are.:50*2",
)
WORDS = "Twinkle twinkle little star how I wonder what you are"
HEART = SpeechSettings("hibari_heart")


def phrases(lines: tuple[str, ...] = LINES, up: int = 0, language: str = "en-us") -> list[SungPhrase]:
    """Lines of `word:pitch,pitch*beats`, a beat for each syllable, a beat of rest between."""
    found, at = [], 1.0
    for number, line in enumerate(lines):
        words = []
        for word in line.split():
            text, _, notes = word.rpartition(":")
            syllables = []
            for note in notes.split(","):
                pitch, _, beats = note.partition("*")
                end = at + BEAT * float(beats or 1)
                syllables.append(SungSyllable(text, at, end, ((at, float(int(pitch) + up)),)))
                at = end
            words.append(SungWord(text, tuple(syllables)))
        found.append(SungPhrase(tuple(words), language, number))
        at += BEAT
    return found


def sound(chunks: list[SpeechChunk]) -> NDArray[np.float32]:
    whole = np.zeros(max(one.start + len(one.audio) for one in chunks), np.float32)
    for one in chunks:
        whole[one.start : one.start + len(one.audio)] += one.audio
    return whole


def cents_off(audio: NDArray[np.float32], sung: list[SungPhrase]) -> list[float]:
    """Of each note the median over the middle of its length."""
    pitch, times = pyworld.harvest(audio.astype(np.float64), RATE, f0_floor=60, f0_ceil=700, frame_period=5)
    found = []
    for phrase in sung:
        for syllable in (one for word in phrase.words for one in word.syllables):
            inside = (times > syllable.start + 0.08) & (times < syllable.end - 0.08) & (pitch > 0)
            assert inside.sum() > 20, syllable
            cents = 1200 * np.log2(pitch[inside] / 440) - 100 * (syllable.pitches[0][1] - 69)
            found.append(float(np.median(cents)))
    return found


@pytest.fixture(scope="module")
def heart(registry: EngineRegistry) -> list[SpeechChunk]:
    return list(registry.singer("hibari").sing(phrases(), HEART))


@pytest.mark.long
@pytest.mark.models
def test_every_note_has_its_pitch_and_every_word_is_understood(heart: list[SpeechChunk], whisper: Whisper) -> None:
    audio = sound(heart)
    off = np.abs(cents_off(audio, phrases()))
    assert np.median(off) < 8
    assert off.max() < 30
    heard = whisper(resample(audio[np.newaxis], RATE, 16_000)[0])
    assert word_errors(WORDS, heard) <= 0.15, heard


@pytest.mark.models
def test_vowels_begin_on_their_notes(registry: EngineRegistry) -> None:
    """A voiceless consonant before each: the voice is heard from the note's beginning on."""
    sung = phrases(("see:55 the:57 sea:59 so:57 far:55", "some:57 say:55 she:54 saw:55 four:57*2"))
    audio = sound(list(registry.singer("hibari").sing(sung, HEART)))
    late = []
    for word in (word for phrase in sung for word in phrase.words if word.text != "the"):
        start = word.syllables[0].start
        begin = round((start - 0.12) * RATE)
        blocks = audio[begin : begin + round(0.3 * RATE)].reshape(-1, 120)
        low = np.abs(np.fft.rfft(blocks, 480, axis=1))[:, 3:16].sum(axis=1)  # 150 to 800 Hz
        risen = int(np.argmax(low > 0.5 * np.median(low[-20:])))
        quiet = int(np.flatnonzero(low[: risen + 30] < 0.25 * np.median(low[-20:]))[-1])
        late.append(begin / RATE + (quiet + 1) * 120 / RATE - start)
    assert np.median(np.abs(late)) < 0.04, late


@pytest.mark.models
def test_the_same_request_sings_the_same_and_another_seed_otherwise(
    registry: EngineRegistry, heart: list[SpeechChunk]
) -> None:
    singer = registry.singer("hibari")
    again = list(singer.sing(phrases(), HEART))
    assert all(np.array_equal(one.audio, two.audio) for one, two in zip(heart, again, strict=True))
    other = next(iter(singer.sing(phrases(), replace(HEART, seed=-7))))
    assert not np.array_equal(other.audio, heart[0].audio)


@pytest.mark.models
def test_a_word_is_timed_where_it_is_sung(heart: list[SpeechChunk]) -> None:
    for chunk, phrase in zip(heart, phrases(), strict=True):
        assert [word.text for word in chunk.words] == [word.text for word in phrase.words]
        for timed, word in zip(chunk.words, phrase.words, strict=True):
            assert abs(timed.start / RATE - word.syllables[0].start) < 0.35
            assert abs(timed.end / RATE - word.syllables[-1].end) < 0.35


@pytest.mark.models
def test_what_comes_before_the_song_is_left_out_and_melismas_keep_their_notes(registry: EngineRegistry) -> None:
    notes = ((0.0, 50.0), (0.6, 54.0), (1.2, 57.0))
    phrase = SungPhrase((SungWord("star", (SungSyllable("star", 0.0, 1.8, notes),)),), "en-us")
    (chunk,) = registry.singer("hibari").sing([phrase], HEART)
    assert chunk.start == 0
    pitch, times = pyworld.harvest(chunk.audio.astype(np.float64), RATE, f0_floor=60, f0_ceil=700, frame_period=5)
    for start, wanted in notes:
        inside = (times > start + 0.15) & (times < start + 0.5) & (pitch > 0)
        assert abs(np.median(1200 * np.log2(pitch[inside] / 440)) - 100 * (wanted - 69)) < 40


@pytest.mark.models
def test_vibrato_glide_and_breath_can_be_chosen(registry: EngineRegistry) -> None:
    singer = registry.singer("hibari")
    line = ("long:57*4",)

    def sway(vibrato: str) -> float:
        (chunk,) = singer.sing(phrases(line), replace(HEART, options=(("breath", "0"), ("vibrato", vibrato))))
        pitch, times = pyworld.harvest(chunk.audio.astype(np.float64), RATE, f0_floor=60, f0_ceil=700, frame_period=5)
        times = times + chunk.start / RATE
        held = pitch[(times > 1.8) & (times < 3.0) & (pitch > 0)]
        return float(np.std(1200 * np.log2(held)))

    assert sway("1") > 3 * sway("0")
    (bare,) = singer.sing(phrases(line), replace(HEART, options=(("breath", "0"),)))
    (breathing,) = singer.sing(phrases(line), replace(HEART, options=(("breath", "1"),)))
    assert breathing.start < bare.start - 0.2 * RATE


@pytest.mark.models
def test_what_cannot_be_sung_is_refused_before_anything_sounds(registry: EngineRegistry) -> None:
    singer = registry.singer("hibari")
    with pytest.raises(UnsupportedSetting, match="vibrato"):
        singer.sing(phrases(), replace(HEART, options=(("vibrato", "5"),)))
    with pytest.raises(UnknownLanguage):
        list(singer.sing(phrases(language="ja"), HEART))
    endless = (" ".join(["wonderful:57,57,57"] * 60),)
    with pytest.raises(UnsupportedSetting, match="Line 1"):
        list(singer.sing(phrases(endless), HEART))


@pytest.mark.models
@pytest.mark.long
def test_a_voice_of_kokoro_sings(registry: EngineRegistry, whisper: Whisper) -> None:
    sung = phrases(up=-4)
    audio = sound(list(registry.singer("kokoro").sing(sung, SpeechSettings("am_michael"))))
    assert np.median(np.abs(cents_off(audio, sung))) < 10
    heard = whisper(resample(audio[np.newaxis], RATE, 16_000)[0])
    assert word_errors(WORDS, heard) <= 0.25, heard


class Stranger:
    """An engine that does not tell when it says what."""

    def __init__(self, engine: Any) -> None:
        self.manifest = engine.manifest
        self.device = engine.device
        self._engine = engine

    def speak(self, parts: Any, settings: SpeechSettings) -> Iterator[SpeechChunk]:
        for chunk in self._engine.speak(parts, settings):
            yield SpeechChunk(chunk.audio, chunk.sample_rate, chunk.start)

    def close(self) -> None:
        pass


@pytest.mark.models
@pytest.mark.long
def test_speech_of_an_engine_that_clones_is_moved_onto_the_melody_and_marked(
    registry: EngineRegistry, whisper: Whisper
) -> None:
    sung = phrases(up=-2)
    singer = ClonedSinger(Stranger(registry.load("hibari")), registry._models, registry._reading_voice)
    chunks = list(singer.sing(sung, HEART))
    audio = sound(chunks)
    assert np.median(np.abs(cents_off(audio, sung))) < 10
    assert word_errors(WORDS, whisper(resample(audio[np.newaxis], RATE, 16_000)[0])) <= 0.25
    watermarker = Watermarker(registry._models)
    assert all(watermarker.detect([one.audio], RATE).confidence > FOUND for one in chunks)


@pytest.mark.parametrize(
    ("phonemes", "syllables", "places"),
    [
        ("twˈɪŋkᵊl", 2, [3, 6]),
        ("stˈɑɹ", 1, [3]),
        ("fˈIəɹ", 1, [2]),  # fire, on one note
        ("ˈɛvɹi", 3, [1, 4, 4]),  # ev-er-y: the last vowel goes on
        ("hm", 1, [1]),
        ("ʃ", 1, [0]),
    ],
)
def test_notes_are_carried_by_vowels(phonemes: str, syllables: int, places: list[int]) -> None:
    assert nuclei(phonemes, syllables) == places


def test_syllables_that_somebody_parted_keep_their_vowels() -> None:
    assert of_syllables((("w", "ˈ", "ʌ"), ("n", "d", "ə", "ɹ"))) == [2, 5]


def test_another_reading_is_found_where_it_is_slower() -> None:
    rng = np.random.default_rng(3)
    sounds = rng.uniform(-40, 0, (12, 24))
    quick = np.repeat(sounds, 4, axis=0) + rng.normal(0, 1, (48, 24))
    slow = np.repeat(sounds, 9, axis=0) + rng.normal(0, 1, (108, 24))
    path = aligned(quick, slow)
    assert (np.diff(path) >= 0).all()
    middles = np.arange(12) * 4 + 1
    assert np.abs(path[middles] // 9 - np.arange(12)).max() == 0
