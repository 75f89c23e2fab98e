"""Files that vanish and come back; the whole library into one archive and out again."""

import contextlib
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Generator
from pathlib import Path

import pytest

from audiostudio.errors import (
    DiskFull,
    LibraryBusy,
    LibraryDamaged,
    MissingMedia,
    NewerFormat,
    RequestError,
    StorageError,
)
from audiostudio.identity import Identity
from audiostudio.jobs.job import JsonObject, Progress
from audiostudio.library import Asset, Library, MediaInfo, Query, backup
from audiostudio.library.backup import back_up, restore_backup
from audiostudio.voices.folder import VoiceFolder
from audiostudio.voices.voice import Card
from tests.library.conftest import found, new, some_file
from tests.voices.making import keep, record


def run(steps: Generator[Progress, None, JsonObject]) -> JsonObject:
    fractions = []
    while True:
        try:
            fractions.append(next(steps).fraction)
        except StopIteration as end:
            assert fractions == sorted(fractions)
            result: JsonObject = end.value
            return result


@pytest.fixture
def assets(library: Library, tmp_path: Path) -> list[Asset]:
    folder = library.create_folder("Show")
    return [
        library.add(some_file(tmp_path / "f.wav", f"sound {n}".encode() * 99), new(f"Line {n} é🎵", folder=folder.id))
        for n in range(5)
    ]


def test_missing_files_are_marked_and_unmarked(library: Library, tmp_path: Path, assets: list[Asset]) -> None:
    hidden = assets[1].path.rename(tmp_path / "hidden")
    report = library.check_files()
    assert (report.missing, report.returned, report.moved, report.strangers) == ((assets[1].id,), (), (), ())
    assert library.get(assets[1].id).missing
    assert [asset.id for asset in library.search(Query(missing=True)).assets] == [assets[1].id]
    version = library.version()
    assert library.check_files().missing == (assets[1].id,)
    assert library.version() == version
    hidden.rename(assets[1].path)
    assert library.check_files().returned == (assets[1].id,)
    assert not library.get(assets[1].id).missing


def test_a_renamed_file_is_recognised_and_strangers_are_named(library: Library, assets: list[Asset]) -> None:
    renamed = assets[2].path.rename(library.media / "my own name.wav")
    stranger = some_file(library.media / "stranger.wav", b"sound 2" * 99)
    stranger.write_bytes(b"y" * assets[2].size)
    report = library.check_files()
    assert (report.missing, report.moved, report.strangers) == ((), (assets[2].id,), (stranger,))
    assert library.get(assets[2].id).path == renamed
    assert library.check_files().moved == ()
    library.verify()


def test_relink_from_anywhere(library: Library, tmp_path: Path, assets: list[Asset]) -> None:
    kept = some_file(tmp_path / "elsewhere.wav", assets[0].path.read_bytes())
    assets[0].path.unlink()
    library.check_files()
    again = library.relink(assets[0].id, kept)
    assert again.path == assets[0].path
    assert again.path.read_bytes() == kept.read_bytes()
    assert not again.missing
    other = some_file(tmp_path / "other.flac", b"another")
    with pytest.raises(RequestError):
        library.relink(assets[0].id, other)
    changed = library.relink(assets[0].id, other, other=MediaInfo(duration=2.0))
    assert (changed.path.read_bytes(), changed.format, changed.size) == (b"another", "flac", 7)
    assert changed.media == MediaInfo(duration=2.0)
    with pytest.raises(MissingMedia):
        library.relink(assets[0].id, tmp_path / "nothing")
    with pytest.raises(RequestError):
        library.relink(assets[1].id, assets[2].path, other=MediaInfo())


def test_relink_to_a_file_in_the_library(library: Library, assets: list[Asset]) -> None:
    renamed = assets[0].path.rename(library.media / "found.wav")
    assert library.relink(assets[0].id, renamed).path == renamed
    assert library.relink(assets[0].id, renamed).path == renamed
    library.rename(assets[0].id, "Named")
    assert library.check_files().strangers == ()


