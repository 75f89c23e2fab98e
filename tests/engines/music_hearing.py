"""Ears for music that was made: tempo, key, gaps, likeness and what its kind sounds like, from the written sound, with
librosa, which had no part in making it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.music.theory import SHARPS, Key
from audiostudio.sound.files import read_sound
from audiostudio.sound.loudness import loudness, silences

RATE = 22_050
HOP = 256
SILENT = -50.0
"""dBFS."""
_ALBRECHT = {
    "major": (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
    "minor": (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
}
"""How often each degree sounds: Albrecht and Shanahan 2013, whose profiles do best on whole pieces."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """What is heard in a file."""

    bpm: float
    """60 / the median beat interval."""
    tonic: int
    minor: bool
    lufs: float
    true_peak: float
    clipped: int
    samples: int
    longest_gap: float
    """Seconds of silence before the ending."""
    chroma: Floats
    """(12, n): a value each half second."""
    onsets: Floats
    """(m,): strength, 10 values a second."""
    features: Floats
    """What a classifier of genres is given."""


def listen(path: Path) -> Heard:
    """All of it. Reads the file once."""
    import librosa

    sound = read_sound(path)
    measured = loudness(sound)
    gaps = [
        (end - start) / sound.sample_rate
        for start, end in silences(sound.samples, sound.sample_rate, SILENT, 0.3)
        if end < sound.samples.shape[1]
    ]
    mono = librosa.resample(sound.samples.mean(axis=0), orig_sr=sound.sample_rate, target_sr=RATE)
    strength = librosa.onset.onset_strength(y=mono, sr=RATE, hop_length=HOP)
    _, beats = librosa.beat.beat_track(onset_envelope=strength, sr=RATE, hop_length=HOP)
    times = librosa.frames_to_time(beats, sr=RATE, hop_length=HOP)
    bpm = 60 / float(np.median(np.diff(times))) if len(times) > 2 else 0.0
    chroma = librosa.feature.chroma_cqt(y=librosa.effects.harmonic(mono, margin=2.0), sr=RATE, hop_length=2048)
    tonic, minor = key_of(chroma.mean(axis=1))
    return Heard(
        bpm,
        tonic,
        minor,
        measured.integrated,
        measured.true_peak,
        measured.clipped,
        sound.samples.shape[1],
        max(gaps, default=0.0),
        _each(chroma, round(0.5 * RATE / 2048)),
        _each(strength[np.newaxis], max(1, round(0.1 * RATE / HOP)))[0],
        _features(mono, strength, bpm),
    )


def key_of(weights: NDArray[Any]) -> tuple[int, bool]:
    """Tonic and whether it is minor, of the weights of the twelve pitch classes: the profile that fits best."""
    best, found = -2.0, (0, False)
    for name, profile in _ALBRECHT.items():
        for tonic in range(12):
            fit = float(np.corrcoef(np.roll(profile, tonic), weights)[0, 1])
            if fit > best:
                best, found = fit, (tonic, name == "minor")
    return found


def tempo_verdict(heard: float, written: float) -> str:
    """`right` (within 2 %), `octave` (a half, a third, a double …), or `wrong`."""
    if heard <= 0:
        return "wrong"
    for verdict, factors in (("right", (1.0,)), ("octave", (2.0, 0.5, 3.0, 1 / 3, 1.5, 2 / 3, 4.0, 0.25, 0.75, 4 / 3))):
        if any(abs(heard / (written * factor) - 1) <= 0.02 for factor in factors):
            return verdict
    return "wrong"


def key_verdict(heard: Heard, written: str) -> str:
    """`right`, `relative` (the same tones), `near` (a fifth away or the parallel key) or `wrong`."""
    key = Key.parse(written)
    minor = key.mode in ("minor", "dorian", "phrygian")
    if (heard.tonic, heard.minor) == (key.tonic, minor):
        return "right"
    relative = (heard.tonic + (3 if heard.minor else 9)) % 12
    if relative == key.tonic and heard.minor != minor:
        return "relative"
    if (heard.tonic == key.tonic) or (heard.minor == minor and (heard.tonic - key.tonic) % 12 in (5, 7)):
        return "near"
    return "wrong"


def named(heard: Heard) -> str:
    return f"{SHARPS[heard.tonic]} {'minor' if heard.minor else 'major'}"


def likeness(one: Heard, two: Heard) -> float:
    """How alike two pieces go in time, −1…1: the mean of the correlations of their chroma and of their onsets."""
    wide = min(one.chroma.shape[1], two.chroma.shape[1])
    long = min(len(one.onsets), len(two.onsets))
    tones = float(np.corrcoef(one.chroma[:, :wide].ravel(), two.chroma[:, :wide].ravel())[0, 1])
    beats = float(np.corrcoef(one.onsets[:long], two.onsets[:long])[0, 1])
    return (tones + beats) / 2


def _each(values: NDArray[Any], width: int) -> Floats:
    """The means of so many values."""
    count = values.shape[1] // width
    return np.asarray(values[:, : count * width].reshape(len(values), count, width).mean(axis=2), np.float64)


def _features(mono: NDArray[np.float32], strength: NDArray[Any], bpm: float) -> Floats:
    """Means and spreads of MFCC, contrast, centroid, rolloff, flatness, zero crossings; tempo and how much strikes."""
    import librosa

    spectrum = np.abs(librosa.stft(mono, n_fft=2048, hop_length=1024))
    mel = librosa.feature.melspectrogram(S=spectrum**2, sr=RATE)
    rows = [
        librosa.feature.mfcc(S=librosa.power_to_db(mel), n_mfcc=16),
        librosa.feature.spectral_contrast(S=spectrum, sr=RATE),
        librosa.feature.spectral_centroid(S=spectrum, sr=RATE),
        librosa.feature.spectral_rolloff(S=spectrum, sr=RATE),
        librosa.feature.spectral_flatness(S=spectrum),
        librosa.feature.zero_crossing_rate(mono, hop_length=1024),
    ]
    found = np.concatenate([np.concatenate([row.mean(axis=1), row.std(axis=1)]) for row in rows])
    return np.append(found, [bpm, float(strength.mean()), float(strength.std())])
