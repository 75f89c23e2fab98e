"""Covers of music in the library. Painting itself is tested beside `render.covers`."""

import json
import textwrap
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage

from audiostudio.errors import RequestError
from audiostudio.library import Asset, AssetKind, AssetSource, NewAsset
from audiostudio.operations.music.covers import cover_for, cover_of, make, outline_of
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.render.covers.painting import paint
from audiostudio.rights import Rights
from audiostudio.sound.files import SoundWriter

PAINTER = """
import struct, zlib
from audiostudio.jobs.job import Progress

def create(models, manifest):
    return Plain(manifest)

class Plain:
    device = "none"
    def __init__(self, manifest):
        self.manifest = manifest
    def illustrate(self, prompt, side, seed, file):
        yield Progress(0.5, prompt)
        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        rows = (b"\\0" + bytes((255, 0, 255)) * 8) * 8
        head = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
        body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
        file.write_bytes(b"\\x89PNG\\r\\n\\x1a\\n" + body)
    def close(self):
        pass
"""


@pytest.fixture
def studio(profile: Profile) -> Iterator[Studio]:
    studio = Studio(profile)
    yield studio
    studio.close()


@pytest.fixture
def song(studio: Studio, tmp_path: Path) -> Asset:
    path = tmp_path / "song.wav"
    rise = np.linspace(0, 0.5, 48_000, dtype=np.float32)
    with SoundWriter(path, 48_000, 1, "wav") as writer:
        writer.write((rise * np.sin(np.arange(48_000) / 20, dtype=np.float32))[np.newaxis])
    cover = cover_for("First light", "ambient", "calm", 3, outline=outline_of(path))
    new = NewAsset(AssetKind.MUSIC, AssetSource.COMPOSED, "First light", Rights("MIT", True), detail={"cover": cover})
    return studio.library.add(path, new)


def done(body: Generator[Any, None, dict[str, Any]]) -> dict[str, Any]:
    while True:
        try:
            next(body)
        except StopIteration as end:
            return dict(end.value)


def test_the_outline_of_a_sound_that_grows_grows(song: Asset) -> None:
    outline = cover_of(song).peaks
    assert len(outline) == 96
    assert outline[-1] == max(outline) == 1.0
    assert list(outline) == sorted(outline)


def test_music_that_was_imported_has_a_cover_too_and_always_the_same(studio: Studio, song: Asset) -> None:
    bare = studio.library.update_detail(song.id, {"cover": None})
    assert cover_of(bare) == cover_of(studio.library.get(song.id))
    assert cover_of(bare).title == "First light"


def test_a_cover_becomes_a_picture_of_the_library(studio: Studio, song: Asset) -> None:
    made = done(make(studio, {"asset": song.id, "title": "Last light", "design": "rings"}))
    picture = studio.library.get(made["asset"])
    assert (picture.kind, picture.width, picture.rights.commercial) == (AssetKind.IMAGE, 1400, True)
    assert picture.path.read_bytes().startswith(b"\x89PNG")
    kept = cover_of(studio.library.get(song.id))
    assert (kept.title, kept.design) == ("Last light", "rings")
    assert json.dumps(picture.recipe)
    assert not list(studio.library.workshop.iterdir())


def test_an_engine_that_makes_pictures_paints_what_lies_behind_the_words(
    studio: Studio, song: Asset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plain_painter.py").write_text(textwrap.dedent(PAINTER))
    monkeypatch.syspath_prepend(str(tmp_path))
    studio.profile.engines.mkdir(parents=True)
    manifest: dict[str, Any] = {
        "name": "plain", "title": "Plain", "module": "plain_painter", "version": "1", "kind": "image",
        "capabilities": {}, "rights": Rights("CC-BY-NC-4.0", False, "Plain").to_json(), "voices": [],
    }  # fmt: skip
    (studio.profile.engines / "plain.json").write_text(json.dumps(manifest))
    made = done(make(studio, {"asset": song.id, "engine": "plain"}))
    picture = studio.library.get(made["asset"])
    finished = QImage(str(picture.path))
    assert finished.pixelColor(700, 100).name() == "#ff00ff"
    shown = paint(cover_of(studio.library.get(song.id)), 1400)
    assert shown.convertToFormat(finished.format()) == finished  # its words are not painted over themselves
    picture.path.unlink()
    assert paint(cover_of(studio.library.get(song.id)), 140).pixelColor(70, 10).name() != "#ff00ff"
    assert (picture.rights.commercial, picture.rights.credit) == (False, "Plain")


@pytest.mark.parametrize(
    ("asked", "says"), [({"design": "velvet"}, "no design"), ({"title": "x" * 201}, "too long for a cover")]
)
def test_what_cannot_be_painted_is_said(studio: Studio, song: Asset, asked: dict[str, str], says: str) -> None:
    with pytest.raises(RequestError, match=says):
        done(make(studio, {"asset": song.id, **asked}))
