"""Kokoro's stages, its voices, and what is said when something is wrong with them."""

import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnxruntime.capi import onnxruntime_pybind11_state as state

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.kokoro import backends, graph
from audiostudio.engines.kokoro.engine import KokoroEngine
from audiostudio.engines.kokoro.harmonics import Harmonics
from audiostudio.engines.kokoro.onnx_stages import OnnxDecoder, OnnxEncoder
from audiostudio.engines.kokoro.openvino_decoder import OpenVinoDecoder
from audiostudio.engines.kokoro.performance import Performance, performed
from audiostudio.engines.kokoro.stages import JoinedStages
from audiostudio.engines.kokoro.styles import style_table
from audiostudio.engines.models import ModelStore
from audiostudio.engines.onnx import Session
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.tokens import FRAME, Piece, pieces
from audiostudio.errors import EngineFailed, ModelDamaged, ModelMissing
from audiostudio.script.phonemes import phonemize
from tests.engines.contract import TEXT, Take, check_stream, sentences

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def model_file(models_dir: Path) -> Path:
    return models_dir / "kokoro" / "model.onnx"


@pytest.fixture(scope="module")
def stages(model_file: Path) -> JoinedStages:
    """In ONNX Runtime throughout, as on a machine without OpenVINO."""
    model = graph.read(model_file)
    return JoinedStages(OnnxEncoder(model, model_file, 2), OnnxDecoder(model, model_file, 2))


@pytest.fixture(scope="module")
def piece() -> Piece:
    return pieces(phonemize(sentences(TEXT)[0]).words)[0]


@pytest.fixture(scope="module")
def heart(models_dir: Path) -> np.ndarray:
    return style_table([(models_dir / "kokoro-voices" / "af_heart.bin", 1.0)])


@pytest.fixture(scope="module")
def performance(stages: JoinedStages, piece: Piece, heart: np.ndarray) -> Performance:
    return performed(stages, piece, heart, SpeechSettings("af_heart"))


@pytest.fixture(scope="module")
def decoded(stages: JoinedStages, performance: Performance) -> np.ndarray:
    return stages.decode(performance.style, performance.prosody)


@pytest.mark.long
def test_the_stages_together_are_the_whole_model(
    stages: JoinedStages, piece: Piece, heart: np.ndarray, model_file: Path
) -> None:
    style = heart[len(piece.symbols)]
    frames = stages.durations(piece.tokens, style)
    apart = stages.decode(style, stages.prosody(piece.tokens, style, frames))
    whole = onnxruntime.InferenceSession(str(model_file), providers=["CPUExecutionProvider"])
    feed = {"tokens": piece.tokens[None], "style": style[None], "speed": np.ones(1, np.float32)}
    assert np.array_equal(apart, whole.run(None, feed)[0])
    assert len(apart) == int(frames.sum()) * FRAME


@pytest.mark.long
def test_the_sum_of_imposed_frames_is_the_length(stages: JoinedStages, piece: Piece, heart: np.ndarray) -> None:
    style = heart[len(piece.symbols)]
    frames = np.arange(len(piece.tokens), dtype=np.float32) % 5 + 1
    prosody = stages.prosody(piece.tokens, style, frames)
    assert prosody.frames == int(frames.sum())
    assert len(stages.decode(style, prosody)) == int(frames.sum()) * FRAME


@pytest.mark.long
@pytest.mark.parametrize("own", [True, pytest.param(False, marks=pytest.mark.full)], ids=["own", "other"])
def test_the_rewritten_decoder_sounds_like_the_one_it_was_made_of(
    decoded: np.ndarray, performance: Performance, model_file: Path, own: bool
) -> None:
    """In the precision that this processor is fast in, and in the other."""
    fast = backends.has_fast_bf16()
    if not own and not fast:
        pytest.skip("this processor does not compute in bf16")
    precision = "bf16" if fast and own else "f32"
    rewritten = OpenVinoDecoder(graph.read(model_file), model_file, 1, 1, precision)
    second = rewritten.decode(performance.style, performance.prosody)
    assert decoded.shape == second.shape
    assert np.corrcoef(decoded, second)[0, 1] > 0.9
    assert np.abs(_bands(decoded) - _bands(second)).mean() < 1.5
    assert np.array_equal(rewritten.decode(performance.style, performance.prosody), second)


def _bands(audio: np.ndarray) -> np.ndarray:
    """Decibels in 32 bands of 375 Hz each 43 ms, floored 60 dB below full scale."""
    frames = np.lib.stride_tricks.sliding_window_view(audio, 1024)[::1024] * np.hanning(1024)
    power = (np.abs(np.fft.rfft(frames)[:, 1:]) ** 2).reshape(len(frames), 32, 16).mean(axis=2)
    return 10 * np.log10(power + 1e-6 * 1024)


def test_the_hum_keeps_its_pitch_for_minutes() -> None:
    """A phase that adds up in single precision would drift; the end must hum like the beginning."""
    hum = Harmonics(np.array([1.0], np.float32), 0.0)._hum(np.full(2 * 40 * 120, 220.0, np.float32))
    peak = [np.argmax(np.abs(np.fft.rfft(part * np.hanning(24_000)))) for part in (hum[:24_000], hum[-24_000:])]
    assert peak == [220, 220]


