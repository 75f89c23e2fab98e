"""The folder of own voices: each a folder that appears whole or not at all.

voices/ID/voice.json    what was settled when it was made, see `OwnVoice`
          card.json     name, tags, slot …, see `Card`
          samples/ consent.flac …   whatever the two name
voices/.bin/ID/         what was thrown away, until the bin is emptied
voices/changed          touched after every change, so that every process notices
"""

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from audiostudio.errors import NotFound, RequestError, StorageError, UnknownVoice
from audiostudio.files import alone, replace_file, storage_errors, sync_folder
from audiostudio.voices.voice import OWN, SLOTS, Card, KeptVoice, OwnVoice

BIN = ".bin"
_SCRATCH = ".new-"
_CHANGED = "changed"
_ID = re.compile(r"[a-z0-9]{8,32}")


class VoiceFolder:
    """Own voices in `folder`; any number of processes may use it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: tuple[tuple[int, ...], dict[str, KeptVoice]] | None = None

    def version(self) -> tuple[int, ...]:
        """Differs after any change by any process; cheap."""
        try:
            status = (self.folder / _CHANGED).stat()
        except OSError:
            return 0, 0
        return status.st_mtime_ns, status.st_ino

    def voices(self) -> tuple[KeptVoice, ...]:
        """Those that can be used, oldest first. A folder that says nothing sensible is passed over."""
        return tuple(self._known().values())

    def binned(self) -> tuple[KeptVoice, ...]:
        return tuple(replace(one, binned=True) for one in self._in(self.folder / BIN))

    def get(self, identity: str) -> KeptVoice:
        """Raises `UnknownVoice`."""
        try:
            return self._known()[identity]
        except KeyError:
            raise UnknownVoice(
                f"There is no own voice “{identity[:60]}”.", "`audiostudio voice list` lists them."
            ) from None

    def path(self, identity: str) -> Path:
        """The folder of a voice that is there, whatever is wrong with its files. Raises `UnknownVoice`."""
        return self.folder / self.get(identity).voice.id.removeprefix(OWN)

    @contextmanager
    def new(self) -> Iterator[Path]:
        """An empty folder to make a voice in, for the block only; `keep` makes a voice of it."""
        with storage_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            place = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=self.folder))
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)

    def keep(self, place: Path, voice: OwnVoice, card: Card) -> KeptVoice:
        """Make the folder `place`, from `new`, the voice; another revision takes the place of the one before.

        Raises `StorageError`, `RequestError` for a slot that there is not.
        """
        _require_slot(card)
        target = self.folder / _folder_name(voice.id)
        with storage_errors(target), alone(self.folder / _CHANGED):
            _write(place / "voice.json", voice.to_json())
            _write(place / "card.json", card.to_json())
            sync_folder(place)
            self._free_slot(card, voice.id)
            before = None
            if target.exists():
                before = self.folder / f"{_SCRATCH}before-{target.name}"
                shutil.rmtree(before, ignore_errors=True)
                target.rename(before)
            place.rename(target)
            sync_folder(self.folder)
            if before is not None:
                shutil.rmtree(before, ignore_errors=True)
            self._touch()
        return KeptVoice(voice, card)

    def write_card(self, identity: str, card: Card) -> KeptVoice:
        """Raises `UnknownVoice`, `StorageError`, `RequestError`."""
        _require_slot(card)
        path = self.path(identity)
        with storage_errors(path), alone(self.folder / _CHANGED):
            self._free_slot(card, identity)
            _write(path / "card.json", card.to_json())
            self._touch()
        return self.get(identity)

    def throw_away(self, identity: str) -> None:
        """Into the bin. Raises `UnknownVoice`, `StorageError`."""
        self._move(self.path(identity), self.folder / BIN)

    def bring_back(self, identity: str) -> None:
        """Out of the bin. Raises `NotFound`, `StorageError`."""
        path = self.folder / BIN / _folder_name(identity)
        if not path.is_dir():
            raise NotFound("That voice is not in the bin.", "")
        self._move(path, self.folder)

    def empty_bin(self) -> int:
        """How many voices are gone for good. Raises `StorageError`."""
        count = len(self.binned())
        with storage_errors(self.folder), alone(self.folder / _CHANGED), contextlib.suppress(FileNotFoundError):
            shutil.rmtree(self.folder / BIN)
            self._touch()
        return count

    def _move(self, path: Path, into: Path) -> None:
        with storage_errors(path), alone(self.folder / _CHANGED):
            into.mkdir(exist_ok=True)
            path.rename(into / path.name)
            sync_folder(into)
            self._touch()

    def _free_slot(self, card: Card, identity: str) -> None:
        for other in self._in(self.folder):
            if card.slot and other.card.slot == card.slot and other.voice.id != identity:
                path = self.folder / _folder_name(other.voice.id)
                _write(path / "card.json", replace(other.card, slot="").to_json())

    def _touch(self) -> None:
        replace_file(self.folder / _CHANGED, os.urandom(8).hex().encode())

    def _known(self) -> dict[str, KeptVoice]:
        version = self.version()
        if self._read is None or self._read[0] != version:
            self._read = version, {one.voice.id: one for one in self._in(self.folder)}
        return self._read[1]

    def _in(self, folder: Path) -> list[KeptVoice]:
        try:
            places = [one for one in folder.iterdir() if _ID.fullmatch(one.name)]
        except OSError:
            return []
        found = [one for one in map(_kept, places) if one is not None]
        return sorted(found, key=lambda one: (one.voice.created, one.voice.id))


def _kept(place: Path) -> KeptVoice | None:
    try:
        voice = OwnVoice.from_json(json.loads((place / "voice.json").read_bytes()))
        card = Card.from_json(json.loads((place / "card.json").read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return KeptVoice(voice, card) if voice.id == OWN + place.name else None


def _folder_name(identity: str) -> str:
    name = identity.removeprefix(OWN)
    if not _ID.fullmatch(name):
        raise StorageError(f"“{identity[:60]}” is no id of a voice.", "")
    return name


def _require_slot(card: Card) -> None:
    if card.slot and card.slot not in SLOTS:
        raise RequestError(f"There is no slot “{card.slot[:20]}”.", f"There are {', '.join(SLOTS)}.")


def _write(path: Path, data: object) -> None:
    replace_file(path, json.dumps(data, ensure_ascii=False, indent=1).encode())