def test_backup_and_back(library: Library, tmp_path: Path, assets: list[Asset]) -> None:
    library.bin([assets[0].id])
    archive = tmp_path / "backups" / "library.zip"
    said = run(back_up(library, archive))
    assert (said["assets"], said["missing"], said["bytes"]) == (5, [], archive.stat().st_size)
    assert [path.name for path in archive.parent.iterdir()] == ["library.zip"]
    with zipfile.ZipFile(archive) as bundle:
        assert bundle.testzip() is None
        assert bundle.read(f"media/{assets[3].path.name}") == assets[3].path.read_bytes()
    back = run(restore_backup(archive, tmp_path / "elsewhere"))
    assert back["before"] is None
    with Library.open(tmp_path / "elsewhere") as restored:
        restored.verify()
        assert found(restored) == found(library)
        assert restored.folders() == library.folders()
        for asset in assets:
            assert restored.get(asset.id).path.read_bytes() == asset.path.read_bytes()
        assert restored.check_files().missing == ()
        restored.add(some_file(tmp_path / "f.wav"), new("After"))


def test_own_voices_are_in_a_backup(library: Library, tmp_path: Path) -> None:
    voices = VoiceFolder(library.folder / "voices", Identity(tmp_path))
    keep(voices, card=Card("Nina", slot="A"))
    keep(voices, record("mine/emma00000001"), Card("Emma"))
    voices.throw_away("mine/emma00000001")
    run(back_up(library, tmp_path / "b.zip"))
    run(restore_backup(tmp_path / "b.zip", tmp_path / "elsewhere"))
    back = VoiceFolder(tmp_path / "elsewhere" / "voices")
    assert back.voices() == voices.voices()
    assert back.binned() == voices.binned()
    assert back.verify("mine/nina00000001").files == voices.verify("mine/nina00000001").files
    hostile = tmp_path / "hostile.zip"
    shutil.copyfile(tmp_path / "b.zip", hostile)
    with zipfile.ZipFile(hostile, "a") as bundle:
        bundle.writestr("voices/nina00000001/../../../outside.txt", "!")
    with pytest.raises(LibraryDamaged, match="outside"):
        run(restore_backup(hostile, tmp_path / "nowhere"))
    assert not (tmp_path / "outside.txt").exists()


def test_what_a_killed_program_left_of_a_voice_spoils_no_backup(library: Library, tmp_path: Path) -> None:
    voices = VoiceFolder(library.folder / "voices", Identity(tmp_path))
    keep(voices)
    left = voices.folder / "nina00000001" / ".card-0123abcd.part.json"
    left.write_text('{"name"')
    run(back_up(library, tmp_path / "b.zip"))
    run(restore_backup(tmp_path / "b.zip", tmp_path / "elsewhere"))
    assert VoiceFolder(tmp_path / "elsewhere" / "voices").voices() == voices.voices()
    with voices.new():
        assert not left.exists()


def test_a_backup_from_before_there_were_voices_takes_none_away(library: Library, tmp_path: Path) -> None:
    run(back_up(library, tmp_path / "b.zip"))
    with zipfile.ZipFile(tmp_path / "b.zip") as bundle:
        about = json.loads(bundle.read("backup.json"))
    del about["voices"]
    old = rewritten(tmp_path / "b.zip", {"backup.json": json.dumps(about).encode()})
    keep(VoiceFolder(library.folder / "voices", Identity(tmp_path)))
    folder = library.folder
    library.close()
    run(restore_backup(old, folder))
    assert [one.card.name for one in VoiceFolder(folder / "voices").voices()] == ["Nina"]


@pytest.mark.long
def test_a_library_that_is_there_stays_beside(tmp_path: Path) -> None:
    folder, archive = tmp_path / "library", tmp_path / "b.zip"
    with Library.open(folder) as library:
        library.add(some_file(tmp_path / "f.wav"), new("Old"))
        run(back_up(library, archive))
        library.add(some_file(tmp_path / "f.wav"), new("New"))
        with pytest.raises(LibraryBusy):
            run(restore_backup(archive, folder))
        assert found(library) == ["New", "Old"]
    said = run(restore_backup(archive, folder))
    with Library.open(folder) as library, Library.open(Path(said["before"])) as before:
        assert found(library) == ["Old"]
        assert found(before) == ["New", "Old"]
        assert before.search().assets[0].path.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"library", "b.zip", Path(said["before"]).name}


