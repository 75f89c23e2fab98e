"""DNSMOS: speech rates above the same speech with noise, whatever pieces it comes in."""

from pathlib import Path

import numpy as np
import pytest

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.dnsmos import Dnsmos
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.errors import ModelMissing
from audiostudio.script.reading import read


@pytest.mark.long
@pytest.mark.models
def test_noise_is_heard(registry: EngineRegistry, models_dir: Path) -> None:
    text = "The sea was calm, and nobody said a word until the boat had reached the island."
    chunks = registry.load("hibari").speak(read(text, "en-us"), SpeechSettings("hibari_heart"))
    speech = np.concatenate([chunk.audio for chunk in chunks])
    noisy = speech + np.random.default_rng(1).normal(0, 0.05, len(speech)).astype(np.float32)
    dnsmos = Dnsmos(ModelStore(models_dir))
    clean, bad = dnsmos.rate([speech], 24_000), dnsmos.rate([noisy], 24_000)
    assert clean is not None
    assert bad is not None
    assert clean.overall > 2.7 > bad.overall
    assert clean.background > bad.background + 1
    pieces = dnsmos.rate(np.array_split(speech, 9), 24_000)
    assert pieces is not None
    assert pieces.overall == pytest.approx(clean.overall, abs=0.02)
    assert dnsmos.rate([], 24_000) is None


def test_without_its_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="DNSMOS"):
        Dnsmos(ModelStore(tmp_path))
