"""The manifests that ship, and the models they describe."""

import json
from pathlib import Path

import pytest

from audiostudio.engines.models import ModelManifest, ModelStore
from audiostudio.errors import ModelDamaged, ModelMissing, RequestError
from audiostudio.resource import resource
from tests.models.conftest import MakeStore

SHIPPED = sorted(path.stem for path in resource("models").glob("*.json"))
FETCHED_AT_SETUP = [name for name in ModelStore(Path("/nowhere")).default if name != "hibari"]


@pytest.fixture
def shipped(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


def test_what_ships(shipped: ModelStore) -> None:
    assert {"kokoro", "kokoro-voices", "hibari", "whisper-base"} <= set(shipped.names())
    assert {"kokoro", "kokoro-voices", "hibari"} <= set(shipped.default)
    assert len(shipped.manifest("kokoro-voices").files) == 54


@pytest.mark.parametrize("name", SHIPPED)
def test_a_manifest_says_what_a_user_agrees_to(shipped: ModelStore, name: str) -> None:
    manifest = shipped.manifest(name)
    assert manifest.title
    assert manifest.purpose
    assert manifest.licence
    assert len(manifest.licence_text) > 500
    assert manifest.rights.commercial is not None
    for file in manifest.files:
        assert (len(file.sha256) == 64 and file.size > 0) or (file.sha256, file.size) == ("", 0)
    for source in manifest.sources:
        assert set(source.members) == {file.name for file in manifest.files}
        assert source.kind == "installed" or source.download > 500_000


def test_a_built_in_model_is_used_where_it_lies(shipped: ModelStore) -> None:
    assert shipped.present("hibari")
    shipped.verify("hibari")
    assert [progress.fraction for progress in shipped.pull("hibari", accept=True)] == [1.0]
    assert shipped.accepted("hibari")
    assert shipped.path("hibari", "hibari.onnx").stat().st_size == 7936868
    with pytest.raises(RequestError, match="part of the installation"):
        shipped.remove("hibari")


def test_a_built_in_model_whose_package_is_gone(make_store: MakeStore) -> None:
    gone = {"kind": "installed", "from": ["no_such_package"], "download": 0, "member": "{name}"}
    store = make_store({"model.bin": b"x"}, [gone])
    assert not store.present("voice")
    assert store.size("voice") == 0
    with pytest.raises(ModelMissing, match="Install Audio Studio again"):
        store.verify("voice")
    with pytest.raises(ModelMissing):
        list(store.pull("voice", accept=True))


def test_a_built_in_model_that_was_changed(make_store: MakeStore) -> None:
    changed = {"kind": "installed", "from": ["audiostudio"], "download": 0, "member": "{name}"}
    store = make_store({"errors.py": b"something else"}, [changed])
    with pytest.raises(ModelDamaged, match="Install Audio Studio again"):
        store.verify("voice")


@pytest.mark.models
@pytest.mark.parametrize("name", ["kokoro", "kokoro-voices", "whisper-base"])
def test_the_real_files_are_the_ones_named(models_dir: Path, name: str) -> None:
    store = ModelStore(models_dir)
    store.verify(name)
    assert store.size(name) == store.manifest(name).size


@pytest.mark.full
@pytest.mark.parametrize("name", FETCHED_AT_SETUP)
def test_a_real_pull(shipped: ModelStore, name: str) -> None:
    """Needs the network: the first source of every model, as a new user has it."""
    for _ in shipped.pull(name, accept=True):
        pass
    shipped.verify(name)
    assert shipped.size(name) == shipped.manifest(name).size


@pytest.mark.parametrize("name", ["../evil", "a/b", ".hidden", "", "a" * 200, "x\0y", "C:evil"])
def test_a_file_outside_its_folder_cannot_be_named(tmp_path: Path, name: str) -> None:
    data = json.loads((resource("models") / "kokoro.json").read_text(encoding="utf-8"))
    data["files"][0]["name"] = name
    (tmp_path / "bad.json").write_text(json.dumps(data))
    with pytest.raises(ValueError, match="not a plain file name"):
        ModelManifest.read(tmp_path / "bad.json")


def test_a_source_that_lacks_a_file_is_refused(tmp_path: Path) -> None:
    data = json.loads((resource("models") / "kokoro.json").read_text(encoding="utf-8"))
    data["sources"][0]["members"] = {"other.onnx": ["x"]}
    (tmp_path / "licences").symlink_to(resource("models") / "licences")
    (tmp_path / "bad.json").write_text(json.dumps(data))
    with pytest.raises(ValueError, match="same files"):
        ModelManifest.read(tmp_path / "bad.json")
