"""Speech as microphones, rooms and neighbours make it worse, each by a known amount."""

import os
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.registry import EngineRegistry
from audiostudio.script.reading import read
from audiostudio.sound.resample import resample

Floats = NDArray[np.float32]

RATE = 48_000
TEXT = (
    "The old harbour wakes slowly in the morning. Fishermen mend their nets, gulls argue about the first catch, and "
    "somewhere a radio plays the news. By noon the light is so strong that the white walls hurt the eyes."
)
OTHER_TEXT = (
    "I never planned to become a baker. It started with one bad loaf, then another, until the neighbours asked."
)


class Clips:
    """Clean speech, mono at 48 kHz, shape (n,); each made when first asked for."""

    def __init__(self, engines: EngineRegistry) -> None:
        self._engines = engines

    @cached_property
    def woman(self) -> Floats:
        """About 12 s; by Hibari, in a moment."""
        voice = next(one.id for one in self._engines.voices() if one.engine == "hibari")
        return self._said("hibari", voice, TEXT, "en-us")

    @cached_property
    def man(self) -> Floats:
        """About 6 s; by Kokoro, in some seconds."""
        return self._said("kokoro", "am_michael", OTHER_TEXT, "en-us")

    @cached_property
    def spanish(self) -> Floats:
        """About 4 s; by Kokoro."""
        return self._said(
            "kokoro", "ef_dora", "El viejo puerto despierta despacio por la mañana, y nadie tiene prisa.", "es"
        )

    def _said(self, engine: str, voice: str, text: str, language: str) -> Floats:
        made = list(self._engines.load(engine).speak(read(text, language), SpeechSettings(voice)))
        audio = np.concatenate([chunk.audio for chunk in made])
        return resample(audio[np.newaxis], made[0].sample_rate, RATE)[0]


def chance() -> np.random.Generator:
    """Another each run of the tests."""
    return np.random.default_rng(int(os.environ["AUDIOSTUDIO_TEST_SEED"]))


def with_room(sound: Floats, rt60: float, direct: float) -> Floats:
    """In a room of that reverberation time, seconds; `direct`: dB by which the direct sound is above the room's.

    After Polack: what comes back is noise that dies away exponentially.
    """
    length = int(1.2 * rt60 * RATE)
    times = np.arange(length) / RATE
    answer = chance().standard_normal(length) * 10 ** (-3 * times / rt60) * (times > 0.004)
    answer *= np.sqrt(10 ** (-direct / 10) / np.square(answer).sum())
    answer[0] = 1.0
    size = 1 << (len(sound) + length).bit_length()
    wet = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(answer, size), size)[: len(sound)]
    return wet.astype(np.float32)


def with_noise(sound: Floats, decibels: float) -> Floats:
    """White noise of so many dBFS (RMS over the whole band) beside it."""
    return (sound + chance().standard_normal(len(sound)) * 10 ** (decibels / 20)).astype(np.float32)


def up_to(sound: Floats, hertz: float) -> Floats:
    """Nothing above."""
    spectrum = np.fft.rfft(sound)
    spectrum[int(len(spectrum) * hertz / (RATE / 2)) :] = 0
    return np.fft.irfft(spectrum, len(sound)).astype(np.float32)


def clipped(sound: Floats, decibels: float) -> Floats:
    """So much too loud that it is cut off at full scale."""
    louder: Floats = np.clip(sound / np.abs(sound).max() * 10 ** (decibels / 20), -1, 1).astype(np.float32)
    return louder


def music(seconds: float, loudness: float = 0.3) -> Floats:
    """Chords and a melody of plucked strings over a drum, 100 beats a minute."""
    random, beat = chance(), 0.6
    sound = np.zeros(int((seconds + 3) * RATE))
    chords = ((48, 52, 55), (45, 48, 52), (41, 45, 48), (43, 47, 50))
    for number in range(int(seconds / beat)):
        chord = chords[number // 4 % 4]
        notes = [(note + 12, 0.15, 1.5) for note in chord] + [(int(random.choice(chord)) + 24, 0.2, 0.5)]
        for note, level, beats in notes:
            _add(sound, number * beat, level * _plucked(440 * 2 ** ((note - 69) / 12), beats * beat))
        times = np.arange(int(0.15 * RATE)) / RATE
        _add(sound, number * beat, 0.4 * np.sin(2 * np.pi * 60 * times) * np.exp(-18 * times))
    sound = sound[: int(seconds * RATE)]
    return (sound / np.abs(sound).max() * loudness).astype(np.float32)


def level(sound: Floats) -> float:
    """RMS."""
    return float(np.sqrt(np.square(sound, dtype=np.float64).mean()))


def _plucked(hertz: float, seconds: float) -> NDArray[np.float64]:
    times = np.arange(int(seconds * RATE)) / RATE
    sound = np.zeros(len(times))
    for harmonic in range(1, 8):
        sound += np.sin(2 * np.pi * hertz * harmonic * times) / harmonic**1.3 * np.exp(-1.5 * harmonic * times)
    ends: NDArray[np.float64] = np.minimum(1, times / 0.01) * np.minimum(1, (seconds - times) / 0.02)
    return sound * ends


def _add(sound: NDArray[np.float64], seconds: float, piece: NDArray[np.float64]) -> None:
    start = int(seconds * RATE)
    sound[start : start + len(piece)] += piece
