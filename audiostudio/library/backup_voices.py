"""Own voices in the archive of a library: as they lie in its folder, each whole."""

import contextlib
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from audiostudio.errors import LibraryDamaged
from audiostudio.files import storage_errors

FOLDER = "voices"
_CHANGED = "changed"
_VOICE = re.compile(r"[a-z0-9]{8,32}")
_PART = r"(?!\.)[\w. -]{1,100}"
_ENTRY = re.compile(rf"voices/(\.bin/)?[a-z0-9]{{8,32}}/{_PART}(/{_PART}){{0,3}}", re.ASCII)
_TRIES = 3
_CHUNK = 4 * 2**20


def size(library: Path) -> int:
    """Bytes of all voices."""
    return sum(path.stat().st_size for place in _places(library) for path in _files(place).values())


def write(bundle: zipfile.ZipFile, library: Path) -> int:
    """Add every voice to an archive; how many. One that is made again meanwhile is there as it was, or as it is."""
    return sum(_write_one(bundle, library, place) for place in _places(library))


def unpack(bundle: zipfile.ZipFile, archive: Path, beside: Path, expected: bool) -> None:
    """Bring the voices of an archive into a new library; `expected`: there is a folder of them, even if it is empty.

    Raises `LibraryDamaged` for an archive that names other files.
    """
    entries = [one for one in bundle.infolist() if one.filename.startswith(f"{FOLDER}/")]
    if any(not _ENTRY.fullmatch(one.filename) for one in entries):
        raise LibraryDamaged(f"{archive} names a file outside of the library.", "Use another backup.")
    if not expected and not entries:
        return
    with storage_errors(beside):
        for entry in entries:
            target = beside / entry.filename
            target.parent.mkdir(parents=True, exist_ok=True)
            with bundle.open(entry) as source, target.open("xb") as file:
                shutil.copyfileobj(source, file, _CHUNK)
        (beside / FOLDER).mkdir(exist_ok=True)
        (beside / FOLDER / _CHANGED).touch()


def _places(library: Path) -> list[Path]:
    found = [one for folder in (library / FOLDER, library / FOLDER / ".bin") for one in _listed(folder)]
    return [one for one in found if _VOICE.fullmatch(one.name) and one.is_dir()]


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except FileNotFoundError:
        return []


def _files(place: Path) -> dict[str, Path]:
    """Without what is being written there, or was when somebody was killed: that has hidden names."""
    found = {path.relative_to(place).as_posix(): path for path in sorted(place.rglob("*")) if path.is_file()}
    return {name: path for name, path in found.items() if not any(part.startswith(".") for part in name.split("/"))}


def _write_one(bundle: zipfile.ZipFile, library: Path, place: Path) -> bool:
    for _ in range(_TRIES):
        with contextlib.suppress(FileNotFoundError), _opened(place) as files:
            for name, file in files.items():
                entry = (place / name).relative_to(library).as_posix()
                with bundle.open(entry, "w", force_zip64=True) as target:
                    shutil.copyfileobj(file, target, _CHUNK)
            return bool(files)
    return False


@contextlib.contextmanager
def _opened(place: Path) -> Iterator[dict[str, IO[bytes]]]:
    """All files of a voice at one moment. Raises `FileNotFoundError` where another is just changing them."""
    with contextlib.ExitStack() as stack:
        yield {name: stack.enter_context(path.open("rb")) for name, path in _files(place).items()}
