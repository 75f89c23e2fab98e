"""Engines and voices by name, without importing any engine."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.voices import parse_mix
from audiostudio.errors import EngineUnavailable, ModelMissing, NotFound, UnknownVoice, UnsupportedSetting


@pytest.fixture
def empty(tmp_path: Path) -> EngineRegistry:
    """A registry whose model store has nothing."""
    return EngineRegistry(ModelStore(tmp_path / "models"), tmp_path / "engines")


def test_engines_are_known_without_being_imported() -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from audiostudio.engines.registry import EngineRegistry;"
        "from audiostudio.engines.models import ModelStore;"
        "names = [m.name for m in EngineRegistry(ModelStore(Path('none'))).manifests()];"
        "heavy = {'onnxruntime', 'onnx', 'openvino', 'hibari', 'faster_whisper', 'elevenlabs', 'httpx', 'keyring'};"
        "heavy &= set(sys.modules);"
        "print(len(names) > 5, heavy, [m for m in sys.modules if m.startswith('audiostudio.engines.kokoro')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "True set() []"


def test_there_are_all_of_kokoros_voices(empty: EngineRegistry, models_dir: Path) -> None:
    voices = [voice for voice in empty.voices() if voice.engine == "kokoro"]
    assert {voice.id for voice in voices} == {path.stem for path in (models_dir / "kokoro-voices").glob("*.bin")}
    assert len(voices) == 54
    for voice in voices:
        assert voice.name
        assert voice.accent
        assert voice.description
        assert voice.language in empty.manifest("kokoro").capabilities.languages
        assert voice.gender == {"f": "female", "m": "male"}[voice.id[1]]


def test_every_engine_of_the_application_itself_has_voices(empty: EngineRegistry) -> None:
    local = [manifest for manifest in empty.manifests() if not manifest.capabilities.remote]
    speaking = {one.name for one in local if one.kind == "speech" and not one.environment}
    assert {voice.engine for voice in empty.voices()} == speaking


@pytest.mark.parametrize(("wrong", "right"), [("af_hart", "af_heart"), ("Heart", "af_heart"), ("bf-emma", "bf_emma")])
def test_an_unknown_voice_is_answered_with_near_ones(empty: EngineRegistry, wrong: str, right: str) -> None:
    with pytest.raises(UnknownVoice) as caught:
        empty.resolve(wrong)
    assert right in caught.value.hint


def test_a_voice_like_no_other_is_answered_with_the_list(empty: EngineRegistry) -> None:
    with pytest.raises(UnknownVoice) as caught:
        empty.voice("zzzzzzzz")
    assert "audiostudio voices" in caught.value.hint


def test_a_mix_has_its_weights_in_proportion(empty: EngineRegistry) -> None:
    manifest, mix = empty.resolve("af_heart:3 + am_adam:1")
    assert manifest.name == "kokoro"
    assert [(voice.id, weight) for voice, weight in mix] == [("af_heart", 0.75), ("am_adam", 0.25)]
    assert empty.resolve("bm_george")[1][0][1] == 1.0


@pytest.mark.parametrize(
    "mix", ["", "+", "af_heart+", ":0.5", "af_heart:", "af_heart:x", "af_heart:0", "af_heart:-1", "af_heart:nan",
            "af_heart:inf", "af_heart:1+af_heart:1", "hibari_heart:0.5+af_heart:0.5"]
)  # fmt: skip
def test_a_mix_written_wrongly_is_refused(empty: EngineRegistry, mix: str) -> None:
    with pytest.raises(UnsupportedSetting):
        empty.resolve(mix)


@given(st.text(max_size=40))
def test_any_text_is_a_mix_or_is_refused(text: str) -> None:
    try:
        mix = parse_mix(text)
    except UnsupportedSetting:
        return
    assert sum(weight for _, weight in mix) == pytest.approx(1.0)
    assert all(weight > 0 and name for name, weight in mix)


def test_a_missing_model_names_the_command(empty: EngineRegistry) -> None:
    with pytest.raises(ModelMissing) as caught:
        empty.load("kokoro")
    assert "audiostudio models pull kokoro" in caught.value.hint


def test_an_unknown_engine_is_said(empty: EngineRegistry) -> None:
    with pytest.raises(NotFound):
        empty.load("gramophone")


def test_an_engine_is_loaded_once_and_can_be_closed(empty: EngineRegistry) -> None:
    tone = empty.load("tone")
    assert empty.load("tone") is tone
    empty.close()
    assert empty.load("tone") is not tone


def _add(folder: Path, **changes: object) -> None:
    folder.mkdir(exist_ok=True)
    manifest = {
        "name": "mine",
        "title": "Mine",
        "module": "audiostudio.engines.tone",
        "version": "1",
        "kind": "speech",
        "capabilities": {"languages": ["en-us"]},
        "rights": {"licence": "yours", "commercial": True},
        "voices": [{"id": "my_voice", "name": "My voice", "language": "en-us", "gender": "neutral"}],
    }
    (folder / "mine.json").write_text(json.dumps(manifest | changes))


def test_a_manifest_in_the_users_folder_adds_an_engine(tmp_path: Path) -> None:
    _add(tmp_path / "engines")
    registry = EngineRegistry(ModelStore(tmp_path / "models"), tmp_path / "engines")
    assert registry.resolve("my_voice")[0].name == "mine"
    assert registry.load("mine").manifest.title == "Mine"


def test_an_entry_point_adds_an_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A real distribution on the path: its metadata, and a module with the manifest."""
    info = tmp_path / "site" / "other_engine-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other-engine\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[audiostudio.engines]\nother = other_engine_manifest:MANIFEST\n")
    _add(tmp_path / "written", name="other")
    text = (tmp_path / "written" / "mine.json").read_text()
    (tmp_path / "site" / "other_engine_manifest.py").write_text(f"import json\nMANIFEST = json.loads({text!r})\n")
    monkeypatch.syspath_prepend(tmp_path / "site")
    assert "other" in [manifest.name for manifest in EngineRegistry(ModelStore(tmp_path / "models")).manifests()]


def test_an_engine_whose_package_is_missing_is_said(tmp_path: Path) -> None:
    _add(tmp_path / "engines", module="no_such_package.engine")
    registry = EngineRegistry(ModelStore(tmp_path / "models"), tmp_path / "engines")
    with pytest.raises(EngineUnavailable):
        registry.load("mine")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "mine"}', '{"name": 3, "voices": "x"}'])
def test_a_manifest_that_cannot_be_read_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "engines").mkdir()
    (tmp_path / "engines" / "mine.json").write_text(text)
    with pytest.raises(EngineUnavailable) as caught:
        EngineRegistry(ModelStore(tmp_path / "models"), tmp_path / "engines")
    assert "mine.json" in caught.value.sentence
