"""The folder of own voices: each, and each of its revisions, appears whole or not at all.

voices/ID/card.json     name, tags, slot …, see `Card`; a picture beside it
          N/            revision N: `voice.json` (see `OwnVoice`), what it names, `signature.json` (see `signing`)
voices/.bin/ID/         what was thrown away, until the bin is emptied
voices/.new-…/          in the making, for as long as its process lives
voices/changed          touched after every change, so that every process notices
"""

import contextlib
import json
import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from audiostudio.errors import NotFound, RequestError, StorageError, UnknownVoice
from audiostudio.files import alone, remove_dead_halves, replace_file, storage_errors, sync_folder
from audiostudio.identity import Identity
from audiostudio.lock import FileLock
from audiostudio.voices.pictures import remove_others, suffix_of
from audiostudio.voices.signing import RECORD, BadSignature, Signature, require_unchanged, sign, signed
from audiostudio.voices.voice import OWN, SLOTS, Card, KeptVoice, OwnVoice

BIN = ".bin"
CARD = "card.json"
_SCRATCH = ".new-"
_CHANGED = "changed"
_ID = re.compile(r"[a-z0-9]{8,32}")
_REVISION = re.compile(r"[1-9][0-9]{0,8}")
_TICK = 1000
"""Nanoseconds that every file system can tell apart."""


@dataclass(frozen=True, slots=True)
class DamagedVoice:
    """A voice that lies there and cannot be used as it is, and what can be done."""

    id: str
    name: str
    sentence: str
    hint: str


