"""Kokoro's voices, sung. Its decoder takes any melody, but slurs what it never heard, long vowels and wide leaps; what
it speaks is clear. So it speaks, and that is moved onto the notes. See docs/decisions/voices-speak-before-they-sing.md.
"""

import numpy as np

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.kokoro.manner import Manner
from audiostudio.engines.kokoro.performance import VOICED, performed
from audiostudio.engines.kokoro.stages import Floats, Stages
from audiostudio.engines.singing.phrase import HOP, SpokenPhrase
from audiostudio.engines.singing.warping import Warping
from audiostudio.engines.singing.world import sing_with_world, spoken_of
from audiostudio.engines.tokens import FRAME, SAMPLE_RATE, Piece


class KokoroVoice:
    """A `singing.phrase.Voice`."""

    def __init__(self, stages: Stages, styles: Floats, manner: Manner) -> None:
        """`styles`: the voice's table, a style for each number of tokens."""
        self._stages = stages
        self._styles = styles
        self._manner = manner

    def say(self, piece: Piece, language: str) -> SpokenPhrase:
        spoken = performed(self._stages, piece, self._styles, SpeechSettings(""))
        frames, melody = spoken.timing.frames, spoken.prosody.f0
        audio = self._manner.coloured(self._stages.decode(spoken.style, spoken.prosody))
        audio = audio[: int(frames.sum()) * FRAME]
        return spoken_of(piece, frames, audio, SAMPLE_RATE, (np.where(melody > VOICED, melody, np.float32(0)), HOP))

    def sing(self, spoken: SpokenPhrase, warped: Warping, melody: Floats, chance: np.random.Generator) -> Floats:
        return sing_with_world(spoken.made, warped, melody)
