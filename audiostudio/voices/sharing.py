"""`.asvoice`: a voice with its consent, its terms and a signature, in one file.

A zip that any program can look into: what lies in a voice's folder, `card.json`, a picture, `TERMS.txt`, and
`signature.json` over all of them. What comes from outside is read within limits and believed only as far as its
signature goes; nothing in it is ever run.
"""

import contextlib
import hashlib
import json
import shutil
import zipfile
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from audiostudio.errors import NewerFormat, StorageError, UnreadableMedia
from audiostudio.files import new_file, storage_errors
from audiostudio.identity import Identity
from audiostudio.voices.pictures import suffix_of
from audiostudio.voices.signing import (
    RECORD,
    SIGNATURE,
    BadSignature,
    Signature,
    files_in,
    is_safe,
    read_signature,
    sign,
)
from audiostudio.voices.voice import Card, KeptVoice, OwnVoice

SUFFIX = ".asvoice"
TERMS = "TERMS.txt"
ORIGIN = "origin"
"""In the folder of an imported voice: the record and the signature as they came."""
_CARD = "card.json"
_ABOUT = "asvoice.json"
_FORMAT = 1
_MOST_FILES = 200
_MOST_BYTES = 2 << 30
_MOST_PACKED = 200
"""Bytes that one byte becomes: sound and numbers hardly shrink, so more is a trap."""
_MOST_RECORD = 1 << 20
_NEWEST_REVISION = 1_000_000
"""Of what comes from elsewhere, so that it can be trained again."""
_CHUNK = 1 << 20
_PROGRAMS = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib")
"""What can run code when it is read: no engine here keeps a voice in one."""
_ANOTHER = "Ask for the file again."
_SOLD = {True: "may be sold", False: "may not be sold", None: "it is not known whether it may be sold"}


@dataclass(frozen=True, slots=True)
class SharedVoice:
    """A voice that came in a file, and whose signature is right."""

    voice: OwnVoice
    card: Card
    signature: Signature


