"""A voice in one file: whole elsewhere with its terms, refused where anything was changed."""

import base64
import itertools
import json
import random
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audiostudio.errors import NewerFormat, StudioError, UnreadableMedia
from audiostudio.identity import Identity, fingerprint
from audiostudio.rights import Rights, inherited
from audiostudio.voices.sharing import ORIGIN, TERMS, SharedVoice, pack, settle, unpack
from audiostudio.voices.signing import _body, sign
from audiostudio.voices.voice import Card, OwnVoice
from tests.voices.making import folder_in, keep, record


def written(root: Path, samples: bool = True, voice: OwnVoice | None = None) -> Path:
    """A file with a voice of a profile of its own."""
    folder = folder_in(root)
    keep(folder, voice, Card("Nina", "Calm", ("calm",), "A"))
    target, work = root / "Nina.asvoice", root / "work"
    work.mkdir()
    [kept] = folder.voices()
    for _ in pack(kept, folder.path(kept.voice.id), None, target, Identity(root), samples, work):
        pass
    return target


def taken(archive: Path, place: Path) -> SharedVoice:
    place.mkdir(parents=True)
    steps = unpack(archive, place)
    while True:
        try:
            assert 0 <= next(steps) <= 1
        except StopIteration as end:
            found: SharedVoice = end.value
            return found


def test_it_is_whole_elsewhere_and_knows_where_it_is_from(tmp_path: Path) -> None:
    archive = written(tmp_path / "here")
    other = folder_in(tmp_path / "there")
    with other.new() as place:
        place.rmdir()
        shared = taken(archive, place)
        voice, card = settle(shared, place, shared.voice.id)
        other.keep(place, voice, card)
    [kept] = other.voices()
    here = fingerprint(Identity(tmp_path / "here").public_key)
    assert (kept.card.name, kept.card.tags, kept.card.slot) == ("Nina", ("calm",), "")
    assert kept.voice.origin == shared.signature.fingerprint == here
    assert kept.signer == fingerprint(Identity(tmp_path / "there").public_key) != here
    assert kept.voice.consent == record().consent
    assert (other.path(kept.voice.id) / "style.bin").read_bytes() == b"style"
    assert (other.path(kept.voice.id) / "samples/1.flac").read_bytes() == b"sound style"
    assert (other.path(kept.voice.id) / ORIGIN / "signature.json").exists()
    other.verify(kept.voice.id)


def test_without_samples_only_what_was_learnt_goes(tmp_path: Path) -> None:
    archive = written(tmp_path / "here", samples=False)
    with zipfile.ZipFile(archive) as bundle:
        assert sorted(bundle.namelist()) == [
            "TERMS.txt", "asvoice.json", "card.json", "signature.json", "style.bin", "voice.json",
        ]  # fmt: skip
    shared = taken(archive, tmp_path / "there")
    assert [(one.file, one.name) for one in shared.voice.samples] == [("", "Nina 1.wav")]


def test_people_can_read_its_terms(tmp_path: Path) -> None:
    voice = record(rights=Rights("CPML-1.0 AND by permission of Nina Berg", False))
    with zipfile.ZipFile(written(tmp_path / "here", voice=voice)) as bundle:
        text = bundle.read(TERMS).decode()
    for words in ("matched voice", "Nina Berg", "2026-11-21", "Audiobooks", "may not be sold", "CPML-1.0"):
        assert words in text