@pytest.mark.long
def test_without_openvino_the_decoder_runs_in_onnx_runtime(model_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    assert "ONNX Runtime" in backends.load(model_file, 1, 1).device


@pytest.mark.long
def test_an_engine_without_openvino_speaks_as_well(
    stages: JoinedStages, models_dir: Path, registry: EngineRegistry
) -> None:
    engine = KokoroEngine(ModelStore(models_dir), registry.manifest("kokoro"), stages, 1)
    take = Take(list(engine.speak(sentences("Hello there, my friend."), SpeechSettings("af_heart"))))
    check_stream(take)
    assert [word.text for word in take.words] == ["Hello", "there,", "my", "friend."]


def test_a_mix_lies_between_its_voices(models_dir: Path) -> None:
    folder = models_dir / "kokoro-voices"
    one, two = (style_table([(folder / f"{name}.bin", 1.0)]) for name in ("af_heart", "am_adam"))
    mixed = style_table([(folder / "af_heart.bin", 0.25), (folder / "am_adam.bin", 0.75)])
    np.testing.assert_allclose(mixed, 0.25 * one + 0.75 * two, atol=1e-6)


@pytest.mark.long
def test_a_mix_speaks(registry: EngineRegistry) -> None:
    mix = "af_heart:0.6+am_adam:0.4"
    manifest, _ = registry.resolve(mix)
    engine = registry.load(manifest.name)
    mixed, plain = (
        np.concatenate([c.audio for c in engine.speak(sentences("Hello there."), SpeechSettings(voice))])
        for voice in (mix, "af_heart")
    )
    assert not np.array_equal(mixed[:10_000], plain[:10_000])


@pytest.fixture
def store(tmp_path: Path, models_dir: Path) -> ModelStore:
    """A store whose files can be spoilt: the model and one voice are copies, of the right size."""
    folder = tmp_path / "models"
    (folder / "kokoro").mkdir(parents=True)
    (folder / "kokoro-voices").mkdir()
    (folder / "kokoro" / "model.onnx").write_bytes((models_dir / "kokoro" / "model.onnx").read_bytes())
    for voice in (models_dir / "kokoro-voices").glob("*.bin"):
        (folder / "kokoro-voices" / voice.name).symlink_to(voice)
    return ModelStore(folder)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["garbage", "zeros", "half"])
def test_a_spoilt_model_is_said(store: ModelStore, kind: str) -> None:
    path = store.path("kokoro", "model.onnx")
    data = path.read_bytes()
    spoilt = {
        "garbage": np.random.default_rng(0).bytes(len(data)),
        "zeros": bytes(len(data)),
        "half": data[: len(data) // 2] + bytes(len(data) - len(data) // 2),
    }[kind]
    path.write_bytes(spoilt)
    with pytest.raises(ModelDamaged) as caught:
        EngineRegistry(store).load("kokoro")
    assert "models" in caught.value.hint


def test_another_model_in_its_place_is_said(tmp_path: Path) -> None:
    node = onnx.helper.make_node("Identity", ["x"], ["audio"])
    x, y = (onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1]) for name in ("x", "audio"))
    path = tmp_path / "model.onnx"
    path.write_bytes(onnx.helper.make_model(onnx.helper.make_graph([node], "g", [x], [y])).SerializeToString())
    with pytest.raises(ModelDamaged):
        backends.load(path, 1, 1)


def test_a_spoilt_voice_is_said(store: ModelStore, registry: EngineRegistry) -> None:
    path = store.path("kokoro-voices", "af_sky.bin")
    path.unlink()
    with pytest.raises(ModelMissing):
        store.path("kokoro-voices", "af_sky.bin")
    for data in (b"", b"\xff" * 522_240):
        path.write_bytes(data)
        with pytest.raises(ModelDamaged):
            style_table([(path, 1.0)])


def test_a_token_that_the_model_lacks_is_an_engine_error(stages: JoinedStages, heart: np.ndarray) -> None:
    with pytest.raises(EngineFailed):
        stages.durations(np.array([0, 99_999, 0]), heart[1])


def test_every_error_of_onnx_runtime_is_mapped(model_file: Path) -> None:
    session = Session(_identity(), 1, model_file)
    kinds = {kind for kind in vars(state).values() if isinstance(kind, type) and issubclass(kind, Exception)}
    assert {"Fail", "InvalidArgument", "InvalidProtobuf", "RuntimeException"} <= {kind.__name__ for kind in kinds}
    for kind in kinds:
        with pytest.raises(EngineFailed), session.errors():
            raise kind("from the runtime")


def _identity() -> bytes:
    node = onnx.helper.make_node("Identity", ["x"], ["y"])
    x, y = (onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, [1]) for name in ("x", "y"))
    made = onnx.helper.make_model(
        onnx.helper.make_graph([node], "g", [x], [y]),
        opset_imports=[onnx.helper.make_opsetid("", 20)],
        ir_version=9,
    )
    return made.SerializeToString()
