"""`engines.install`, `remove`, `doctor` and what they tell, as the command line and the window have them."""

import json
from collections.abc import Generator
from pathlib import Path

import pytest

from audiostudio.cli import entry
from audiostudio.engines.environments.store import STAMP, Environments
from audiostudio.errors import EngineUnavailable, LicenceNotAccepted, RequestError, StorageError
from audiostudio.operations import doctor, engines
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile


@pytest.fixture
def studio(profile: Profile) -> Studio:
    return Studio(profile)


@pytest.fixture
def with_torch(studio: Studio, environments: Environments) -> Studio:
    """A profile that has the environment of the tests."""
    studio.profile.engines.mkdir(parents=True)
    (studio.profile.engines / "torch").symlink_to(environments.folder / "torch", target_is_directory=True)
    return studio


def result(work: Generator[object, None, dict[str, object]]) -> dict[str, object]:
    while True:
        try:
            next(work)
        except StopIteration as stop:
            found: dict[str, object] = stop.value
            return found


def run(profile: Profile, *words: str) -> int:
    return entry.main(entry.parse(["--profile", str(profile.root), "engines", *words]))


def test_an_environment_is_meant_by_its_name_or_an_engines(studio: Studio) -> None:
    assert engines.environment_of(studio, "torch") == ("torch", None)
    name, engine = engines.environment_of(studio, "xtts")
    assert name == "torch"
    assert engine is not None
    assert engine.name == "xtts"
    with pytest.raises(RequestError, match="needs no environment"):
        engines.environment_of(studio, "kokoro")
    with pytest.raises(RequestError, match=r"There are: .*xtts.*torch"):
        engines.environment_of(studio, "nope")


def test_nothing_is_installed_before_somebody_agreed(studio: Studio, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(LicenceNotAccepted, match="nobody agreed"):
        result(engines.install(studio, {"name": "xtts", "accept": False}))
    assert run(studio.profile, "install", "xtts") == LicenceNotAccepted.exit_code
    said = capsys.readouterr().err
    assert "PyTorch engines" in said
    assert "GB on the disk" in said
    assert "may NOT be sold" in said
    assert studio.models.manifest("xtts-v2").licence_text.strip() in said
    assert "Add --yes to agree." in said
    assert not studio.profile.engines.exists()
    assert not studio.profile.models.exists()


def test_what_is_there_is_not_installed_again(with_torch: Studio, capsys: pytest.CaptureFixture[str]) -> None:
    assert result(engines.install(with_torch, {"name": "torch", "accept": False})) == {
        "environment": "torch",
        "fetched": [],
    }
    assert run(with_torch.profile, "install", "xtts", "--without-models", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"environment": "torch", "fetched": []}


def test_what_stays_missing_is_told_from_what_is_there(with_torch: Studio) -> None:
    with_torch.profile.models.write_bytes(b"no folder can be here")
    with pytest.raises(StorageError, match=r"PyTorch engines: installed\. Only the model XTTS-v2 is still missing: .+"):
        result(engines.install(with_torch, {"name": "xtts", "accept": True}))


def test_the_list_tells_states_sizes_and_terms(with_torch: Studio, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(with_torch.profile, "list", "--json") == 0
    (torch,) = json.loads(capsys.readouterr().out)
    assert torch["state"] in ("ready", "outdated")
    assert torch["size"] > 500_000_000
    hosted = {engine["name"]: engine for engine in torch["engines"]}
    assert hosted["xtts"]["rights"]["commercial"] is False
    assert hosted["kokoro-torch"]["models"][0]["state"] == "missing"
    assert hosted["kokoro-torch"]["models"][0]["download"] > 300_000_000
    assert run(with_torch.profile, "list") == 0
    shown = capsys.readouterr().out
    assert "may not be sold" in shown
    assert "kokoro-torch" in shown


@pytest.mark.long
def test_the_doctor_of_an_environment_tells_what_it_runs_on(
    with_torch: Studio, capsys: pytest.CaptureFixture[str]
) -> None:
    run(with_torch.profile, "doctor", "torch", "--json")
    found = json.loads(capsys.readouterr().out)
    assert found["failures"] == {}
    assert found["device"]
    assert found["packages"]["torch"].startswith("2.")


def test_where_it_is_missing_every_way_names_the_command(studio: Studio) -> None:
    with pytest.raises(EngineUnavailable, match="audiostudio engines install torch"):
        studio.engines.load("kokoro-torch")
    with pytest.raises(EngineUnavailable, match="audiostudio engines install torch"):
        result(engines.doctor(studio, {"name": "xtts"}))
    (finding,) = doctor._environments(studio)
    assert finding.state == "note"
    assert finding.remedy == "audiostudio engines install torch"


def test_one_that_was_cut_off_is_a_fault(studio: Studio) -> None:
    (studio.profile.engines / ".torch.partial").mkdir(parents=True)
    (finding,) = doctor._environments(studio)
    assert (finding.state, finding.sentence) == ("fault", "Its installation is incomplete.")


def test_removing_gives_the_disk_back(studio: Studio, capsys: pytest.CaptureFixture[str]) -> None:
    place = studio.profile.engines / "torch"
    (place / "bin").mkdir(parents=True)
    (place / STAMP).write_text(json.dumps({"size": 1_500_000_000}))
    assert run(studio.profile, "remove", "xtts") == 0
    assert "1.5 GB are free again" in capsys.readouterr().out
    assert not place.exists()


def test_the_environments_packages_are_told_among_the_versions(with_torch: Studio, environments: Environments) -> None:
    known = environments.stamp("torch").get("packages", {})
    assert doctor.versions(with_torch)["torch"] == known.get("torch", "not installed")


def test_a_folder_of_models_is_no_environment(studio: Studio, tmp_path: Path) -> None:
    assert Environments(tmp_path / "nowhere").state("torch") == "missing"
    assert Environments(tmp_path / "nowhere").size("torch") == 0
