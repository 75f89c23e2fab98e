"""Engine environments as they are made, by the real pip from packages in a folder: whole, resumed, renewed, removed."""

import base64
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Callable, Generator
from pathlib import Path

import pytest

from audiostudio.engines.environments import store
from audiostudio.engines.environments.manifest import this_platform
from audiostudio.engines.environments.packages import interpreter
from audiostudio.engines.environments.store import STAMP, Environments
from audiostudio.errors import DiskFull, EngineFailed, EngineUnavailable, NetworkError, RequestError, WorkerDied
from audiostudio.jobs.job import Progress
from audiostudio.lock import FileLock
from tests.engines.environment import NAME, toy_environment

ROOT = Path(__file__).resolve().parents[2]


def wheel(folder: Path, name: str, version: str, needs: str = "") -> None:
    """A package of one module that holds its version."""
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + (
        f"Requires-Dist: {needs}\n" if needs else ""
    )
    files = {
        f"{name}.py": f"VERSION = {version!r}\n",
        f"{name}-{version}.dist-info/METADATA": metadata,
        f"{name}-{version}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = f"{name}-{version}.dist-info/RECORD"
    rows = [f"{path},sha256={_digest(text)},{len(text)}" for path, text in files.items()]
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as archive:
        for path, text in {**files, record: "\n".join([*rows, f"{record},,"])}.items():
            archive.writestr(path, text)


def _digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")


def source(folder: Path, name: str) -> None:
    """A package that comes as source only, with what puts it together."""
    wheels = folder.parent / "put together"
    wheels.mkdir()
    wheel(wheels, name, "1.0")
    (made,) = wheels.iterdir()
    backend = (
        "import base64, pathlib\n"
        f"WHEEL = {base64.b64encode(made.read_bytes()).decode()!r}\n"
        "def build_wheel(folder, config_settings=None, metadata_directory=None):\n"
        f"    pathlib.Path(folder, {made.name!r}).write_bytes(base64.b64decode(WHEEL))\n"
        f"    return {made.name!r}\n"
    )
    project = '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    files = {"PKG-INFO": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"}
    files |= {"pyproject.toml": project, "backend.py": backend}
    with tarfile.open(folder / f"{name}-1.0.tar.gz", "w:gz") as archive:
        for path, text in files.items():
            entry = tarfile.TarInfo(f"{name}-1.0/{path}")
            entry.size = len(text)
            archive.addfile(entry, io.BytesIO(text.encode()))


Make = Callable[..., Environments]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """`make(lock, imports)`: environments of one, `small`, whose packages lie in a folder and not in any registry.

    They lack numpy, so the interpreter that tries them is the application's: all else of them is real.
    """
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel(wheels, "torchlike", "2.0", "nativelib")
    wheel(wheels, "nativelib", "1.0")
    for version in ("1.0", "1.1"):
        wheel(wheels, "engine_part", version, "never_asked_for")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setattr(store, "_hosting", _tried_here)

    def environments(
        lock: str = "torchlike==2.0\nengine-part==1.0\n",
        imports: tuple[str, ...] = ("engine_part",),
        built: tuple[str, ...] = (),
    ) -> Environments:
        described = tmp_path / "described" / "small"
        described.mkdir(parents=True, exist_ok=True)
        (described / "lock.txt").write_text(lock)
        platforms = {this_platform(): {"download": 1000, "disk": 2000, "ran": True}}
        (described / f"{this_platform()}.txt").write_text(lock)
        manifest = {
            "title": "Small",
            "purpose": "For tests.",
            "licences": "MIT",
            "python": [f"{sys.version_info.major}.{sys.version_info.minor}"],
            "leading": ["torchlike"],
            "imports": list(imports),
            "built": list(built),
            "platforms": platforms,
        }
        (described / "manifest.json").write_text(json.dumps(manifest))
        return Environments(tmp_path / "engines", tmp_path / "described")

    return environments


def _tried_here(place: Path) -> list[str]:
    """The application's Python that sees the packages of the environment."""
    packages = next(place.glob("**/site-packages"))
    code = (
        f"import sys; sys.path.append({str(packages)!r});from audiostudio.engines.environments.host import main; main()"
    )
    return [sys.executable, "-c", code]


def installed(environments: Environments) -> list[Progress]:
    return list(environments.install("small"))


def versions(environments: Environments) -> dict[str, str]:
    """As its own Python sees them."""
    code = "import json, importlib.metadata as m; print(json.dumps({d.name: d.version for d in m.distributions()}))"
    python = interpreter(environments.folder / "small")
    found: dict[str, str] = json.loads(
        subprocess.run([python, "-I", "-c", code], capture_output=True, check=True).stdout
    )
    return found


@pytest.mark.long
def test_what_comes_as_source_is_put_together_only_where_the_manifest_says_so(make: Make, tmp_path: Path) -> None:
    source(tmp_path / "wheels", "written")
    lock = "torchlike==2.0\nengine-part==1.0\nwritten==1.0\n"
    with pytest.raises(NetworkError, match="written==1"):
        installed(make(lock))
    environments = make(lock, built=("written",))
    installed(environments)
    assert versions(environments)["written"] == "1.0"


@pytest.mark.long
def test_it_is_made_from_its_lock_and_nothing_else(make: Make) -> None:
    environments = make()
    assert environments.state("small") == "missing"
    progress = installed(environments)
    fractions = [one.fraction for one in progress if one.fraction is not None]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert environments.state("small") == "ready"
    # What leads comes with all it needs, the rest without: `engine_part` asks for a package that is not in the lock.
    assert versions(environments) == {"torchlike": "2.0", "nativelib": "1.0", "engine_part": "1.0"}
    assert environments.size("small") > 1000
    assert environments.command("small")[0].startswith(sys.executable[:1])
    assert [path.name for path in environments.folder.iterdir() if ".partial" in path.name] == []
    assert installed(environments)[0].message == "Small: ready."


@pytest.mark.long
def test_another_lock_makes_it_anew_and_until_then_it_works(make: Make) -> None:
    installed(make())
    environments = make("torchlike==2.0\nengine-part==1.1\n")
    assert environments.state("small") == "outdated"
    assert environments.command("small")
    before = environments.version()
    installed(environments)
    assert environments.state("small") == "ready"
    assert versions(environments)["engine_part"] == "1.1"
    assert environments.version() != before


@pytest.mark.long
def test_a_comment_in_a_lock_changes_nothing(make: Make) -> None:
    installed(make())
    assert make("# a comment\nengine-part==1.0  # MIT\n\ntorchlike==2.0\n").state("small") == "ready"


@pytest.mark.long
def test_stopped_at_any_time_it_goes_on_there(make: Make) -> None:
    environments = make()
    work = environments.install("small")
    for progress in work:
        if "putting" in progress.message:
            break
    work.close()
    assert environments.state("small") == "incomplete"
    with pytest.raises(EngineUnavailable, match="is not whole"):
        environments.command("small")
    # What pip had in hand when it was killed has no list of its files yet.
    partial = environments.folder / ".small.partial"
    half = next(partial.glob("**/site-packages")) / "engine_part-1.0.dist-info"
    half.mkdir(exist_ok=True)
    (half / "METADATA").write_text("Metadata-Version: 2.1\nName: engine_part\nVersion: 1.0\n")
    (half / "RECORD").unlink(missing_ok=True)
    installed(environments)
    assert environments.state("small") == "ready"
    assert versions(environments)["engine_part"] == "1.0"


@pytest.mark.long
def test_what_does_not_work_does_not_become_the_environment(make: Make) -> None:
    environments = make(imports=("engine_part", "not_there"))
    with pytest.raises(EngineFailed, match="not_there does not work"):
        installed(environments)
    assert environments.state("small") == "incomplete"


@pytest.mark.long
def test_a_package_that_cannot_be_had(make: Make) -> None:
    environments = make("torchlike==2.0\nengine-part==9.9\n")
    with pytest.raises(NetworkError, match=r"engine-part==9\.9"):
        installed(environments)
    assert environments.state("small") == "incomplete"
    installed(make())


def test_a_disk_without_room_is_told_before(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    environments = make()
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: type("Usage", (), {"free": 10_000_000})())
    with pytest.raises(DiskFull, match=r"Small needs 0\.3 GB"):
        installed(environments)


@pytest.mark.long
def test_two_installations_wait_for_each_other(make: Make) -> None:
    environments = make()
    environments.folder.mkdir()
    lock = FileLock(environments.folder / ".small.lock")
    assert lock.acquire()
    work = environments.install("small")
    assert "by another program" in next(work).message
    with pytest.raises(RequestError, match="being installed"):
        environments.remove("small")
    lock.release()
    assert list(work)[-1].fraction == 1.0


@pytest.mark.long
def test_two_programs_at_once_make_one(make: Make) -> None:
    environments = make()
    threads = [threading.Thread(target=lambda: installed(environments)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert environments.state("small") == "ready"


@pytest.mark.long
def test_removing_takes_everything(make: Make) -> None:
    environments = make()
    environments.remove("small")
    installed(environments)
    environments.remove("small")
    assert environments.state("small") == "missing"
    assert [path.name for path in environments.folder.iterdir()] == [".small.lock"]
    with pytest.raises(EngineUnavailable, match="audiostudio engines install small"):
        environments.command("small")


@pytest.mark.long
def test_what_was_damaged_is_broken_and_made_again(make: Make) -> None:
    environments = make()
    installed(environments)
    (environments.folder / "small" / STAMP).write_text("[]")
    assert environments.state("small") == "broken"
    installed(environments)
    interpreter(environments.folder / "small").unlink()
    assert environments.state("small") == "broken"
    installed(environments)
    assert environments.state("small") == "ready"


def test_another_machine_or_python_is_told(make: Make, tmp_path: Path) -> None:
    environments = make()
    manifest = tmp_path / "described" / "small" / "manifest.json"
    data = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(data | {"python": ["2.7"]}))
    with pytest.raises(EngineUnavailable, match=r"Install Audio Studio with Python 2\.7"):
        installed(Environments(environments.folder, tmp_path / "described"))
    manifest.write_text(json.dumps(data | {"platforms": {}}))
    with pytest.raises(EngineUnavailable, match="this kind of computer"):
        installed(Environments(environments.folder, tmp_path / "described"))


def test_the_doctor_finds_what_does_not_import(tmp_path: Path) -> None:
    environments = toy_environment(tmp_path)
    found = _finished(environments.examine(NAME))
    assert found.failures == {}
    assert found.packages["numpy"]
    broken = toy_environment(tmp_path / "other", "exit 3")
    with pytest.raises(WorkerDied, match="exit code 3"):
        _finished(broken.examine(NAME))


def test_every_environment_that_ships_can_be_read() -> None:
    environments = Environments(ROOT / "nowhere")
    for name in environments.names():
        manifest = environments.manifest(name)
        assert manifest.leading
        for lock in manifest.locks.values():
            assert lock.requirements
            assert lock.digest
    with pytest.raises(RequestError, match="There are: torch"):
        environments.manifest("nope")


@pytest.mark.full
def test_the_real_one_is_made(tmp_path: Path) -> None:
    environments = Environments(tmp_path / "engines")
    for _ in environments.install("torch"):
        pass
    assert environments.state("torch") == "ready"
    assert not _finished(environments.examine("torch")).failures


def _finished(work: Generator[Progress, None, store.Diagnosis]) -> store.Diagnosis:
    while True:
        try:
            next(work)
        except StopIteration as stop:
            found: store.Diagnosis = stop.value
            return found
