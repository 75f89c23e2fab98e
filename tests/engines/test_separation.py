"""HTDemucs: a tiny random model through the real loading code, in the real environment."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.engines.base import EngineManifest
from audiostudio.engines.environments.calls import Worker
from audiostudio.engines.environments.hosted import HostedEngine
from audiostudio.engines.environments.store import Environments
from audiostudio.engines.registry import EngineRegistry
from audiostudio.errors import ModelDamaged, UnreadableMedia
from audiostudio.sound.files import Sound, read_sound, write_sound
from tests.engines.test_xtts import run_here

SOURCES = ("drums", "bass", "other", "vocals")


class TinyModels:
    def __init__(self, tiny: Path, file: str = "htdemucs.th") -> None:
        self._path = tiny / file

    def path(self, _name: str, _file: str) -> Path:
        return self._path

    def voice(self, identity: str) -> Path:
        raise NotImplementedError


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, environments: Environments) -> Path:
    folder = tmp_path_factory.mktemp("htdemucs")
    run_here(environments, "tiny_htdemucs.py", folder)
    return folder


@pytest.fixture(scope="module")
def manifest(registry: EngineRegistry) -> EngineManifest:
    return registry.manifest("htdemucs")


@pytest.fixture(scope="module")
def engine(worker: Worker, tiny: Path, manifest: EngineManifest) -> HostedEngine:
    return HostedEngine(worker, TinyModels(tiny), manifest)


def stems(engine: HostedEngine, path: Path, folder: Path) -> dict[str, NDArray[np.float32]]:
    """Checked to be as long as the mix, and as loud together."""
    work = engine.separate(path, folder)
    while True:
        try:
            next(work)
        except StopIteration as done:
            files = dict(done.value)
            break
    mix = read_sound(path)
    found = {name: read_sound(folder / file) for name, file in files.items()}
    assert {(one.sample_rate, one.samples.shape) for one in found.values()} == {(mix.sample_rate, mix.samples.shape)}
    return {name: one.samples for name, one in found.items()}


def test_the_stems_are_those_of_demucs_and_together_the_mix(engine: HostedEngine, tiny: Path, tmp_path: Path) -> None:
    found = stems(engine, tiny / "mix.wav", tmp_path)
    assert tuple(found) == ("vocals", "drums", "bass", "other")
    wanted = dict(zip(SOURCES, np.load(tiny / "wanted.npy"), strict=True))
    for name in ("vocals", "drums", "bass"):
        assert np.abs(wanted[name]).max() > 0.001
        assert np.allclose(found[name], wanted[name], atol=1e-4)
    assert np.allclose(sum(found.values()), read_sound(tiny / "mix.wav").samples, atol=1e-5)


@pytest.mark.parametrize(("rate", "channels", "samples"), [(48_000, 1, 40_001), (22_050, 2, 100), (44_100, 2, 30_000)])
def test_any_mix(engine: HostedEngine, tmp_path: Path, rate: int, channels: int, samples: int) -> None:
    tone = 0.3 * np.sin(np.arange(samples) * 2 * np.pi * 440 / rate)
    mix = np.stack([tone * (1 - 0.5 * channel) for channel in range(channels)]).astype(np.float32)
    write_sound(tmp_path / "mix.flac", Sound(mix, rate), "flac")
    found = stems(engine, tmp_path / "mix.flac", tmp_path)
    inside = slice(samples // 10, -samples // 10)  # resampling rings at the ends
    assert np.allclose(sum(found.values())[:, inside], mix[:, inside], atol=0.01)  # type: ignore[index]


@pytest.mark.parametrize(
    ("file", "sentence"), [("evil.th", "more than numbers"), ("no.th", "numbers|no model"), ("other.th", "no model")]
)
@pytest.mark.usefixtures("engine")  # has started the process already
def test_a_file_that_is_no_model_is_refused_and_nothing_in_it_runs(
    worker: Worker, tiny: Path, manifest: EngineManifest, file: str, sentence: str
) -> None:
    with pytest.raises(ModelDamaged, match=sentence):
        HostedEngine(worker, TinyModels(tiny, file), replace(manifest, name=file))
    assert not (tiny / "executed").exists()


def test_what_is_no_sound_is_said(engine: HostedEngine, tmp_path: Path) -> None:
    (tmp_path / "no.wav").write_bytes(b"no sound")
    with pytest.raises(UnreadableMedia):
        list(engine.separate(tmp_path / "no.wav", tmp_path))


def test_it_can_be_cancelled(engine: HostedEngine, tiny: Path, tmp_path: Path) -> None:
    write_sound(tmp_path / "long.wav", Sound(np.zeros((2, 44_100 * 300), np.float32), 44_100))
    work = engine.separate(tmp_path / "long.wav", tmp_path)
    while next(work).message != "Taking it apart.":
        pass
    work.close()
    assert stems(engine, tiny / "mix.wav", tmp_path)
