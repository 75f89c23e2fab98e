"""Bringing in what people have: real media, disguised, damaged and hostile files."""

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest

from audiostudio.errors import MissingMedia, RequestError, UnreadableMedia
from audiostudio.library import AssetKind, AssetSource, Library
from audiostudio.library.imports import examine, import_media, relink_media
from audiostudio.rights import Rights
from audiostudio.sound.tags import Tags
from audiostudio.sound.writer import SoundWriter
from tests.library.conftest import run_apart, some_file
from tests.library.made_media import film, picture, sound

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="12mm" height="24" viewBox="0 0 1 2"><path d="M0 0h1"/></svg>'


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.wav", "pcm_s16le"), ("a.mp3", "libmp3lame"), ("a.flac", "flac"), ("a.m4a", "aac"), ("a.opus", "libopus")],
)
def test_sounds(library: Library, tmp_path: Path, name: str, codec: str) -> None:
    file = sound(tmp_path / name, 1.5, codec)
    imported = import_media(library, file)
    asset = imported.asset
    assert not imported.duplicate
    assert imported.sentence == f"{name} is in the library now."
    assert (asset.kind, asset.source, asset.name) == (AssetKind.RECORDING, AssetSource.UPLOADED, "a")
    assert asset.duration == pytest.approx(1.5, abs=0.06)
    assert (asset.sample_rate, asset.channels, asset.format) == (48_000, 1, name[2:])
    assert asset.rights.commercial is None
    assert file.read_bytes() == asset.path.read_bytes()


@pytest.mark.parametrize(
    ("name", "genre", "kind"),
    [
        ("Harbour music.mp3", "", AssetKind.MUSIC),
        ("theme_song.mp3", "", AssetKind.MUSIC),
        ("Calm.mp3", "Ambient", AssetKind.MUSIC),
        ("Calm.flac", "Ambient", AssetKind.MUSIC),
        ("Musicians talk.mp3", "", AssetKind.RECORDING),
        ("Episode 3.mp3", "Podcast", AssetKind.RECORDING),
        ("door (sfx).wav", "", AssetKind.SOUND_EFFECT),
    ],
)
def test_a_name_or_a_genre_tells_music_from_recordings(
    library: Library, tmp_path: Path, name: str, genre: str, kind: AssetKind
) -> None:
    with SoundWriter(tmp_path / name, 48_000, 1, Path(name).suffix[1:], tags=Tags(genre=genre)) as writer:
        writer.write(np.full(4_800, 0.1, np.float32))
    assert import_media(library, tmp_path / name).asset.kind == kind


TERMS = [
    Rights("Apache-2.0", True, "Kokoro-82M by hexgrad\nNino", "https://example.org/terms"),
    Rights("CC-BY-NC-4.0 AND Apache-2.0", False, "Someone. Else"),
    Rights("unknown", None),
]


@pytest.mark.parametrize("name", ["a.wav", "a.mp3", "a.flac", "a.m4a", "a.opus"])
@pytest.mark.parametrize("terms", TERMS)
def test_what_was_made_here_bears_its_rights(library: Library, tmp_path: Path, name: str, terms: Rights) -> None:
    """Also among other tags; a notice that is not whole is none."""
    tags = Tags("A title", copyright=terms.notice, comment=terms.credit)
    with SoundWriter(tmp_path / name, 48_000, 1, name[2:], tags=tags) as writer:
        writer.write(np.full(4_800, 0.1, np.float32))
    assert import_media(library, tmp_path / name).asset.rights == terms
    assert Rights.of_notice(terms.notice[:-20]) is None


def test_a_notice_may_stand_in_the_comment(library: Library, tmp_path: Path) -> None:
    with SoundWriter(tmp_path / "a.wav", tags=Tags(copyright="© me", comment=TERMS[0].notice)) as writer:
        writer.write(np.full(4_800, 0.1, np.float32))
    assert import_media(library, tmp_path / "a.wav").asset.rights == TERMS[0]


@pytest.mark.parametrize(
    ("name", "codec", "pixels", "container"),
    [
        ("a.png", "png", "rgb24", "image2"),
        ("a.jpg", "mjpeg", "yuvj420p", "image2"),
        ("a.webp", "libwebp", "yuv420p", "webp"),
        ("a.gif", "gif", "rgb8", "gif"),
        ("a.tif", "tiff", "rgb24", "image2"),
        ("a.bmp", "bmp", "bgr24", "image2"),
    ],
)
def test_pictures(library: Library, tmp_path: Path, name: str, codec: str, pixels: str, container: str) -> None:
    asset = import_media(library, picture(tmp_path / name, codec, pixels, container)).asset
    assert asset.kind is AssetKind.IMAGE
    assert (asset.width, asset.height, asset.duration) == (128, 64, None)
    assert asset.path.suffix == Path(name).suffix


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mov"])
def test_films(library: Library, tmp_path: Path, name: str) -> None:
    asset = import_media(library, film(tmp_path / name)).asset
    assert asset.kind is AssetKind.FILM
    assert (asset.width, asset.height) == (160, 120)
    assert asset.duration == pytest.approx(2, abs=0.05)
    assert asset.path.suffix == Path(name).suffix


