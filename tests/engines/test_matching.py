"""Matched voices: what brings Kokoro near a speaker, with real models and as few sentences as prove it."""

import json
import shutil
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.engines.base import Learnt, SpeechSettings
from audiostudio.engines.kokoro import matching
from audiostudio.engines.kokoro.engine import KokoroEngine
from audiostudio.engines.kokoro.evolution import Evolution
from audiostudio.engines.kokoro.manner import MATCHING, NEUTRAL, Manner, mixed, read_manner
from audiostudio.engines.kokoro.styles import STYLE
from audiostudio.engines.kokoro.timbre import BANDS, correction, equalised, spectrum
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.speakers import SpeakerEncoder, similarity
from audiostudio.errors import EngineFailed, ModelDamaged, ModelMissing, UnsupportedSetting
from audiostudio.jobs.job import Progress
from audiostudio.sound.files import Sound, read_sound, write_sound
from tests.engines.contract import sentences

pytestmark = pytest.mark.models

MICHAEL = Path(__file__).parent.parent / "data" / "speakers" / "michael-1.flac"
RATE = 24_000
OWN = "mine/5f3a5f3a"
DULL = np.linspace(6.0, -6.0, BANDS)


@dataclass
class Supplied:
    """The models, and the folder of one own voice."""

    models: ModelStore
    folder: Path
    deaf: bool = False

    def path(self, name: str, file: str) -> Path:
        if self.deaf and name == "whisper-base":
            raise ModelMissing(f"No {name}.")
        return self.models.path(name, file)

    def voice(self, identity: str) -> Path:
        return self.folder


