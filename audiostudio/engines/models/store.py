"""Models on this machine: fetched once, checked byte for byte, found by name."""

import hashlib
import importlib.util
import json
import os
import shutil
import threading
from collections.abc import Generator
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from audiostudio.engines.models.manifest import ModelFile, ModelManifest, Pieces, Source
from audiostudio.errors import (
    DiskFull,
    LicenceNotAccepted,
    ModelDamaged,
    ModelMissing,
    NetworkError,
    RequestError,
    StudioError,
)
from audiostudio.files import replace_file, storage_errors, sync_folder
from audiostudio.jobs.job import Progress
from audiostudio.lock import FileLock
from audiostudio.resource import resource

TOLD = "told.json"
"""In a model's folder: what the hub told of its files."""
_BLOCK = 1 << 20
_WAIT = 0.2


class ModelStore:
    """The models in `folder`, as `folder/NAME/FILE`, and the manifests that say which there can be.

    A file has its final name only after its SHA-256 was checked, so what has the right size is taken as whole until
    `verify` is asked. Safe to use from several threads and processes.
    """

    def __init__(self, folder: Path, manifests: Path | None = None) -> None:
        self.folder = folder
        paths = sorted((manifests or resource("models")).glob("*.json"))
        self._manifests = {path.stem: ModelManifest.read(path) for path in paths}

    def names(self) -> tuple[str, ...]:
        return tuple(self._manifests)

    @property
    def default(self) -> tuple[str, ...]:
        """What set-up fetches."""
        return tuple(name for name, manifest in self._manifests.items() if manifest.default)

    def manifest(self, name: str) -> ModelManifest:
        """Raises `RequestError` for a name that no manifest has."""
        try:
            manifest = self._manifests[name]
        except KeyError:
            raise RequestError(f"There is no model “{name}”.", f"There are: {', '.join(self._manifests)}.") from None
        return manifest if all(file.sha256 for file in manifest.files) else self._as_told(manifest)

    def present(self, name: str) -> bool:
        """Whether every file of the model is here, as far as names and sizes tell."""
        return self.state(name) == "present"

    def state(self, name: str) -> Literal["present", "incomplete", "missing"]:
        """What is here of the model, as far as names and sizes tell. `incomplete`: `pull` fetches the rest."""
        manifest = self.manifest(name)
        places = [(self._place(manifest, file), file) for file in manifest.files]
        if all(place is not None and _has_size(place, file) for place, file in places):
            return "present"
        begun = self._scratch(name).exists() or any(place is not None and place.exists() for place, _ in places)
        return "incomplete" if begun else "missing"

    def size(self, name: str) -> int:
        """Bytes that the model takes on this disk now."""
        manifest = self.manifest(name)
        places = [self._place(manifest, file) for file in manifest.files]
        return sum(place.stat().st_size for place in places if place and place.exists())

    def path(self, name: str, file: str) -> Path:
        """Where a file of the model lies. Raises `ModelMissing`, `ModelDamaged` (not as long as it should be)."""
        manifest = self.manifest(name)
        for entry in manifest.files:
            if entry.name == file:
                place = self._place(manifest, entry)
                if place is None or not place.exists():
                    raise _missing(manifest)
                if not _has_size(place, entry):
                    raise _damaged(manifest, place)
                return place
        raise RequestError(f"The model {manifest.title} has no file {file}.", "")

    def verify(self, name: str) -> None:
        """Compare every byte with the manifest. Raises `ModelMissing` or `ModelDamaged`."""
        manifest = self.manifest(name)
        for file in manifest.files:
            place = self._place(manifest, file)
            if place is None or not place.exists():
                raise _missing(manifest)
            with storage_errors(place):
                whole = _is_whole(place, file)
            if not whole:
                raise _damaged(manifest, place)

    def accepted(self, name: str) -> bool:
        """Whether the licence, as it reads now, was agreed to."""
        manifest = self.manifest(name)
        entry = self._agreements().get(name, {})
        return entry.get("sha256") == _text_hash(manifest.licence_text)

    def pull(self, name: str, accept: bool = False) -> Generator[Progress, None, None]:
        """Fetch what is missing or damaged, check it, and only then give it its name.

        `accept` says that the user agreed to the licence; it is remembered. The generator can be closed at any time:
        what was fetched is kept, and the next call goes on there.
        Raises `LicenceNotAccepted`, `NetworkError`, `ModelDamaged`, `DiskFull` and other `StorageError`s.
        """
        manifest = self.manifest(name)
        if not (accept or self.accepted(name) or self.present(name)):
            raise LicenceNotAccepted(
                f"{manifest.title} is under the licence {manifest.rights.licence}, which you have not agreed to yet.",
                f"Run `audiostudio models pull {name}`, which shows it and asks; `--yes` agrees at once.",
            )
        with storage_errors(self.folder):
            if accept and not self.accepted(name):
                yield from self._agree(manifest)
            if self._wanted(manifest):
                if manifest.installed:
                    raise _missing(manifest)
                yield from self._fetch_locked(manifest)
        yield Progress(1.0, f"{manifest.title}: ready.")

    def remove(self, name: str) -> None:
        """Delete the model's files and whatever was fetched of it. Raises `RequestError` for one that is built in
        or that is being fetched now."""
        manifest = self.manifest(name)
        if manifest.installed:
            raise RequestError(f"{manifest.title} is part of the installation and cannot be removed.", "")
        with storage_errors(self.folder):
            if not self.folder.exists():
                return
            lock = FileLock(self.folder / f".{name}.lock")
            if not lock.acquire():
                raise RequestError(f"{manifest.title} is being fetched by another program.", "Wait until it is done.")
            try:
                for folder in (self.folder / name, self._scratch(name)):
                    if folder.exists():
                        shutil.rmtree(folder)
            finally:
                lock.release()

    def _place(self, manifest: ModelManifest, file: ModelFile) -> Path | None:
        """Where the file lies or will lie; None when the package that brings it is not installed."""
        if not manifest.installed:
            return self.folder / manifest.name / file.name
        source = manifest.sources[0]
        spec = importlib.util.find_spec(source.origin[0])
        if spec is None or not spec.submodule_search_locations:
            return None
        return Path(spec.submodule_search_locations[0]) / source.members[file.name][0]

    def _scratch(self, name: str) -> Path:
        return self.folder / ".partial" / name

    def _wanted(self, manifest: ModelManifest) -> tuple[ModelFile, ...]:
        """The files that are missing or damaged."""
        return tuple(file for file in manifest.files if not _is_whole(self._place(manifest, file), file))

    def _fetch_locked(self, manifest: ModelManifest) -> Generator[Progress, None, None]:
        lock = yield from self._hold(manifest.name, f"{manifest.title} is being fetched by another program.")
        try:
            manifest = self._ask(manifest)
            if wanted := self._wanted(manifest):
                yield from self._fetch(manifest, wanted)
        finally:
            lock.release()

    def _as_told(self, manifest: ModelManifest) -> ModelManifest:
        """With the sizes and SHA-256 that the hub told when it was first fetched."""
        try:
            told = json.loads((self.folder / manifest.name / TOLD).read_text(encoding="utf-8"))
            files = tuple(ModelFile(**told.get(file.name, {"name": file.name})) for file in manifest.files)
        except (OSError, ValueError, TypeError, AttributeError):
            return manifest
        return replace(manifest, files=files)

    def _ask(self, manifest: ModelManifest) -> ModelManifest:
        """Ask the hub for what nobody wrote down, and keep it: what is fetched later must be the same."""
        if all(file.sha256 for file in manifest.files):
            return manifest
        from audiostudio.engines.models.web import hub_facts

        source = manifest.sources[0]
        facts = {one.name: hub_facts(source.origin[0], source.members[one.name][0]) for one in manifest.files}
        files = tuple(ModelFile(name, *fact) for name, fact in facts.items())
        place = self.folder / manifest.name
        place.mkdir(parents=True, exist_ok=True)
        told = {file.name: asdict(file) for file in files}
        replace_file(place / TOLD, json.dumps(told, indent=1).encode())
        return replace(manifest, files=files)

    def _hold(self, name: str, waiting: str) -> Generator[Progress, None, FileLock]:
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self.folder / f".{name}.lock")
        while not lock.acquire():
            yield Progress(None, waiting)
            threading.Event().wait(_WAIT)
        return lock

    def _fetch(self, manifest: ModelManifest, wanted: tuple[ModelFile, ...]) -> Generator[Progress, None, None]:
        scratch = self._scratch(manifest.name)
        failures: list[StudioError] = []
        for source in manifest.sources:
            self._check_space(manifest, source, wanted)
            try:
                pieces = yield from self._pieces(manifest, source, wanted)
                yield Progress(0.95, f"{manifest.title}: checking every byte.")
                self._install(manifest, wanted, pieces)
            except NetworkError as error:
                failures.append(error)
            except ModelDamaged as error:
                failures.append(error)
                shutil.rmtree(scratch)
            else:
                shutil.rmtree(scratch)
                return
        damaged = [error for error in failures if isinstance(error, ModelDamaged)]
        raise (damaged or failures)[0]

    def _pieces(
        self, manifest: ModelManifest, source: Source, wanted: tuple[ModelFile, ...]
    ) -> Generator[Progress, None, Pieces]:
        from audiostudio.engines.models.fetch import fetch  # 30 ms that the window need not wait for

        scratch = self._scratch(manifest.name)
        scratch.mkdir(parents=True, exist_ok=True)
        work = fetch(source, wanted, scratch)
        message = f"Fetching {manifest.title} ({source.download / 1e6:.0f} MB)."
        while True:
            try:
                fraction = next(work)
            except StopIteration as end:
                pieces: Pieces = end.value
                return pieces
            try:
                yield Progress(0.95 * fraction, message)
            except GeneratorExit:
                work.close()
                raise

    def _check_space(self, manifest: ModelManifest, source: Source, wanted: tuple[ModelFile, ...]) -> None:
        from audiostudio.engines.models.fetch import space

        here = sum(path.stat().st_size for path in self._scratch(manifest.name).rglob("*") if path.is_file())
        needed = max(0, space(source, wanted) - here)
        free = shutil.disk_usage(self.folder).free
        if needed > free:
            raise DiskFull(
                f"{manifest.title} needs {needed / 1e6:.0f} MB in {self.folder} while it is fetched; "
                f"{free / 1e6:.0f} MB are free.",
                "Free some space, then try again.",
            )

    def _install(self, manifest: ModelManifest, wanted: tuple[ModelFile, ...], pieces: Pieces) -> None:
        """Join the pieces of every file, check them all, then give each its name."""
        ready = self._scratch(manifest.name) / "ready"
        ready.mkdir(exist_ok=True)
        for file in wanted:
            if _join(pieces[file.name], ready / file.name) != file.sha256:
                raise ModelDamaged(
                    f"{file.name} of {manifest.title} arrived with another SHA-256 than its manifest names.",
                    "Nothing was installed. Try again; if it happens again, the file was changed at its source.",
                )
        target = self.folder / manifest.name
        target.mkdir(exist_ok=True)
        for file in wanted:
            (ready / file.name).replace(target / file.name)
        sync_folder(target)

    def _agreements(self) -> dict[str, dict[str, str]]:
        try:
            agreements = json.loads((self.folder / "accepted.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return agreements if isinstance(agreements, dict) else {}

    def _agree(self, manifest: ModelManifest) -> Generator[Progress, None, None]:
        lock = yield from self._hold("accepted", "Another program is writing down a licence.")
        try:
            agreement = {
                "licence": manifest.rights.licence,
                "sha256": _text_hash(manifest.licence_text),
                "date": datetime.now(UTC).isoformat(timespec="seconds"),
            }
            agreements = {**self._agreements(), manifest.name: agreement}
            replace_file(self.folder / "accepted.json", json.dumps(agreements, indent=1, sort_keys=True).encode())
        finally:
            lock.release()


def _missing(manifest: ModelManifest) -> ModelMissing:
    return ModelMissing(f"{manifest.title} is not on this machine.", _how_to_fetch(manifest))


def _how_to_fetch(manifest: ModelManifest) -> str:
    if manifest.installed:
        return "Install Audio Studio again: it comes with it."
    return f"Run `audiostudio models pull {manifest.name}` ({manifest.download / 1e6:.0f} MB)."


def _damaged(manifest: ModelManifest, place: Path) -> ModelDamaged:
    return ModelDamaged(f"{manifest.title} is damaged or incomplete: {place}.", _how_to_fetch(manifest))


def _is_whole(place: Path | None, file: ModelFile) -> bool:
    return place is not None and _has_size(place, file) and _hash(place) == file.sha256


def _has_size(place: Path, file: ModelFile) -> bool:
    try:
        return place.stat().st_size == file.size
    except OSError:
        return False


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _text_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _join(pieces: list[Path], target: Path) -> str:
    """Join `pieces` into `target`, on the disk, and return the SHA-256 of the whole."""
    digest = hashlib.sha256()
    with target.open("wb") as file:
        for piece in pieces:
            with piece.open("rb") as stream:
                while block := stream.read(_BLOCK):
                    digest.update(block)
                    file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()