class VoiceFolder:
    """Own voices in `folder`; any number of processes may use it.

    `identity`: who signs what is made; to read none is needed.
    """

    def __init__(self, folder: Path, identity: Identity | None = None) -> None:
        self.folder = folder
        self._identity = identity
        self._read: tuple[tuple[int, ...], list[KeptVoice], list[DamagedVoice]] | None = None
        self._verified: set[Path] = set()

    def version(self) -> tuple[int, ...]:
        """Differs after any change by any process; cheap."""
        try:
            status = (self.folder / _CHANGED).stat()
        except OSError:
            return 0, 0
        return status.st_mtime_ns, status.st_ino

    def voices(self) -> tuple[KeptVoice, ...]:
        """Those that can be used, oldest first."""
        return tuple(self._all()[1])

    def damaged(self) -> tuple[DamagedVoice, ...]:
        """Those that cannot be used as they are; one whose card alone is unreadable is among `voices` too."""
        return tuple(self._all()[2])

    def binned(self) -> tuple[KeptVoice, ...]:
        found, _ = self._in(self.folder / BIN)
        return tuple(replace(one, binned=True) for one in found)

    def get(self, identity: str) -> KeptVoice:
        """Raises `UnknownVoice`, which says what is wrong with one that is damaged."""
        for one in self.voices():
            if one.voice.id == identity:
                return one
        for damaged in self.damaged():
            if damaged.id == identity:
                raise UnknownVoice(damaged.sentence, damaged.hint)
        raise UnknownVoice(f"There is no own voice “{identity[:60]}”.", "`audiostudio voice list` lists them.")

    def path(self, identity: str) -> Path:
        """The folder with what the voice was made of and what its engine needs, which is what was signed.

        Raises `UnknownVoice`.
        """
        voice = self.get(identity).voice
        place = self.folder / _folder_name(identity) / str(voice.revision)
        if place not in self._verified:
            try:
                require_unchanged(place, signed(place), [name for name, _ in voice.data])
            except BadSignature as error:
                raise UnknownVoice(*_told(self.get(identity).card.name, error)) from error
            self._verified.add(place)
        return place

    def verify(self, identity: str) -> Signature:
        """Read every file of a voice. Raises `UnknownVoice` where one is not what was signed."""
        place = self.path(identity)
        try:
            signature = signed(place)
            require_unchanged(place, signature, signature.files)
        except BadSignature as error:
            raise UnknownVoice(*_told(self.get(identity).card.name, error)) from error
        return signature

    def picture(self, identity: str) -> Path | None:
        """The file of its picture, where it has one. Raises `UnknownVoice`."""
        name = self.get(identity).card.picture
        path = self.folder / _folder_name(identity) / Path(name).name
        return path if name and path.is_file() else None

    @contextmanager
    def new(self) -> Iterator[Path]:
        """An empty folder to make a voice in, for the block only; `keep` makes a voice of it. Raises `StorageError`."""
        with storage_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            with alone(self.folder / _CHANGED):
                self._sweep()
                outer = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=self.folder))
                lock = FileLock(outer / "lock")
                lock.acquire()
        try:
            with storage_errors(outer):
                place = outer / "voice" / "making"
                place.mkdir(parents=True)
            yield place
        finally:
            lock.release()
            shutil.rmtree(outer, ignore_errors=True)

    @staticmethod
    def is_id(identity: str) -> bool:
        return identity.startswith(OWN) and _ID.fullmatch(identity.removeprefix(OWN)) is not None

    @staticmethod
    def workshop(place: Path) -> Path:
        """A folder beside `place`, from `new`, for what is needed to make the voice and is no part of it."""
        path = place.parents[1] / "workshop"
        with storage_errors(path):
            path.mkdir(exist_ok=True)
        return path

    def keep(self, place: Path, voice: OwnVoice, card: Card) -> KeptVoice:
        """Make the folder `place`, from `new`, the voice, or its next revision where it is there already.

        Raises `StorageError`; `RequestError` for a slot that there is not, a name of nothing that can be read, a voice
        in the bin, and as `sign`.
        """
        assert self._identity is not None, "VoiceFolder(folder, identity) can keep voices"
        card = _writable(card)
        target = self.folder / _folder_name(voice.id)
        with storage_errors(target), alone(self.folder / _CHANGED):
            if (self.folder / BIN / target.name).exists():
                raise RequestError(f"“{card.name}” was put into the bin.", "Restore it first, or empty the bin.")
            voice = replace(voice, revision=max([voice.revision, *(one + 1 for one in _revisions(target))]))
            _write(place / RECORD, voice.to_json())
            signature = sign(place, self._identity)
            self._free_slot(card, voice.id)
            if target.exists():
                _write(target / CARD, card.to_json())
                place.rename(target / str(voice.revision))
                sync_folder(target)
                _remove_older(target)
            else:
                place.rename(place.with_name(str(voice.revision)))
                _write(place.parent / CARD, card.to_json())
                place.parent.rename(target)
                sync_folder(self.folder)
            self._touch()
        return KeptVoice(voice, card, signer=signature.fingerprint)

    def write_card(self, identity: str, card: Card) -> KeptVoice:
        """Raises `UnknownVoice`, `StorageError`, `RequestError`."""
        card = _writable(card)
        self.get(identity)
        place = self.folder / _folder_name(identity)
        with storage_errors(place), alone(self.folder / _CHANGED):
            if place.is_dir():  # else another has thrown it away just now
                self._free_slot(card, identity)
                _write(place / CARD, card.to_json())
                remove_others(place, card.picture)
            self._touch()
        return self.get(identity)

    def set_picture(self, identity: str, picture: Path | None) -> KeptVoice:
        """Copy a picture (PNG, JPEG or WebP, up to 10 MB) beside the card; None takes it off.

        Raises `UnknownVoice`, `UnreadableMedia`, `StorageError`.
        """
        kept = self.get(identity)
        name = ""
        if picture is not None:
            with storage_errors(picture):
                suffix = suffix_of(picture)
                data = picture.read_bytes()
            name = f"picture-{os.urandom(4).hex()}{suffix}"
            replace_file(self.folder / _folder_name(identity) / name, data)
        return self.write_card(identity, replace(kept.card, picture=name))

    def throw_away(self, identity: str) -> None:
        """Into the bin; also what is damaged. Raises `UnknownVoice`, `StorageError`."""
        path = self.folder / _folder_name(identity)
        if not any(one.id == identity for one in self.damaged()):
            self.get(identity)
        self._move(path, self.folder / BIN)

    def bring_back(self, identity: str) -> None:
        """Out of the bin; its slot is free then unless another took it. Raises `NotFound`, `StorageError`."""
        kept = next((one for one in self.binned() if one.voice.id == identity), None)
        if kept is None:
            raise NotFound("That voice is not in the bin.", "`audiostudio voice bin` lists what is.")
        path = self.folder / BIN / _folder_name(identity)
        if kept.card.slot in {one.card.slot for one in self.voices()}:
            with storage_errors(path):
                _write(path / CARD, replace(kept.card, slot="").to_json())
        self._move(path, self.folder)

    def empty_bin(self) -> int:
        """How many voices are gone for good. Raises `StorageError`."""
        with storage_errors(self.folder), contextlib.suppress(FileNotFoundError), alone(self.folder / _CHANGED):
            self._sweep()
            count = sum(1 for one in (self.folder / BIN).iterdir() if one.is_dir())
            gone = self.folder / f"{_SCRATCH}gone-{os.urandom(4).hex()}"
            (self.folder / BIN).rename(gone)
            self._touch()
            shutil.rmtree(gone)
            return count
        return 0

    def _move(self, path: Path, into: Path) -> None:
        with storage_errors(path), alone(self.folder / _CHANGED):
            into.mkdir(exist_ok=True)
            if (into / path.name).exists():
                raise StorageError("A voice of that id is there already.", "Throw one of the two away.")
            path.rename(into / path.name)
            sync_folder(into)
            sync_folder(path.parent)
            self._touch()

    def _free_slot(self, card: Card, identity: str) -> None:
        for other in self._in(self.folder)[0] if card.slot else ():
            if other.card.slot == card.slot and other.voice.id != identity:
                path = self.folder / _folder_name(other.voice.id)
                _write(path / CARD, replace(other.card, slot="").to_json())

    def _sweep(self) -> None:
        """Remove what killed processes left half made, and revisions that another has taken the place of."""
        for path in self.folder.iterdir():
            if path.name.startswith(_SCRATCH) and _is_dead(path):
                shutil.rmtree(path, ignore_errors=True)
            elif _ID.fullmatch(path.name):
                _remove_older(path)
                remove_dead_halves(path / CARD)

    def _touch(self) -> None:
        """Needs no space on the disk."""
        path = self.folder / _CHANGED
        before = path.stat().st_mtime_ns if path.exists() else 0
        path.touch()
        now = max(time.time_ns(), before + _TICK)
        os.utime(path, ns=(now, now))

    def _all(self) -> tuple[tuple[int, ...], list[KeptVoice], list[DamagedVoice]]:
        version = self.version()
        if self._read is None or self._read[0] != version:
            self._read = version, *self._in(self.folder)
            self._verified.clear()
        return self._read

    def _in(self, folder: Path) -> tuple[list[KeptVoice], list[DamagedVoice]]:
        try:
            places = sorted(one for one in folder.iterdir() if _ID.fullmatch(one.name) and one.is_dir())
        except OSError:
            return [], []
        found: list[KeptVoice] = []
        damaged: list[DamagedVoice] = []
        for place in places:
            card = _card(place)
            try:
                kept = _kept(place, card)
            except BadSignature as error:
                damaged.append(DamagedVoice(OWN + place.name, _name(card, place), *_told(_name(card, place), error)))
                continue
            except FileNotFoundError:  # thrown away, or made again, while it was read
                continue
            found.append(kept)
            if card is None:
                damaged.append(_without_card(kept))
        return sorted(found, key=lambda one: (one.voice.created, one.voice.id)), damaged


