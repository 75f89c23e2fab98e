"""The speaker encoder, against what Resemblyzer 0.1.4 itself says of the same recordings (tests/data/speakers)."""

from pathlib import Path

import numpy as np
import pytest

from audiostudio.engines.models import ModelStore
from audiostudio.engines.speakers import RATE, SpeakerEncoder, similarity
from audiostudio.errors import ModelDamaged, ModelMissing, RequestError
from audiostudio.sound.files import read_sound
from audiostudio.sound.resample import resample

pytestmark = pytest.mark.models

RECORDINGS = Path(__file__).parent.parent / "data" / "speakers"
NAMES = ("heart-1", "heart-2", "michael-1")


@pytest.fixture(scope="module")
def encoder(models_dir: Path) -> SpeakerEncoder:
    return SpeakerEncoder(ModelStore(models_dir))


def recording(name: str) -> np.ndarray:
    return read_sound(RECORDINGS / f"{name}.flac", RATE, mono=True).samples[0]


@pytest.mark.parametrize("name", NAMES)
def test_embeddings_are_those_of_resemblyzer(name: str, encoder: SpeakerEncoder) -> None:
    with np.load(RECORDINGS / "resemblyzer.npz") as golden:
        assert similarity(encoder.embed(recording(name), RATE), golden[name]) > 0.999


def test_a_person_is_nearer_to_herself_than_to_another(encoder: SpeakerEncoder) -> None:
    heart, again, michael = (encoder.embed(recording(name), RATE) for name in NAMES)
    assert similarity(heart, again) > 0.85
    assert similarity(heart, michael) < 0.7


def test_neither_rate_nor_loudness_nor_silence_make_another_person(encoder: SpeakerEncoder) -> None:
    heart = recording("heart-1")
    wanted = encoder.embed(heart, RATE)
    assert similarity(encoder.embed(resample(heart[None], RATE, 48_000)[0], 48_000), wanted) > 0.99
    assert similarity(encoder.embed(heart / 50, RATE), wanted) > 0.98
    silence = np.zeros(5 * RATE, np.float32)
    assert similarity(encoder.embed(np.concatenate([silence, heart, silence]), RATE), wanted) > 0.98


def test_windows_say_who_speaks_when(encoder: SpeakerEncoder) -> None:
    heart, michael = recording("heart-1"), recording("michael-1")
    silence = np.zeros(3 * RATE, np.float32)
    embeddings, seconds = encoder.windows(np.concatenate([heart, silence, michael]), RATE)
    first, second = len(heart) / RATE, (len(heart) + len(silence)) / RATE
    assert ((seconds < first + 0.8) | (seconds > second - 0.8)).all()
    assert embeddings.shape == (len(seconds), 256)
    near = [similarity(one, encoder.embed(heart, RATE)) for one in embeddings]
    assert min(np.array(near)[seconds < first - 0.8]) > max(np.array(near)[seconds > second + 0.8])


@pytest.mark.parametrize("audio", [np.zeros(0, np.float32), np.zeros(RATE, np.float32)])
def test_where_nobody_speaks_there_is_nobody(audio: np.ndarray, encoder: SpeakerEncoder) -> None:
    with pytest.raises(RequestError, match="no voice"):
        encoder.embed(audio, RATE)
    assert len(encoder.windows(audio, RATE)[0]) == 0


def test_a_very_short_recording_still_has_an_embedding(encoder: SpeakerEncoder) -> None:
    short = recording("heart-1")[RATE // 2 : RATE]
    assert np.linalg.norm(encoder.embed(short, RATE)) == pytest.approx(1)
    assert len(encoder.windows(short, RATE)[0]) == 1


def test_other_weights_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        SpeakerEncoder(ModelStore(tmp_path))
    (tmp_path / "speaker-encoder").mkdir()
    checkpoint = Path(__file__).parent.parent / "data" / "checkpoints" / "zip.pt"
    (tmp_path / "speaker-encoder" / "pretrained.pt").write_bytes(checkpoint.read_bytes())
    with pytest.raises(ModelDamaged):
        SpeakerEncoder(ModelStore(tmp_path))