def pack(
    kept: KeptVoice, folder: Path, picture: Path | None, target: Path, identity: Identity, samples: bool, work: Path
) -> Generator[float, None, None]:
    """Write the voice in `folder` to `target`; `samples`: with the recordings it was made of. `work`: an empty folder.

    Yields how far it is, 0…1. Raises `StorageError`.
    """
    voice = kept.voice if samples else _without_samples(kept.voice)
    card = kept.card if picture else replace(kept.card, picture="")
    kept_files = {one.file for one in kept.voice.samples if one.file}
    with storage_errors(target):
        for name in files_in(folder):
            if name not in (RECORD, SIGNATURE) and (samples or name not in kept_files):
                (work / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(folder / name, work / name)
        if picture is not None:
            shutil.copyfile(picture, work / card.picture)
        _write(work / RECORD, voice.to_json())
        _write(work / _CARD, replace(card, slot="").to_json())
        _write(work / _ABOUT, {"format": _FORMAT, "name": card.name, "engine": voice.engine})
        (work / TERMS).write_text(terms(voice, card), encoding="utf-8")
        sign(work, identity)
        names = files_in(work)
    with new_file(target) as half, storage_errors(target), zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as bundle:
        for number, name in enumerate(names):
            bundle.write(work / name, name)
            yield (number + 1) / len(names)


def unpack(archive: Path, place: Path) -> Generator[float, None, SharedVoice]:
    """Read `archive` into the empty folder `place`, all that it was signed with.

    Yields how far it is, 0…1. Raises `UnreadableMedia` for what is no such file or was changed, with the reason;
    `NewerFormat`, `StorageError`.
    """
    with _opened(archive) as bundle:
        entries = _entries(bundle, archive)
        _require_format(_small(bundle, entries, _ABOUT, archive), archive)
        proof = _small(bundle, entries, SIGNATURE, archive)
        try:
            signature = read_signature(proof)
        except BadSignature as error:
            raise _refused(archive, f"{error}") from error
        if set(signature.files) != set(entries) - {SIGNATURE}:
            raise _refused(archive, "it holds other files than were signed")
        for number, (name, (digest, size)) in enumerate(signature.files.items()):
            if entries[name].file_size != size or (name in (RECORD, _CARD) and size > _MOST_RECORD):
                raise _refused(archive, f"{name} was changed")
            with storage_errors(place / name):
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                if _unpacked(bundle, entries[name], place / name, size) != (digest, size):
                    raise _refused(archive, f"{name} was changed")
            yield (number + 1) / len(entries)
        with storage_errors(place):
            (place / SIGNATURE).write_bytes(proof)
    return _read(archive, place, signature)


def settle(shared: SharedVoice, place: Path, identity: str) -> tuple[OwnVoice, Card]:
    """Turn what `unpack` made into the folder of a voice `identity`, that knows where it is from.

    Raises `StorageError`.
    """
    with storage_errors(place):
        if not (place / ORIGIN).exists():
            (place / ORIGIN).mkdir()
            for name in (RECORD, SIGNATURE):
                shutil.copyfile(place / name, place / ORIGIN / name)
        for name in (RECORD, SIGNATURE, _CARD, _ABOUT, TERMS, shared.card.picture):
            if name:
                (place / name).unlink(missing_ok=True)
    voice = replace(shared.voice, id=identity, origin=shared.signature.fingerprint)
    return voice, replace(shared.card, slot="", picture="")


def terms(voice: OwnVoice, card: Card) -> str:
    """What the voice may be used for, for people."""
    consent, rights = voice.consent, voice.rights
    whose = "their own voice" if consent.whose == "own" else "given by them in writing"
    made = "a matched voice, no clone" if voice.method == "match" else "a cloned voice; what it speaks is watermarked"
    lines = [
        f"{card.name}: {made}.",
        f"Whose voice: {consent.person}. Consent of {consent.date}, {whose}.",
        f"It may be used for: {consent.scope}.",
        f"What it speaks {_SOLD[rights.commercial]}. Licence: {rights.licence}.",
        *([f"Credit: {rights.credit}"] if rights.credit else []),
        *([rights.url] if rights.url else []),
        "These terms go with everything that is made with the voice.",
    ]
    return "\n".join(lines) + "\n"


def _without_samples(voice: OwnVoice) -> OwnVoice:
    return replace(voice, samples=tuple(replace(one, file="") for one in voice.samples))


@contextlib.contextmanager
def _opened(archive: Path) -> Iterator[zipfile.ZipFile]:
    with storage_errors(archive):
        try:
            with zipfile.ZipFile(archive) as bundle:
                yield bundle
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
            if isinstance(error, BadSignature):
                raise
            raise _refused(archive, "it is damaged, or no voice at all") from error


def _entries(bundle: zipfile.ZipFile, archive: Path) -> dict[str, zipfile.ZipInfo]:
    """The files in an archive, if a voice could be of them."""
    infos = bundle.infolist()
    found = {one.filename: one for one in infos}
    if len(infos) > _MOST_FILES or len(found) != len(infos):
        raise _refused(archive, f"it has {len(infos)} entries")
    size = sum(one.file_size for one in infos)
    if size > min(_MOST_BYTES, _MOST_PACKED * archive.stat().st_size):
        raise _refused(archive, "it is far larger than a voice can be")
    for name, one in found.items():
        kind = one.external_attr >> 16 & 0o170000
        if not is_safe(name) or one.is_dir() or one.flag_bits & 1 or kind not in (0, 0o100000):
            raise _refused(archive, f"it holds “{name[:60]}”, which no voice has")
        if name.lower().endswith(_PROGRAMS):
            raise _refused(archive, f"it holds “{name[:60]}”, which could run a program")
    return found


def _small(bundle: zipfile.ZipFile, entries: dict[str, zipfile.ZipInfo], name: str, archive: Path) -> bytes:
    if name not in entries or entries[name].file_size > _MOST_RECORD:
        raise _refused(archive, f"it has no {name}")
    with bundle.open(entries[name]) as file:
        return file.read(_MOST_RECORD)


def _require_format(data: bytes, archive: Path) -> None:
    try:
        number = json.loads(data)["format"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _refused(archive, "it does not say what it is") from error
    if not isinstance(number, int) or number > _FORMAT:
        raise NewerFormat(f"{archive.name} was written by a newer Audio Studio.", "Update Audio Studio.")


def _unpacked(bundle: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, size: int) -> tuple[str, int]:
    """Write one entry, at most a byte more than it should have; its SHA-256 and size."""
    digest, count = hashlib.sha256(), 0
    with bundle.open(entry) as source, target.open("xb") as file:
        while chunk := source.read(min(_CHUNK, size + 1 - count)):
            digest.update(chunk)
            count += len(chunk)
            file.write(chunk)
    return digest.hexdigest(), count


def _read(archive: Path, place: Path, signature: Signature) -> SharedVoice:
    try:
        voice = OwnVoice.from_json(json.loads((place / RECORD).read_bytes()))
        card = Card.from_json(json.loads((place / _CARD).read_bytes()))
        if not card.name.strip() or voice.revision > _NEWEST_REVISION:
            raise ValueError("a card without a name, or a voice that was trained for ever")
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _refused(archive, "its record cannot be read, or has no consent") from error
    named = [*voice.data, *((one.file, one.sha256) for one in voice.samples if one.file)]
    if any(name not in signature.files or signature.files[name][0] != digest for name, digest in named):
        raise _refused(archive, "its record names files that are not in it")
    given = [one for one in (voice.consent.recording, voice.consent.document) if one]
    if any(name not in signature.files for name in given):
        raise _refused(archive, "the recording or the document of its consent is missing")
    if not given and not voice.consent.statement:
        raise _refused(archive, "its consent is empty")
    _require_picture(archive, place, card)
    return SharedVoice(voice, card, signature)


def _require_picture(archive: Path, place: Path, card: Card) -> None:
    if not card.picture:
        return
    try:
        if not card.picture.startswith("picture-") or not is_safe(card.picture):
            raise UnreadableMedia("No picture.", "")
        suffix_of(place / card.picture)
    except (OSError, UnreadableMedia) as error:
        raise _refused(archive, "its picture is none") from error


def _refused(archive: Path, reason: str) -> StorageError | UnreadableMedia:
    return UnreadableMedia(f"{archive.name} cannot be imported: {reason}.", _ANOTHER)


def _write(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8", errors="replace")