def kokoro_with(folder: Path, registry: EngineRegistry, models_dir: Path, deaf: bool = False) -> KokoroEngine:
    loaded = registry.load("kokoro")
    return KokoroEngine(Supplied(ModelStore(models_dir), folder, deaf), loaded.manifest, loaded._stages, 2)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A speaker whom Kokoro has, through a dull microphone."""
    path = tmp_path_factory.mktemp("samples") / "michael.wav"
    dull = equalised(read_sound(MICHAEL, RATE, mono=True).samples[0], DULL)
    write_sound(path, Sound(dull[np.newaxis], RATE))
    return path


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("voice")


@pytest.fixture(scope="module")
def engine(place: Path, registry: EngineRegistry, models_dir: Path) -> KokoroEngine:
    return kokoro_with(place, registry, models_dir)


@pytest.fixture(scope="module", autouse=True)
def few_phrases() -> Iterator[None]:
    """What is said costs the time: three phrases and two voices prove as much."""
    few = {"fit": matching.phrases("en")["fit"][:2], "unseen": matching.phrases("en")["unseen"][:1]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(matching, "phrases", lambda _: few)
        patch.setattr(matching, "_NEAREST", 1)
        patch.setattr(matching, "_POPULATION", 4)
        yield


@pytest.fixture(scope="module")
def learnt(engine: KokoroEngine, sample: Path, place: Path) -> Learnt:
    """Without a search, which only comes nearer."""
    return finished(engine.learn([sample], place, {"generations": "0", "language": "en-us"}))


def finished(steps: Generator[Progress, None, Learnt]) -> Learnt:
    fractions = [0.0]
    while True:
        try:
            fractions.append(next(steps).fraction)
        except StopIteration as end:
            assert fractions == sorted(fractions)
            assert fractions[-1] <= 1.0
            return end.value


def said(engine: KokoroEngine, voice: str) -> np.ndarray:
    chunks = engine.speak(sentences("The harbour was quiet."), SpeechSettings(voice))
    return np.concatenate([one.audio for one in chunks])


@pytest.mark.long
def test_the_nearest_voice_is_found_and_told(learnt: Learnt, place: Path) -> None:
    assert learnt.files == (STYLE, MATCHING)
    assert (place / STYLE).stat().st_size == 510 * 256 * 4
    made = learnt.made_by
    assert made["nearest_voice"] == "am_michael"
    assert 0.7 < made["nearest"] < made["similarity"] <= 1.0
    assert abs(made["judged"]["pitch"]) < 1.5
    assert made["judged"]["spectrum"] < made["nearest_judged"]["spectrum"]
    assert made["judged"]["word_errors"] == 0.0
    json.dumps(made)


@pytest.mark.long
def test_the_colour_of_the_microphone_is_taken_on(learnt: Learnt, place: Path) -> None:
    bands = read_manner(place).equaliser
    assert np.mean(bands[:8]) - np.mean(bands[-8:]) > 4


@pytest.mark.long
def test_a_matched_voice_speaks_and_mixes(learnt: Learnt, engine: KokoroEngine, sample: Path, models_dir: Path) -> None:
    encoder = SpeakerEncoder(ModelStore(models_dir))
    own, stock, both = (said(engine, voice) for voice in (OWN, "af_heart", f"{OWN}:0.5+af_heart:0.5"))
    speaker = encoder.embed(read_sound(sample, RATE, mono=True).samples[0], RATE)
    near = [similarity(encoder.embed(one, RATE), speaker) for one in (own, both, stock)]
    assert near == sorted(near, reverse=True)
    assert near[0] > 0.75
    assert len(both) > RATE


@pytest.mark.long
def test_a_voice_that_was_made_again_is_heard_at_once(
    learnt: Learnt, place: Path, registry: EngineRegistry, models_dir: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "voice"
    shutil.copytree(place, folder)
    engine = kokoro_with(folder, registry, models_dir)
    before = said(engine, OWN)
    shutil.copy(models_dir / "kokoro-voices" / "af_heart.bin", folder / STYLE)
    (folder / MATCHING).write_text(json.dumps(NEUTRAL.to_json()))
    assert np.array_equal(said(engine, OWN), said(engine, "af_heart"))
    assert len(before) != len(said(engine, OWN))


@pytest.mark.long
def test_the_same_seed_finds_the_same_voice_and_nobody_need_listen(
    registry: EngineRegistry, models_dir: Path, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = {"fit": matching.phrases("en")["fit"][:1], "unseen": matching.phrases("en")["unseen"][:1]}
    monkeypatch.setattr(matching, "phrases", lambda _: few)
    engine = kokoro_with(tmp_path, registry, models_dir, deaf=True)
    found = []
    for number in range(2):
        folder = tmp_path / str(number)
        folder.mkdir()
        made = finished(engine.learn([sample], folder, {"generations": "1", "seed": "7"})).made_by
        assert "word_errors" not in made["judged"]
        found.append((folder / STYLE).read_bytes() + (folder / MATCHING).read_bytes())
    assert found[0] == found[1]


@pytest.mark.long
def test_a_match_that_is_cancelled_leaves_nothing(engine: KokoroEngine, sample: Path, tmp_path: Path) -> None:
    steps = engine.learn([sample], tmp_path, {"generations": "1"})
    while next(steps).fraction < 0.05:
        pass
    steps.close()
    assert not list(tmp_path.iterdir())


def test_where_nobody_speaks_nobody_is_matched(engine: KokoroEngine, tmp_path: Path) -> None:
    write_sound(tmp_path / "silence.wav", Sound(np.zeros((1, RATE), np.float32), RATE))
    with pytest.raises(EngineFailed, match="Nobody"):
        finished(engine.learn([tmp_path / "silence.wav"], tmp_path, {}))


@pytest.mark.parametrize(
    "option", [{"seed": "x"}, {"seconds": "nan"}, {"generations": "-1"}, {"seed": "1e99"}], ids=str
)
def test_what_cannot_be_an_option_is_told(
    option: dict[str, str], engine: KokoroEngine, sample: Path, tmp_path: Path
) -> None:
    with pytest.raises(UnsupportedSetting, match=next(iter(option))):
        finished(engine.learn([sample], tmp_path, option))


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", "nonsense", '{"pitch": 0, "intonation": 1, "equaliser": [1]}'.replace("[1]", str([400] * BANDS)),
     '{"pitch": 0, "intonation": 1, "equaliser": [1]}', '{"pitch": NaN, "intonation": 1, "equaliser": []}'],
)  # fmt: skip
def test_a_damaged_manner_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / MATCHING).write_text(text)
    with pytest.raises(ModelDamaged):
        read_manner(tmp_path)


def test_manners_mix_by_weight_and_stock_voices_have_none() -> None:
    own = Manner(4.0, 1.44, (6.0,) * BANDS)
    both = mixed([(own, 0.5), (NEUTRAL, 0.5)])
    assert both.pitch == pytest.approx(2.0)
    assert both.intonation == pytest.approx(1.2)
    assert both.equaliser == pytest.approx((3.0,) * BANDS)
    plain = SpeechSettings("af_heart", pitch=1.0)
    assert mixed([(NEUTRAL, 1.0)]).applied(plain) is plain


def test_an_equaliser_gives_the_spectrum_that_was_wanted() -> None:
    noise = np.random.default_rng(1).standard_normal(10 * RATE).astype(np.float32) * 0.05
    wanted = 5 * np.sin(np.arange(BANDS) / 4)
    had = spectrum([noise], RATE)
    coloured = equalised(noise, correction(wanted + had, had))
    reached = spectrum([coloured], RATE) - had
    assert np.abs((reached - reached.mean()) - (wanted - wanted.mean()))[2:-2].max() < 1.0
    assert np.sqrt(np.mean(coloured**2)) == pytest.approx(np.sqrt(np.mean(noise**2)), rel=0.1)


def test_an_equaliser_delays_nothing() -> None:
    click = np.zeros(4801, np.float32)
    click[2400] = 1.0
    found = equalised(click, DULL)
    assert found.shape == click.shape
    assert int(np.argmax(np.abs(found))) == 2400
    assert equalised(click, np.zeros(BANDS)) is click


def test_bands_that_were_cut_off_are_left_alone() -> None:
    noise = np.random.default_rng(2).standard_normal(4 * RATE).astype(np.float32) * 0.05
    narrow = np.fft.irfft(np.fft.rfft(noise) * (np.fft.rfftfreq(len(noise), 1 / RATE) < 3400)).astype(np.float32)
    telephone = spectrum([narrow], RATE)
    assert np.isnan(telephone[-3:]).all()
    assert np.abs(correction(telephone, spectrum([noise], RATE))[-3:]).max() < 3.0


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=15)
def test_the_search_finds_a_valley_and_the_same_one_with_the_same_seed(seed: int) -> None:
    target = np.array([1.0, -2.0, 0.5, 3.0])

    def found() -> np.ndarray:
        evolution = Evolution(np.zeros(4), 0.5, 10, seed)
        for _ in range(80):
            points = evolution.ask()
            evolution.tell(points, ((points - target) ** 2 * (1, 10, 1, 100)).sum(axis=1))
        return evolution.mean

    assert np.abs(found() - target).max() < 0.05
    assert np.array_equal(found(), found())
