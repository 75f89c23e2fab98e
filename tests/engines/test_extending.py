"""The example of docs/extending/engines.md, as it stands there: a package of somebody else's that clones voices."""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.marking import MarkedEngine
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.errors import EngineFailed, UnknownVoice
from audiostudio.sound.files import Sound, write_sound
from tests.engines.contract import Speaker, SpeechContract, sentences
from tests.engines.pitch import melody
from tests.engines.test_xtts import humming, learn

PAGE = Path(__file__).resolve().parents[2] / "docs/extending/engines.md"
MINE = SpeechSettings("mine/somebody")


class OwnVoices:
    """The data of own voices, as `engines.supplies` gives it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str, file: str) -> Path:
        raise AssertionError("Hum needs no model")

    def voice(self, identity: str) -> Path:
        folder = self._folder / identity.removeprefix("mine/")
        if not folder.exists():
            raise UnknownVoice(f"There is no own voice {identity}.", "")
        return folder


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The page's files, installed as pip would leave them."""
    place = tmp_path_factory.mktemp("site")
    text = PAGE.read_text(encoding="utf-8")
    files = dict(re.findall(r"^`([\w./]+)`\n\n```\w+\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    assert set(files) == {"pyproject.toml", "studio_hum/__init__.py", "studio_hum/engine.py"}
    for name, body in files.items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(body, encoding="utf-8")
    about = place / "studio_hum-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: studio-hum\nVersion: 1.0\n")
    entry = re.search(r'entry-points\."(.*?)"\]\n(\w+) = "(.*?)"', files["pyproject.toml"])
    assert entry is not None
    (about / "entry_points.txt").write_text(f"[{entry[1]}]\n{entry[2]} = {entry[3]}\n")
    sys.path.insert(0, str(place))
    yield place
    sys.path.remove(str(place))
    for name in [name for name in sys.modules if name.partition(".")[0] == "studio_hum"]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def known(package: Path, models_dir: Path) -> EngineRegistry:
    return EngineRegistry(ModelStore(models_dir))


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("voices")


@pytest.fixture(scope="module")
def hum(known: EngineRegistry, voices: Path) -> Any:
    """The engine itself, without the mark, with the voice `MINE`: somebody who speaks at 150 Hz."""
    from importlib import import_module

    manifest = known.manifest("hum")
    engine = import_module(manifest.module).create(OwnVoices(voices), manifest)
    samples = [humming(voices / f"{hz}.wav", hz) for hz in (149.0, 150.0, 151.0)]
    assert learn(engine, voices / "somebody", *samples).files == ("hum.json",)
    return engine


def test_the_studio_finds_it_and_marks_what_it_says(known: EngineRegistry) -> None:
    manifest = known.manifest("hum")
    assert manifest.capabilities.cloning == "clone"
    assert [option.title for option in manifest.capabilities.options] == ["Brightness"]
    assert isinstance(known.load("hum"), MarkedEngine)


def test_what_it_learnt_is_how_high_the_voice_is(hum: Any) -> None:
    take = Speaker(hum, MINE).say(*sentences("Hello there, you two!"))
    found = melody(take.audio, take.rate)
    heard = float(sorted(hz for hz in found if hz > 0)[len(found[found > 0]) // 2])
    assert heard == pytest.approx(150.0, rel=0.05)


def test_silence_teaches_nothing(hum: Any, voices: Path) -> None:
    silence = Sound(np.zeros((1, 48_000), np.float32), 48_000)
    write_sound(voices / "silence.wav", silence)
    with pytest.raises(EngineFailed, match="nobody speaks"):
        list(hum.learn([voices / "silence.wav"], voices, {}))


class TestHum(SpeechContract):
    @pytest.fixture
    def speaker(self, hum: Any) -> Speaker:
        return Speaker(hum, MINE)