def test_a_drawing(library: Library, tmp_path: Path) -> None:
    asset = import_media(library, some_file(tmp_path / "a.svg", SVG)).asset
    assert (asset.kind, asset.width, asset.height, asset.format) == (AssetKind.IMAGE, 45, 24, "svg")


def test_what_is_said_of_it_is_kept(library: Library, tmp_path: Path) -> None:
    folder = library.create_folder("Show")
    asset = import_media(
        *(library, sound(tmp_path / "a.wav")),
        name="Theme",
        kind=AssetKind.MUSIC,
        source=AssetSource.RECORDED,
        folder=folder.id,
        tags=("x",),
        project="p",
    ).asset
    assert (asset.name, asset.kind, asset.source, asset.folder, asset.tags, asset.project) == (
        *("Theme", AssetKind.MUSIC, AssetSource.RECORDED, folder.id, ("x",), "p"),
    )
    with pytest.raises(RequestError):
        import_media(library, picture(tmp_path / "a.png"), kind=AssetKind.MUSIC)


@pytest.mark.parametrize(
    ("make", "name", "suffix", "kind"),
    [
        (lambda path: sound(path, codec="libmp3lame", container="mp3"), "really.wav", ".mp3", AssetKind.RECORDING),
        (lambda path: sound(path, container="wav"), "really.mp3", ".wav", AssetKind.RECORDING),
        (lambda path: sound(path, container="wav"), "really.txt", ".wav", AssetKind.RECORDING),
        (lambda path: picture(path), "really.png.wav", ".png", AssetKind.IMAGE),
        (lambda path: sound(path, codec="flac", container="flac"), "no suffix", ".flac", AssetKind.RECORDING),
        (lambda path: some_file(path, SVG), "really.png", ".svg", AssetKind.IMAGE),
    ],
)
def test_a_disguised_file_is_what_it_is(
    library: Library, tmp_path: Path, make, name: str, suffix: str, kind: AssetKind
) -> None:
    make(tmp_path / "made")
    (tmp_path / "made").rename(tmp_path / name)
    imported = import_media(library, tmp_path / name)
    assert imported.asset.path.suffix == suffix
    assert imported.asset.kind is kind
    assert suffix[1:].upper() in imported.sentence


NO_MEDIA = {
    "text.mp3": b"Dear diary, this is no music at all.\n" * 50,
    "noise.wav": os.urandom(5000),
    "zeros.mp4": bytes(100_000),
    "script.png": b"#!/bin/sh\nrm -rf /\n",
    "page.svg": b"<html><body><svg xmlns='http://www.w3.org/2000/svg'/></body></html>",
    "list.m3u8": b"#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
    "list.mp4": b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n",
    "concat.txt": b"ffconcat version 1.0\nfile /etc/hostname\n",
    "riff.wav": b"RIFF\xff\xff\xff\xffWAVEfmt \xff\xff\xff\x7f" + b"\xff" * 100,
    "head.png": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "head.mp4": b"\x00\x00\x00\x18ftypmp42" + bytes(200),
}


@pytest.mark.parametrize("name", NO_MEDIA)
def test_what_is_no_medium_is_refused_with_a_sentence(library: Library, tmp_path: Path, name: str) -> None:
    with pytest.raises(UnreadableMedia) as caught:
        import_media(library, some_file(tmp_path / name, NO_MEDIA[name]))
    assert name in caught.value.sentence
    assert caught.value.hint
    assert library.search().total == 0
    assert list(library.media.iterdir()) == []