def test_what_was_dragged_out_is_in_no_backup_and_stays_where_it_is(
    library: Library, tmp_path: Path, assets: list[Asset]
) -> None:
    """A video editor may be using it."""
    film = library.folder / "dragged out" / "Intro.wav"
    film.parent.mkdir()
    film.write_bytes(b"sound")
    archive = tmp_path / "b.zip"
    run(back_up(library, archive))
    with zipfile.ZipFile(archive) as bundle:
        assert not [name for name in bundle.namelist() if "Intro" in name]
    library.close()
    said = run(restore_backup(archive, library.folder))
    assert film.read_bytes() == b"sound"
    assert Path(said["before"]).is_dir()
    with Library.open(library.folder) as restored:
        assert len(found(restored)) == len(assets)


def test_a_backup_while_others_write(library: Library, tmp_path: Path, assets: list[Asset]) -> None:
    steps = back_up(library, tmp_path / "b.zip")
    next(steps)
    late = library.add(some_file(tmp_path / "f.wav"), new("Late"))
    library.rename(assets[4].id, "Renamed meanwhile")
    assets[3].path.unlink()
    assert run(steps)["missing"] == [assets[3].id]
    run(restore_backup(tmp_path / "b.zip", tmp_path / "back"))
    with Library.open(tmp_path / "back") as restored:
        assert late.name not in found(restored)
        assert restored.get(assets[4].id).name == "Line 4 é🎵"
        assert restored.check_files().missing == (assets[3].id,)


def test_two_backups_to_one_place_at_once(library: Library, tmp_path: Path, assets: list[Asset]) -> None:
    folder = tmp_path / "backups"
    slow, fast = back_up(library, folder / "b.zip"), back_up(library, folder / "b.zip")
    next(slow)
    next(fast)
    assert run(fast)["assets"] == len(assets)
    assert run(slow)["assets"] == len(assets)
    assert [path.name for path in folder.iterdir()] == ["b.zip"]
    assert run(restore_backup(folder / "b.zip", tmp_path / "back"))["assets"] == len(assets)


def test_a_cancelled_backup_leaves_nothing(library: Library, tmp_path: Path, assets: list[Asset]) -> None:
    folder = tmp_path / "backups"
    steps = back_up(library, folder / "b.zip")
    next(steps)
    steps.close()
    assert list(folder.iterdir()) == []


def test_a_cancelled_restore_leaves_nothing(library: Library, tmp_path: Path, assets: list[Asset]) -> None:
    run(back_up(library, tmp_path / "b.zip"))
    (tmp_path / "new").mkdir()
    steps = restore_backup(tmp_path / "b.zip", tmp_path / "new" / "library")
    next(steps)
    steps.close()
    assert list((tmp_path / "new").iterdir()) == []


