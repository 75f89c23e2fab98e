"""Hibari's voice, sung: its network gives a spectrum for each moment, which takes any melody."""

import numpy as np

from audiostudio.engines.onnx import Session
from audiostudio.engines.singing.bands import decibels, in_bands
from audiostudio.engines.singing.phrase import Floats, SpokenPhrase
from audiostudio.engines.singing.warping import Warping
from audiostudio.engines.tokens import SAMPLE_RATE, Piece

DURATIONS = "/Clip_output_0"
"""Inside the graph: frames of each token."""
VOICED = 40.0
"""Hz; under it there is no voice."""
_SILENCE = -200.0
_LOUDEST = 7.0
_LOOSE = 1.4
"""Nepers by which what follows no pitch is less in a vowel that stands still, where it would be heard as hiss."""
_PACE = 0.85
"""Slower than it speaks, it is better understood."""


class InstantVoice:
    """A `phrase.Voice`."""

    def __init__(self, durations: Session, spectrum: Session) -> None:
        """From `ids` and `speed` to frames; from `ids` and frames to the spectrum's parts and the melody."""
        self._durations = durations
        self._spectrum = spectrum

    def say(self, piece: Piece, language: str) -> SpokenPhrase:
        ids = piece.tokens[None]
        frames: Floats = self._durations.run({"ids": ids, "speed": np.full(1, _PACE, np.float32)})[0]
        made = [part[0] for part in self._spectrum.run({"ids": ids, DURATIONS: frames})]
        loud, _, noise, free, _, f0 = made
        powers = [np.exp(2 * np.minimum(part, _LOUDEST)).T for part in (loud, noise, free)]
        bands = decibels(in_bands(powers[0] + powers[1] + powers[2], SAMPLE_RATE))
        hum = decibels(in_bands(powers[0], SAMPLE_RATE)).max(axis=1)
        return SpokenPhrase(piece, frames, bands, np.where(f0 > VOICED, hum, _SILENCE), made)

    def sing(self, spoken: SpokenPhrase, warped: Warping, melody: Floats, chance: np.random.Generator) -> Floats:
        from hibari import dsp

        loud, turn, noise, free, phase, f0 = spoken.made
        phase = warped.nearest(phase)
        still = warped.held
        phase[:, still] = chance.uniform(-np.pi, np.pi, (len(phase), int(still.sum())))
        voiced = np.where(warped.nearest(f0) > VOICED, melody, np.float32(0))
        loose = warped.along(free)
        loose[:, still] -= _LOOSE
        levels = (warped.along(loud), warped.nearest(turn), warped.along(noise), loose)
        audio: Floats = dsp.synth(*levels, phase, voiced, chance)
        return audio
