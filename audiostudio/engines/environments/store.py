"""The engine environments of this machine: made whole or not at all, found by name."""

import json
import shutil
import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from audiostudio.engines.environments import packages
from audiostudio.engines.environments.manifest import EnvironmentManifest, Lock, this_platform
from audiostudio.errors import DiskFull, EngineFailed, EngineUnavailable, RequestError
from audiostudio.files import replace_file, storage_errors
from audiostudio.jobs.job import JsonObject, Progress
from audiostudio.lock import FileLock
from audiostudio.resource import resource

State: TypeAlias = Literal["missing", "incomplete", "ready", "outdated", "broken"]
"""`incomplete`: its installation was cut off and can go on; `outdated`: this version wants other packages, it works;
`broken`: what is there cannot be started."""
STAMP = "environment.json"
_WAIT = 0.2
_SPARE = 256 << 20
_BOOT = Path(__file__).with_name("boot.py")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What was found in an environment by trying it."""

    python: str
    device: str
    """What its packages truly compute on; empty when nobody asked."""
    packages: dict[str, str]
    """Names and versions."""
    failures: dict[str, str]
    """Modules that do not import, and why."""


class Environments:
    """The environments in `folder`, as `folder/NAME/`, and the manifests that say which there can be.

    An environment is made in `folder/.NAME.partial/` and gets its name when all of it was tried. Safe to use from
    several threads and processes.
    """

    def __init__(self, folder: Path, manifests: Path | None = None) -> None:
        self.folder = folder
        found = sorted((manifests or resource("engines/environments")).glob("*/manifest.json"))
        self._manifests = {path.parent.name: EnvironmentManifest.read(path.parent) for path in found}

    @property
    def platform(self) -> str:
        """The kind of this machine, by which locks are named."""
        return this_platform()

    def names(self) -> tuple[str, ...]:
        return tuple(self._manifests)

    def manifest(self, name: str) -> EnvironmentManifest:
        """Raises `RequestError` for a name that no manifest has."""
        try:
            return self._manifests[name]
        except KeyError:
            raise RequestError(
                f"There is no engine environment “{name[:60]}”.", f"There are: {', '.join(self._manifests)}."
            ) from None

    def state(self, name: str) -> State:
        manifest = self.manifest(name)
        place = self.folder / name
        if not place.exists():
            return "incomplete" if self._partial(name).exists() else "missing"
        stamp = self.stamp(name)
        if not stamp or not packages.interpreter(place).exists():
            return "broken"
        return "ready" if stamp.get("lock") == self._digest(manifest) else "outdated"

    def version(self) -> tuple[int, ...]:
        """Differs after any change by any process; cheap."""
        return tuple(map(self.made, self._manifests))

    def made(self, name: str) -> int:
        """Another after it was made again; -1: it is not there."""
        return _changed(self.folder / name / STAMP)

    def usable(self, name: str) -> bool:
        return self.state(name) in ("ready", "outdated")

    def size(self, name: str) -> int:
        """Bytes on the disk, as measured when it was made; 0 when it is not there."""
        return int(self.stamp(name).get("size", 0))

    def stamp(self, name: str) -> JsonObject:
        """What was found when it was made: `lock`, `python`, `device`, `packages`, `size`, `made`; empty: it is not
        there, or nothing can be known of it."""
        try:
            stamp: Any = json.loads((self.folder / name / STAMP).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) else {}

    def command(self, name: str) -> Sequence[str]:
        """What starts a process in it that hosts engines. Raises `EngineUnavailable` with how to install it."""
        manifest = self.manifest(name)
        if not self.usable(name):
            why = "is not installed" if self.state(name) == "missing" else "is not whole"
            raise EngineUnavailable(
                f"This engine needs “{manifest.title}”, which {why}.", f"Run `audiostudio engines install {name}`."
            )
        return _hosting(self.folder / name)

    def install(self, name: str) -> Generator[Progress, None, None]:
        """Make it, or make it anew where its lock is another; what is there and whole stays.

        The generator can be closed at any time: what was installed is kept, and the next call goes on there.
        Raises `EngineUnavailable` (not for this machine), `NetworkError`, `EngineFailed` (made, but it does not work),
        `DiskFull` and other `StorageError`s.
        """
        manifest = self.manifest(name)
        lock = manifest.lock
        packages.require_python(manifest)
        with storage_errors(self.folder):
            held = yield from self._hold(manifest)
            try:
                if self.state(name) != "ready":
                    yield from self._make(manifest, lock)
            finally:
                held.release()
        yield Progress(1.0, f"{manifest.title}: ready.")

    def remove(self, name: str) -> None:
        """Delete it, and what a cut-off installation left. Raises `RequestError` while it is being installed."""
        manifest = self.manifest(name)
        with storage_errors(self.folder):
            if not self.folder.exists():
                return
            lock = FileLock(self._lock(name))
            if not lock.acquire():
                raise RequestError(f"{manifest.title} is being installed by another program.", "Wait until it is done.")
            try:
                self._discard(name)
                shutil.rmtree(self._partial(name), ignore_errors=True)
            finally:
                lock.release()

    def examine(self, name: str) -> Generator[Progress, None, Diagnosis]:
        """Start it and try what must import. Raises `EngineUnavailable`, `WorkerDied`."""
        return (yield from _examined(name, self.command(name), self.manifest(name).imports))

    def _make(self, manifest: EnvironmentManifest, lock: Lock) -> Generator[Progress, None, None]:
        partial = self._partial(manifest.name)
        self._check_space(manifest, lock, partial)
        yield from packages.fill(partial, manifest, lock)
        yield Progress(0.95, f"{manifest.title}: trying it.")
        found = yield from _examined(manifest.name, _hosting(partial), manifest.imports)
        if found.failures:
            module, why = next(iter(found.failures.items()))
            raise EngineFailed(
                f"{manifest.title} was installed, but {module} does not work: {why}.",
                f"Run `audiostudio engines remove {manifest.name}`, then install it again.",
            )
        stamp = {
            "lock": lock.digest,
            "python": found.python,
            "device": found.device,
            "packages": found.packages,
            "size": packages.size(partial),
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        replace_file(partial / STAMP, json.dumps(stamp, indent=1).encode())
        self._discard(manifest.name)
        partial.rename(self.folder / manifest.name)

    def _check_space(self, manifest: EnvironmentManifest, lock: Lock, partial: Path) -> None:
        here = packages.size(partial) if partial.exists() else 0
        needed = max(lock.disk + lock.download - here, 0) + _SPARE
        free = shutil.disk_usage(self.folder).free
        if needed > free:
            raise DiskFull(
                f"{manifest.title} needs {needed / 1e9:.1f} GB in {self.folder} while it is installed; "
                f"{free / 1e9:.1f} GB are free.",
                "Free some space, then try again.",
            )

    def _hold(self, manifest: EnvironmentManifest) -> Generator[Progress, None, FileLock]:
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._lock(manifest.name))
        while not lock.acquire():
            yield Progress(None, f"{manifest.title} is being installed by another program.")
            threading.Event().wait(_WAIT)
        return lock

    def _discard(self, name: str) -> None:
        """Take the name away at once; deleting takes longer."""
        old = self.folder / f".{name}.old"
        shutil.rmtree(old, ignore_errors=True)
        if (self.folder / name).exists():
            (self.folder / name).rename(old)
            shutil.rmtree(old, ignore_errors=True)

    def _digest(self, manifest: EnvironmentManifest) -> str:
        try:
            return manifest.lock.digest
        except EngineUnavailable:
            return ""

    def _partial(self, name: str) -> Path:
        return self.folder / f".{name}.partial"

    def _lock(self, name: str) -> Path:
        return self.folder / f".{name}.lock"


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return -1


def _hosting(place: Path) -> Sequence[str]:
    """Isolated: nothing of the user's own Python, and nothing of the application's, gets in."""
    return [str(packages.interpreter(place)), "-I", "-X", "utf8", str(_BOOT)]


def _examined(name: str, command: Sequence[str], imports: Sequence[str]) -> Generator[Progress, None, Diagnosis]:
    from audiostudio.engines.environments.calls import Worker

    worker = Worker(name, command)
    try:
        call = worker.call("examine", {"imports": list(imports)})
        message = ""
        for event in call:
            message = event.message if isinstance(event, Progress) else message
            yield Progress(None, message)
        found = call.finish()
    finally:
        worker.close()
    return Diagnosis(found["python"], found["device"], found["packages"], found["failures"])