def test_no_room_is_said_before_it_begins(
    library: Library, tmp_path: Path, assets: list[Asset], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(back_up(library, tmp_path / "b.zip"))
    monkeypatch.setattr(backup, "_SPARE", shutil.disk_usage(tmp_path).total)
    with pytest.raises(DiskFull):
        next(back_up(library, tmp_path / "no" / "c.zip"))
    with pytest.raises(DiskFull):
        next(restore_backup(tmp_path / "b.zip", tmp_path / "no" / "library"))
    assert list((tmp_path / "no").iterdir()) == []


def rewritten(archive: Path, change: dict[str, bytes | None], rename: tuple[str, str] | None = None) -> Path:
    """A copy with entries replaced, left out (None) or, in the database, a media file's name changed."""
    copy = archive.with_name("changed.zip")
    with zipfile.ZipFile(archive) as old, zipfile.ZipFile(copy, "w") as fresh:
        for name in old.namelist():
            data = change.get(name, old.read(name))
            if name == "library.db" and rename is not None:
                database = archive.with_name("changed.db")
                database.write_bytes(old.read(name))
                with sqlite3.connect(database) as connection:
                    connection.execute("UPDATE assets SET file = ? WHERE file = ?", rename[::-1])
                connection.close()
                data = database.read_bytes()
            if data is not None:
                fresh.writestr(name if rename is None or rename[0] not in name else f"media/{rename[1]}", data)
    return copy


def test_damaged_and_foreign_archives_are_refused(library: Library, tmp_path: Path, assets: list[Asset]) -> None:
    archive = tmp_path / "b.zip"
    run(back_up(library, archive))
    media = f"media/{assets[0].path.name}"
    data = archive.read_bytes()
    scribbled = bytearray(data)
    scribbled[len(data) // 2 : len(data) // 2 + 50] = b"\0" * 50
    foreign = tmp_path / "foreign.db"
    with contextlib.closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE notes (text)")
    cases = [
        some_file(tmp_path / "1.zip", data[: len(data) // 2]),
        some_file(tmp_path / "2.zip", bytes(scribbled)),
        some_file(tmp_path / "3.zip", b"no zip at all"),
        rewritten(archive, {"backup.json": None}).rename(tmp_path / "4.zip"),
        rewritten(archive, {"backup.json": b"[]"}).rename(tmp_path / "5.zip"),
        rewritten(archive, {"library.db": None}).rename(tmp_path / "6.zip"),
        rewritten(archive, {"library.db": b"rubbish" * 999}).rename(tmp_path / "7.zip"),
        rewritten(archive, {media: b"something else"}).rename(tmp_path / "8.zip"),
        rewritten(archive, {}, (assets[0].path.name, "../../outside.wav")).rename(tmp_path / "9.zip"),
        rewritten(archive, {}, (assets[0].path.name, "/tmp/outside.wav")).rename(tmp_path / "10.zip"),
        rewritten(archive, {"library.db": foreign.read_bytes()}).rename(tmp_path / "11.zip"),
        rewritten(archive, {"backup.json": b"[" * 9_000_000}).rename(tmp_path / "12.zip"),
    ]
    (tmp_path / "new").mkdir()
    for case in cases:
        with pytest.raises(LibraryDamaged) as caught:
            run(restore_backup(case, tmp_path / "new" / "library"))
        assert caught.value.hint, case
        assert list((tmp_path / "new").iterdir()) == [], case
    assert not (tmp_path / "outside.wav").exists()
    newer = rewritten(archive, {"backup.json": json.dumps({"format": 99}).encode()})
    with pytest.raises(NewerFormat):
        run(restore_backup(newer, tmp_path / "new" / "library"))
    with pytest.raises(MissingMedia):
        run(restore_backup(tmp_path / "nothing.zip", tmp_path / "new" / "library"))
    with pytest.raises(StorageError):
        run(restore_backup(tmp_path, tmp_path / "new" / "library"))


def changed(archive: Path, statement: str, *values: object) -> Path:
    """A copy of the archive in whose database a statement was executed."""
    database = archive.with_name("hostile.db")
    with zipfile.ZipFile(archive) as bundle:
        database.write_bytes(bundle.read("library.db"))
    with contextlib.closing(sqlite3.connect(database)) as connection, connection:
        connection.execute(statement, values)
    return rewritten(archive, {"library.db": database.read_bytes()})


def test_an_archive_cannot_touch_files_of_this_machine(library: Library, tmp_path: Path, assets: list[Asset]) -> None:
    run(back_up(library, tmp_path / "b.zip"))
    mine = some_file(tmp_path / "mine.txt", b"precious")
    move = ("id", os.fsencode(mine), str(mine), "other", 8, "{}", 0, 0, 1, "elsewhere/1", "2020-01-01T00:00:00+00:00")
    hostile = changed(tmp_path / "b.zip", f"INSERT INTO moves VALUES ({','.join('?' * len(move))})", *move)
    run(restore_backup(hostile, tmp_path / "with a move"))
    assert mine.read_bytes() == b"precious"
    trap = f"CREATE TRIGGER trap AFTER UPDATE OF binned ON assets BEGIN UPDATE assets SET file = '{mine}'; END"
    run(restore_backup(changed(tmp_path / "b.zip", trap), tmp_path / "with a trap"))
    with Library.open(tmp_path / "with a trap") as restored:
        restored.bin([assets[0].id])
        with pytest.raises(LibraryDamaged):
            restored.empty_bin()
    assert mine.read_bytes() == b"precious"