def test_an_archive_an_empty_file_a_folder_and_nothing(library: Library, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.wav", "w") as bundle:
        bundle.writestr("x", "x")
    for path in (tmp_path / "a.wav", some_file(tmp_path / "b.wav", b""), tmp_path):
        with pytest.raises(UnreadableMedia):
            import_media(library, path)
    with pytest.raises(MissingMedia):
        import_media(library, tmp_path / "nothing.wav")


@pytest.mark.parametrize("part", [0.3, 0.9])
@pytest.mark.parametrize(
    ("name", "codec"), [("a.wav", "pcm_s16le"), ("a.flac", "flac"), ("a.m4a", "aac"), ("a.png", ""), ("a.mp4", "")]
)
def test_a_file_cut_short_is_refused(tmp_path: Path, name: str, codec: str, part: float) -> None:
    """In a process of its own, as the program does: a cut MP4 can crash FFmpeg."""
    file = tmp_path / name
    if codec:
        sound(file, 3, codec)
    elif name == "a.png":
        picture(file)
    else:
        film(file, options={"movflags": "faststart"})  # its index lies before the pictures
    os.truncate(file, int(file.stat().st_size * part))

    def act() -> None:
        with pytest.raises(UnreadableMedia, match=name):
            examine(file)

    run_apart(act, may_crash=True)


def test_a_hostile_claim_of_size_costs_no_memory(tmp_path: Path) -> None:
    file = picture(tmp_path / "a.png")
    data = bytearray(file.read_bytes())
    data[16:24] = (50_000).to_bytes(4, "big") * 2
    import zlib

    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    with pytest.raises(UnreadableMedia):
        examine(some_file(file, bytes(data)))


def drawing(inside: str, before: str = "", attributes: str = "") -> bytes:
    return f'{before}<svg xmlns="http://www.w3.org/2000/svg" {attributes}>{inside}</svg>'.encode()


@pytest.mark.parametrize(
    "content",
    [
        drawing("<script>alert(1)</script>"),
        drawing('<path onload="x()"/>'),
        drawing('<a href="javascript:x()"/>'),
        drawing('<image href="file:///etc/passwd"/>'),
        drawing('<image xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="http://x.invalid/a.png"/>'),
        drawing('<rect style="fill: url(http://x.invalid/a)"/>'),
        drawing("<foreignObject/>"),
        drawing("&a;", '<!DOCTYPE svg [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>'),
        drawing("", '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        drawing("<g>" * 300 + "</g>" * 300),
        drawing("<g>"),
        b'<svg:svg xmlns:svg="nothing"/>',
        b"<svg " + b"x" * 11_000_000,
    ],
    ids=range(13),
)
def test_a_hostile_drawing_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableMedia) as caught:
        examine(some_file(tmp_path / "a.svg", content))
    assert caught.value.hint


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="10" height="20"', (10, 20)),
        ('width="100%" height="100%" viewBox="0 0 640 360"', (640, 360)),
        ('viewBox="0,0,64.4,36"', (64, 36)),
        ('width="1in" height="72pt"', (96, 96)),
        ("", (300, 150)),
        ('width="-5" height="nan"', (300, 150)),
    ],
)
def test_the_size_of_a_drawing(tmp_path: Path, attributes: str, size: tuple[int, int]) -> None:
    plain = '<defs><linearGradient id="a"/></defs><rect fill="url(#a)"/><use href="#a"/>'
    content = examine(some_file(tmp_path / "a.svg", drawing(plain, '<?xml version="1.0"?>\n<!-- x -->', attributes)))
    assert (content.media.width, content.media.height) == size


def test_what_is_there_already_is_not_added_again(library: Library, tmp_path: Path) -> None:
    file = sound(tmp_path / "a.wav")
    first = import_media(library, file, name="Theme").asset
    again = import_media(library, file.rename(tmp_path / "b.wav"))
    assert again.duplicate
    assert again.asset == first
    assert again.sentence == "b.wav is the same as “Theme”, which is in the library already."
    library.bin([first.id])
    back = import_media(library, tmp_path / "b.wav")
    assert back.asset.id == first.id
    assert not back.asset.binned
    assert "bin" in back.sentence
    first.path.unlink()
    returned = import_media(library, tmp_path / "b.wav")
    assert returned.asset.id == first.id
    assert returned.asset.path.read_bytes() == (tmp_path / "b.wav").read_bytes()
    assert library.search().total == 1


def test_an_asset_relinked_to_another_file_is_read_anew(library: Library, tmp_path: Path) -> None:
    asset = import_media(library, sound(tmp_path / "a.wav", 1.5)).asset
    asset.path.unlink()
    library.check_files()
    longer = sound(tmp_path / "longer.wav", 3.0, "flac", "flac")
    with pytest.raises(RequestError, match="is not the file"):
        relink_media(library, asset.id, longer)
    with pytest.raises(RequestError, match="cannot be a recording"):
        relink_media(library, asset.id, picture(tmp_path / "a.png"), other_content=True)
    with pytest.raises(UnreadableMedia):
        relink_media(library, asset.id, some_file(tmp_path / "noise.wav", b"no sound" * 99), other_content=True)
    assert library.get(asset.id).missing
    changed = relink_media(library, asset.id, longer, other_content=True)
    assert changed.duration == pytest.approx(3.0, abs=0.05)
    assert (changed.size, changed.format, changed.missing) == (longer.stat().st_size, "flac", False)
    assert changed.path.suffix == ".flac"
