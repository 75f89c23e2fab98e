"""Markup, from the command line to the decoded file; and what stays of a voice when it is moved."""

import re
import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.registry import EngineRegistry
from audiostudio.profile import Profile
from audiostudio.sound.files import decode
from tests.engines.contract import Take, sentences
from tests.engines.pitch import cents, melody

pytestmark = pytest.mark.models

RATE = 48_000
PLAIN = "The morning train rolled into town."
MARKED = 'The [pitch +4]morning[/pitch] train <prosody volume="-8dB">rolled</prosody> into [volume +3]town[/volume].'
SLOWED = "The morning [speed 0.5]train[/speed] rolled into town."


def said(texts: Sequence[str], folder: Path, profile: Profile, voice: str) -> list[list[NDArray[np.float32]]]:
    """The words' sounds of each text, cut out by the times that the captions tell."""
    (folder / "text.txt").write_text("\n\n[pause 3s]\n\n".join(texts), encoding="utf-8")
    command = [sys.executable, "-m", "audiostudio", "speak", str(folder / "text.txt"), "-o", str(folder / "out.wav")]
    command += ["--voice", voice, "--captions", "ass", "--profile", str(profile.root)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    audio = np.concatenate([block[0] for block in decode(folder / "out.wav", RATE, mono=True)])
    captions = (folder / "out.ass").read_text(encoding="utf-8")
    found = []
    for line in captions.splitlines():
        if begin := re.match(r"Dialogue: 0,0:00:([\d.]+),", line):
            lengths = [int(one) / 100 for one in re.findall(r"\\k(\d+)", line)]
            edges = np.cumsum([float(begin[1]), *lengths]) * RATE
            found.append([audio[int(one) : int(two)] for one, two in pairwise(edges)])
    return found


@pytest.mark.long
@pytest.mark.parametrize("voice", ["hibari_heart", pytest.param("am_michael", marks=pytest.mark.full), "tone"])
def test_markup_is_heard_in_the_file(tmp_path: Path, speaking_profile: Profile, voice: str) -> None:
    one, two, slow = said((PLAIN, MARKED, SLOWED), tmp_path, speaking_profile, voice)
    assert len(one) == len(two) == len(slow) == len(PLAIN.split())

    def level(sound: NDArray[np.float32]) -> float:
        inner = sound[len(sound) // 10 : len(sound) * 6 // 10]  # captions let a word last until the next begins
        return float(10 * np.log10(np.mean(np.square(inner, dtype=np.float64))))

    higher = cents(*(melody(sound[::2], RATE // 2) for sound in (two[1], one[1])))
    assert np.median(higher) / 100 == pytest.approx(4.0, abs=0.4)
    assert 0.1 * RATE < len(slow[2]) - len(one[2]) < len(one[2]) + 0.05 * RATE
    assert level(two[3]) - level(one[3]) == pytest.approx(-8, abs=1.5)
    assert level(two[5]) - level(one[5]) == pytest.approx(3, abs=1.5)


@pytest.mark.long
@pytest.mark.parametrize("semitones", [-5.0, 5.0])
@pytest.mark.parametrize("voice", ["hibari_heart", "af_bella", "am_adam"])
def test_formants_stay_where_they_are_when_the_pitch_moves(
    registry: EngineRegistry, voice: str, semitones: float
) -> None:
    engine = registry.load(registry.resolve(voice)[0].name)
    text = "Everything you make can be made again, and only that line is spoken anew."
    one, two = (
        Take(list(engine.speak(sentences(text), SpeechSettings(voice, pitch=pitch)))).audio for pitch in (0, semitones)
    )
    assert abs(_warp(_envelope(one), _envelope(two))) < 0.25 * abs(semitones)


_STEPS = 24
"""Of the envelope, in an octave."""


_LIFTER = 48
"""Samples: shorter than a period of any of these voices."""


def _envelope(audio: NDArray[np.float32]) -> NDArray[np.float64]:
    """The mean spectrum in dB between 350 and 5600 Hz over the logarithm of frequency, its harmonics liftered away."""
    frames = np.lib.stride_tricks.sliding_window_view(audio, 1024)[::256]
    frames = frames[frames.std(axis=1) > 0.3 * audio.std()] * np.hanning(1024)
    cepstrum = np.fft.irfft(np.log(np.abs(np.fft.rfft(frames)) + 1e-6).mean(axis=0))
    cepstrum[_LIFTER:-_LIFTER] = 0
    smooth = np.fft.rfft(cepstrum).real * 20 / np.log(10)
    return np.interp(350 * 2 ** (np.arange(4 * _STEPS) / _STEPS), np.arange(len(smooth)) * 24_000 / 1024, smooth)


def _warp(one: NDArray[np.float64], two: NDArray[np.float64]) -> float:
    """By how many semitones the envelope moved: the shift at which the two are most alike."""
    reach = _STEPS // 2
    inner = slice(reach, len(one) - reach)

    def alike(by: int) -> float:
        return float(np.corrcoef(one[inner], two[inner.start + by : inner.stop + by])[0, 1])

    return max(range(-reach, reach + 1), key=alike) * 12 / _STEPS
