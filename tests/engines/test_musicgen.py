"""MusicGen: tiny random models through the real loading code, in the real environment."""

from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiostudio.engines.base import EngineManifest, MusicRequest
from audiostudio.engines.environments.calls import Worker
from audiostudio.engines.environments.hosted import HostedEngine
from audiostudio.engines.environments.store import Environments
from audiostudio.engines.musicgen import chroma
from audiostudio.engines.registry import EngineRegistry
from audiostudio.errors import ModelDamaged, ModelMissing, RequestError, UnreadableMedia, UnsupportedSetting
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import AssetKind
from audiostudio.operations.cloud.jobs import sound_effect
from audiostudio.operations.music.make import make
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.sound.files import read_sound
from audiostudio.sound.loudness import loudness
from tests.engines.contract_music import MusicContract, Musician, heard, made
from tests.engines.test_xtts import humming, run_here

RATE = 32_000
ROCK = MusicRequest("happy rock", 1.0, seed=7)
MELODY = (("model", "musicgen-melody"),)


FILES = {
    "musicgen-small": "text.bin",
    "musicgen-melody": "melody.bin",
    "musicgen-stereo-small": "stereo.bin",
    "encodec-32khz": "compression_state_dict.bin",
    "audiogen-medium": "text.bin",
    "t5-base": "model.safetensors",
    "t5-large": "model.safetensors",
    "t5-tokenizer": "tokenizer.json",
}


class TinyModels:
    """The tiny models' files, with one in place of another."""

    def __init__(self, tiny: Path, **instead: str) -> None:
        self._tiny = tiny
        self._instead = {name.replace("_", "-"): file for name, file in instead.items()}

    def path(self, name: str, file: str) -> Path:
        if (name, file) == ("audiogen-medium", "compression_state_dict.bin"):
            return self._tiny / file
        try:
            return self._tiny / (FILES | self._instead)[name]
        except KeyError:
            raise ModelMissing(f"There is no {name}.", f"Run `audiostudio models pull {name}`.") from None

    def voice(self, identity: str) -> Path:
        raise NotImplementedError


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, environments: Environments) -> Path:
    """Written, and found to give the tokens that audiocraft's own loop gives."""
    folder = tmp_path_factory.mktemp("musicgen")
    run_here(environments, "tiny_musicgen.py", folder)
    return folder


@pytest.fixture(scope="module")
def manifest(registry: EngineRegistry) -> EngineManifest:
    return registry.manifest("musicgen")


@pytest.fixture(scope="module")
def engine(worker: Worker, tiny: Path, manifest: EngineManifest) -> HostedEngine:
    return HostedEngine(worker, TinyModels(tiny), manifest)


@pytest.mark.long
def test_the_table_of_pitch_classes_is_the_one_that_it_was_trained_with() -> None:
    from librosa import filters

    for rate, bins in ((RATE, 1 << 14), (44_100, 4096)):
        wanted = filters.chroma(sr=rate, n_fft=bins, tuning=0, n_chroma=12)
        assert np.allclose(chroma.filters(rate, bins), wanted, atol=1e-7)


class TestMusicGenContract(MusicContract):
    @pytest.fixture
    def musician(self, engine: HostedEngine) -> Musician:
        return Musician(engine, ROCK)


def test_a_piece_longer_than_what_it_hears_at_once(engine: HostedEngine, tmp_path: Path) -> None:
    long = heard(engine, replace(ROCK, seconds=5.003), tmp_path)
    assert not np.array_equal(long.samples[:, :RATE], long.samples[:, -RATE:])


def test_models_of_two_channels(engine: HostedEngine, tmp_path: Path) -> None:
    sound = heard(engine, replace(ROCK, options=(("model", "musicgen-stereo-small"),)), tmp_path)
    assert sound.channels == 2
    assert not np.array_equal(*sound.samples)


def test_a_melody_is_followed_where_the_model_can(engine: HostedEngine, tmp_path: Path) -> None:
    tunes = [humming(tmp_path / f"{hz}.wav", hz, 1.5) for hz in (220.0, 330.0)]
    asked = replace(ROCK, options=MELODY)
    found = [heard(engine, replace(asked, melody=tune), tmp_path).samples.tobytes() for tune in (None, *tunes)]
    assert len(set(found)) == 3
    assert heard(engine, replace(ROCK, melody=tunes[0]), tmp_path).samples.tobytes() == found[1]
    with pytest.raises(UnsupportedSetting, match="Melody"):
        made(engine, replace(ROCK, melody=tunes[0], options=(("model", "musicgen-small"),)), tmp_path)