def _kept(place: Path, card: Card | None) -> KeptVoice:
    """The newest revision of a voice. Raises `BadSignature`, `FileNotFoundError`."""
    revision = max(_revisions(place), default=None)
    if revision is None:
        if not place.exists():
            raise FileNotFoundError(place)
        raise BadSignature("there is nothing in its folder")
    latest = place / str(revision)
    try:
        signature = signed(latest)
        voice = OwnVoice.from_json(json.loads((latest / RECORD).read_bytes()))
        named = [name for name, _ in voice.data] + [one.file for one in voice.samples if one.file]
        named += [name for name in (voice.consent.recording, voice.consent.document) if name]
    except BadSignature:
        if not latest.exists():
            raise FileNotFoundError(latest) from None
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BadSignature("its record cannot be read, or has no consent") from error
    if voice.id != OWN + place.name or voice.revision != revision:
        raise BadSignature("its record is that of another voice")
    for name in named:
        if name not in signature.files:
            raise BadSignature(f"{name[:60]} is not signed")
    return KeptVoice(voice, card or Card(voice.consent.person), signer=signature.fingerprint)


def _card(place: Path) -> Card | None:
    try:
        return Card.from_json(json.loads((place / CARD).read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _name(card: Card | None, place: Path) -> str:
    return card.name if card else place.name


def _told(name: str, error: BadSignature) -> tuple[str, str]:
    return (
        f"The voice “{name[:60]}” cannot be used: {error}.",
        "Bring it back from a backup, or import its .asvoice file again; else throw it away.",
    )


def _without_card(kept: KeptVoice) -> DamagedVoice:
    return DamagedVoice(
        kept.voice.id,
        kept.card.name,
        f"The card of the voice {kept.voice.id} cannot be read; it goes by its speaker's name.",
        f"`audiostudio voice rename {kept.voice.id} NAME` writes another.",
    )


def _revisions(place: Path) -> list[int]:
    try:
        return sorted(int(one.name) for one in place.iterdir() if _REVISION.fullmatch(one.name))
    except OSError:
        return []


def _remove_older(place: Path) -> None:
    for revision in _revisions(place)[:-1]:
        shutil.rmtree(place / str(revision), ignore_errors=True)


def _is_dead(scratch: Path) -> bool:
    """Whether nobody works there any more. Who begins to does so while he alone may change the folder."""
    if not (scratch / "lock").exists():
        return True
    lock = FileLock(scratch / "lock")
    try:
        return lock.acquire()
    except OSError:
        return False
    finally:
        lock.release()


def _folder_name(identity: str) -> str:
    name = identity.removeprefix(OWN)
    if not _ID.fullmatch(name):
        raise UnknownVoice(f"“{identity[:60]}” is no id of an own voice.", "`audiostudio voice list` lists them.")
    return name


def _writable(card: Card) -> Card:
    card = card.readable()
    if not card.name:
        raise RequestError("A voice needs a name that can be read.", "Give it another.")
    if card.slot and card.slot not in SLOTS:
        raise RequestError(f"There is no slot “{card.slot[:20]}”.", f"There are {', '.join(SLOTS)}.")
    return card


def _write(path: Path, data: object) -> None:
    replace_file(path, json.dumps(data, ensure_ascii=False, indent=1).encode(errors="replace"))