def changed(archive: Path, target: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """A copy of an archive with other entries."""
    with zipfile.ZipFile(archive) as bundle:
        entries = {name: bundle.read(name) for name in bundle.namelist()}
    change(entries)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, data in entries.items():
            bundle.writestr(name, data)
    return target


def edited(entries: dict[str, bytes], name: str, change: Callable[[dict[str, object]], object]) -> None:
    data = json.loads(entries[name])
    change(data)
    entries[name] = json.dumps(data).encode()


TAMPERED: dict[str, Callable[[dict[str, bytes]], object]] = {
    "another style": lambda entries: entries.update({"style.bin": b"STYLE"}),
    "a longer style": lambda entries: entries.update({"style.bin": b"style" * 9}),
    "another scope": lambda entries: edited(entries, "voice.json", lambda data: data["consent"].update(scope="All")),  # type: ignore[attr-defined]
    "other terms": lambda entries: entries.update({"TERMS.txt": b"Everything is allowed."}),
    "another card": lambda entries: edited(entries, "card.json", lambda data: data.update(name="Otto")),
    "a file too many": lambda entries: entries.update({"more.bin": b"more"}),
    "a file less": lambda entries: entries.pop("style.bin"),
    "no signature": lambda entries: entries.pop("signature.json"),
    "another signature": lambda entries: edited(entries, "signature.json", lambda data: data.update(signature="AAAA")),
    "another key": lambda entries: edited(entries, "signature.json", lambda data: data.update(key="A" * 43 + "=")),
    "a signature of nothing": lambda entries: entries.update({"signature.json": b"{}"}),
    "a signature too deep": lambda entries: entries.update({"signature.json": b"[" * 100_000}),
    "a path upwards": lambda entries: entries.update({"../../outside.txt": b"!"}),
    "a path from the root": lambda entries: entries.update({"/tmp/outside.txt": b"!"}),
    "a hidden file": lambda entries: entries.update({".profile": b"!"}),
    "a pickle": lambda entries: entries.update({"model.pth": b"\x80\x04."}),
    "a thousand files": lambda entries: entries.update({f"{number}.bin": b"!" for number in range(1000)}),
    "no word of what it is": lambda entries: entries.pop("asvoice.json"),
}


@pytest.mark.parametrize("kind", TAMPERED)
def test_a_tampered_file_is_refused(tmp_path: Path, kind: str) -> None:
    archive = changed(written(tmp_path / "here"), tmp_path / "Bad.asvoice", TAMPERED[kind])
    with pytest.raises(UnreadableMedia, match=r"Bad\.asvoice cannot be imported: .+\."):
        taken(archive, tmp_path / "deep" / "er" / "there")
    assert not (tmp_path / "outside.txt").exists()
    assert not (tmp_path / "deep" / "outside.txt").exists()


def signed_again(archive: Path, target: Path, change: Callable[[Path], object]) -> Path:
    """What somebody makes who has a key of his own."""
    place = target.with_suffix("")
    with zipfile.ZipFile(archive) as bundle:
        bundle.extractall(place)
    change(place)
    (place / "signature.json").unlink()
    sign(place, Identity(target.with_suffix(".key")))
    with zipfile.ZipFile(target, "w") as bundle:
        for path in place.rglob("*"):
            if path.is_file():
                bundle.write(path, path.relative_to(place).as_posix())
    return target


def written_in(place: Path, name: str, change: Callable[[dict[str, object]], object]) -> None:
    data = json.loads((place / name).read_bytes())
    change(data)
    (place / name).write_text(json.dumps(data))


HOSTILE: dict[str, Callable[[Path], object]] = {
    "no consent": lambda place: written_in(place, "voice.json", lambda data: data.pop("consent")),
    "an empty consent": lambda place: written_in(
        place,
        "voice.json",
        lambda data: data["consent"].update(statement=""),  # type: ignore[attr-defined]
    ),
    "a recording that is not there": lambda place: written_in(
        place,
        "voice.json",
        lambda data: data["consent"].update(recording="consent.flac"),  # type: ignore[attr-defined]
    ),
    "data elsewhere": lambda place: written_in(
        place, "voice.json", lambda data: data.update(data=[["../x", "0" * 64]])
    ),
    "no name": lambda place: written_in(place, "card.json", lambda data: data.update(name="")),
    "a name that is none": lambda place: written_in(place, "card.json", lambda data: data.update(name=7)),
    "a picture elsewhere": lambda place: written_in(place, "card.json", lambda data: data.update(picture="../x.png")),
    "a picture that is none": lambda place: written_in(
        place, "card.json", lambda data: data.update(picture="style.bin")
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_signature_alone_is_not_enough(tmp_path: Path, kind: str) -> None:
    archive = signed_again(written(tmp_path / "here"), tmp_path / "Bad.asvoice", HOSTILE[kind])
    with pytest.raises(UnreadableMedia, match="cannot be imported"):
        taken(archive, tmp_path / "there")


def test_of_a_newer_program_it_says_so(tmp_path: Path) -> None:
    archive = signed_again(
        written(tmp_path / "here"),
        tmp_path / "New.asvoice",
        lambda place: written_in(place, "asvoice.json", lambda data: data.update(format=99)),
    )
    with pytest.raises(NewerFormat, match="newer"):
        taken(archive, tmp_path / "there")


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    archive = tmp_path / "Bomb.asvoice"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("asvoice.json", '{"format": 1}')
        with bundle.open(zipfile.ZipInfo("style.bin"), "w", force_zip64=True) as file:
            file.write(bytes(1 << 20))
        bundle.filelist[-1].file_size = 5 << 30
    with pytest.raises(UnreadableMedia, match="larger than a voice"):
        taken(archive, tmp_path / "there")


def test_a_file_that_should_have_less_than_no_bytes_is_not_read(tmp_path: Path) -> None:
    archive = written(tmp_path / "here")
    identity = Identity(tmp_path / "anybody")
    with zipfile.ZipFile(archive) as bundle:
        contents = {name: bundle.read(name) for name in bundle.namelist()}
    record = json.loads(contents["signature.json"])
    record["files"]["style.bin"][1] = -5
    record["key"] = base64.b64encode(identity.public_key).decode()
    record["signature"] = base64.b64encode(identity.sign(_body(record["files"]))).decode()
    contents["signature.json"] = json.dumps(record).encode()
    bad = tmp_path / "Bad.asvoice"
    with zipfile.ZipFile(bad, "w") as bundle:
        for name, data in contents.items():
            bundle.writestr(name, data)
    with pytest.raises(UnreadableMedia, match="signature cannot be read"):
        taken(bad, tmp_path / "there")


def test_a_link_is_refused(tmp_path: Path) -> None:
    archive = tmp_path / "Link.asvoice"
    info = zipfile.ZipInfo("style.bin")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(archive, "w") as bundle:
        bundle.writestr(info, "/etc/passwd")
    with pytest.raises(UnreadableMedia, match=r"style\.bin"):
        taken(archive, tmp_path / "there")


def test_one_flipped_byte_anywhere_is_noticed_or_changes_nothing(tmp_path: Path) -> None:
    archive = written(tmp_path / "here")
    data = archive.read_bytes()
    chance = random.Random(7)
    for number in range(60):
        at = chance.randrange(len(data))
        bad = tmp_path / "Bad.asvoice"
        bad.write_bytes(data[:at] + bytes([data[at] ^ (1 << chance.randrange(8))]) + data[at + 1 :])
        place = tmp_path / f"there {number}"
        try:
            shared = taken(bad, place)
        except StudioError:
            continue
        assert shared.voice == replace(record(), data=shared.voice.data, samples=shared.voice.samples)
        assert (place / "style.bin").read_bytes() == b"style"


def test_what_is_no_archive_is_refused(tmp_path: Path) -> None:
    text = tmp_path / "Text.asvoice"
    text.write_text("MZ this is a program")
    with pytest.raises(UnreadableMedia, match="no voice at all"):
        taken(text, tmp_path / "there")


WRONG: tuple[Any, ...] = (None, 5, -1, True, 1e999, 10**40, "\x1b[31m", "\ud800", [5], {"a": 1}, [[]])
"""Values that hardly a field of a record has."""


def places(data: object, before: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Where something stands in a record."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [one for name, value in items for one in [(*before, name), *places(value, (*before, name))]]


def put(data: Any, place: tuple[str | int, ...], value: object) -> None:
    for name in place[:-1]:
        data = data[name]
    data[place[-1]] = value


@pytest.mark.parametrize("name", ["voice.json", "card.json"])
def test_a_record_of_another_shape_is_refused_or_harmless(tmp_path: Path, name: str) -> None:
    archive = written(tmp_path / "here", voice=record(made_by={"consent_rights": Rights("yours", True).to_json()}))
    place = tmp_path / "there"
    shared = taken(archive, place)
    before = (place / name).read_bytes()
    for where, value in itertools.product(places(json.loads(before)), WRONG):
        data = json.loads(before)
        put(data, where, value)
        try:
            if name == "card.json":
                Card.from_json(data)
                continue
            voice = OwnVoice.from_json(data)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
        assert sorted([voice.created, shared.voice.created])
        assert inherited(
            [voice.rights, Rights.from_json(voice.made_by.get("consent_rights", shared.voice.rights.to_json()))]
        )
        assert json.loads(json.dumps(voice.to_json(), allow_nan=False))
        assert json.dumps(voice.to_json(), ensure_ascii=False).encode()


def test_a_hostile_record_leaves_the_other_voices_alone(tmp_path: Path) -> None:
    """One whose day of making is a number could not be sorted among the others."""
    folder = folder_in(tmp_path / "there")
    keep(folder, record("mine/otto00000001"), Card("Otto"))
    with folder.new() as place:
        folder.keep(place, record(created=5), Card("Nina"))
    assert [one.card.name for one in folder.voices()] == ["Otto"]
    assert [one.name for one in folder.damaged()] == ["Nina"]


@pytest.mark.parametrize("size", ["1e999", "-1", "5.0", "true"])
def test_sizes_that_are_none_are_refused(tmp_path: Path, size: str) -> None:
    def wrong(entries: dict[str, bytes]) -> None:
        edited(entries, "signature.json", lambda data: data["files"]["style.bin"].__setitem__(1, "SIZE"))  # type: ignore[index]
        entries["signature.json"] = entries["signature.json"].replace(b'"SIZE"', size.encode())

    archive = changed(written(tmp_path / "here"), tmp_path / "Bad.asvoice", wrong)
    with pytest.raises(UnreadableMedia, match="signature cannot be read"):
        taken(archive, tmp_path / "there")


def test_what_grows_a_thousand_times_is_no_voice(tmp_path: Path) -> None:
    archive = signed_again(
        written(tmp_path / "here"),
        tmp_path / "Bad.asvoice",
        lambda place: (place / "more.bin").write_bytes(bytes(9 << 20)),
    )
    packed = tmp_path / "Packed.asvoice"
    with zipfile.ZipFile(archive) as bundle, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as small:
        for name in bundle.namelist():
            small.writestr(name, bundle.read(name))
    with pytest.raises(UnreadableMedia, match="larger than a voice"):
        taken(packed, tmp_path / "there")