def test_a_recording_that_is_none(engine: HostedEngine, tmp_path: Path) -> None:
    (tmp_path / "no.wav").write_bytes(b"no sound")
    with pytest.raises(UnreadableMedia):
        made(engine, replace(ROCK, continues=tmp_path / "no.wav"), tmp_path)


@pytest.mark.parametrize(
    ("changes", "kind", "sentence"),
    [
        ({"prompt": " "}, RequestError, "Nothing says"),
        ({"prompt": "rock " * 300}, RequestError, "too long: 301 pieces"),
        ({"seconds": 0.1}, RequestError, r"0\.1 seconds"),
        ({"seconds": 7200.0}, RequestError, "7200 seconds"),
        ({"count": 100}, RequestError, "100 variants"),
        ({"stems": True}, UnsupportedSetting, "no stems"),
        ({"options": (("guidance", "99"),)}, UnsupportedSetting, "guidance"),
        ({"options": (("model", "musicgen-large"),)}, ModelMissing, "musicgen-large"),
    ],
)
def test_what_it_cannot_do_is_a_sentence(
    engine: HostedEngine, tmp_path: Path, changes: dict[str, object], kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind, match=sentence):
        made(engine, replace(ROCK, **changes), tmp_path)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("instead", "sentence"),
    [
        ({"musicgen_small": "evil.bin"}, "more than numbers"),
        ({"musicgen_small": "no.bin"}, "numbers|no model"),
        ({"musicgen_small": "other.bin"}, "no model"),
        ({"encodec_32khz": "text.bin"}, "no model"),
        ({"t5_base": "text.bin"}, "no model"),
        ({"t5_tokenizer": "text.bin"}, "no model"),
    ],
)
@pytest.mark.usefixtures("engine")  # has started the process already
def test_files_that_are_no_model_are_refused_and_nothing_in_them_runs(
    worker: Worker, tiny: Path, manifest: EngineManifest, instead: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ModelDamaged, match=sentence):
        HostedEngine(worker, TinyModels(tiny, **instead), replace(manifest, name=str(instead)))
    assert not (tiny / "executed").exists()


def test_it_can_be_cancelled_while_it_is_sampling(engine: HostedEngine, tmp_path: Path) -> None:
    (tmp_path / "left").mkdir()
    work = engine.make(replace(ROCK, seconds=600.0), tmp_path / "left")
    while next(work).message != "Making it.":
        pass
    work.close()
    assert list((tmp_path / "left").iterdir()) == []
    heard(engine, ROCK, tmp_path)


@pytest.fixture
def studio(
    engine: HostedEngine, profile: Profile, monkeypatch: pytest.MonkeyPatch, worker: Worker, tiny: Path
) -> Iterator[Studio]:
    """Whose models are tiny; `engine` has started the process already."""
    studio = Studio(profile)
    monkeypatch.setattr(
        studio.engines,
        "musician",
        lambda name: HostedEngine(worker, TinyModels(tiny), studio.engines.manifest(name)),
    )
    yield studio
    studio.close()


def result(work: Generator[Progress | Partial, None, JsonObject]) -> JsonObject:
    while True:
        try:
            next(work)
        except StopIteration as done:
            found: JsonObject = done.value
            return found


def test_its_music_comes_into_the_library_and_may_not_be_sold(studio: Studio) -> None:
    options = {"model": "musicgen-stereo-small", "temperature": "0.5"}
    request = {"engine": "musicgen", "prompt": "happy rock", "seconds": 1.5, "seed": 3, "count": 2, "options": options}
    pieces = [studio.library.get(one["asset"]) for one in result(make(studio, request))["pieces"]]
    assert len({piece.content_hash for piece in pieces}) == 2
    for number, piece in enumerate(pieces):
        assert piece.kind is AssetKind.MUSIC
        assert piece.duration == 1.5
        assert piece.media.channels == 2
        level = loudness(read_sound(piece.path))
        assert level.integrated == pytest.approx(-14, abs=0.5) or level.true_peak == pytest.approx(-1, abs=0.5)
        assert (piece.rights.commercial, piece.rights.licence) == (False, "CC-BY-NC-4.0")
        assert piece.recipe is not None
        assert piece.recipe["seed"] == 3 + number
        assert dict(piece.recipe["options"]) == options


def test_a_sound_effect_comes_into_the_library(studio: Studio) -> None:
    request = {"engine": "audiogen", "text": "calm drums", "seconds": 1.2, "seed": 3}
    asset = studio.library.get(result(sound_effect(studio, request))["asset"])
    assert asset.kind is AssetKind.SOUND_EFFECT
    assert asset.duration == pytest.approx(1.2)
    assert (asset.rights.commercial, asset.name) == (False, "calm drums")
    with pytest.raises(UnsupportedSetting):
        result(sound_effect(studio, request | {"engine": "musicgen"}))
