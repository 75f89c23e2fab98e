"""How good speech is, as the studio's own ears hear it: DNSMOS and word errors."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.base import Transcriber
from audiostudio.engines.dnsmos import Dnsmos
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.script.comparison import compare
from audiostudio.script.reading import read


def dnsmos(audio: NDArray[np.float32], sample_rate: int, models: Path) -> float:
    """The overall score of DNSMOS P.835, 1…5. `models`: the folder of the model store."""
    found = _dnsmos(models).rate([audio], sample_rate)
    assert found is not None
    return found.overall


def transcribed(audio: NDArray[np.float32], sample_rate: int, models: Path, language: str = "en") -> str:
    """What Whisper hears."""
    heard = _whisper(models).transcribe([audio], sample_rate, language, word_times=False)
    return " ".join(one.text for one in heard)


def word_errors(said: str, heard: str) -> float:
    """Missing, added and other words for each word of `said`, as the studio's checks count them."""
    return compare(read(said, "en-us"), heard, "en-us").word_errors


@cache
def _dnsmos(models: Path) -> Dnsmos:
    return Dnsmos(ModelStore(models))


@cache
def _whisper(models: Path) -> Transcriber:
    return EngineRegistry(ModelStore(models)).transcriber()
