"""Content Credentials: signed here, read anywhere, and worth nothing once the file was changed."""

import io
import json
from pathlib import Path

import av
import numpy as np
import pytest

from audiostudio import credentials
from audiostudio.credentials import Credentials, Origin, Source
from audiostudio.errors import EncodingFailed, MissingMedia
from audiostudio.rights import Rights
from audiostudio.sound.files import SoundWriter, read_sound
from audiostudio.sound.media import read_tags
from audiostudio.sound.tags import Broadcast, Chapter, Cover, Tags

CONSENT = {"whose": "own", "person": "Ana Čolić", "date": "2026-11-21", "scope": "my videos"}
VOICE = Source("xtts", "2", "Ana", "cloned", CONSENT)
ORIGIN = Origin("Intro", Rights("CPML", False, "XTTS by Coqui"), (VOICE,), only_synthetic=True)


def sound(path: Path, **how: object) -> Path:
    time = np.arange(24_000) / 48_000
    tone = (0.2 * np.sin(2 * np.pi * 220 * time)).astype(np.float32)
    with SoundWriter(path, 48_000, 1, path.suffix[1:], **how) as writer:  # type: ignore[arg-type]
        writer.write(tone)
    return path


@pytest.fixture
def ours(tmp_path: Path) -> Credentials:
    return Credentials(tmp_path / "profile")


@pytest.mark.parametrize("suffix", ["wav", "flac", "mp3", "m4a"])
def test_what_is_signed_says_where_it_is_from(ours: Credentials, tmp_path: Path, suffix: str) -> None:
    path = sound(tmp_path / f"Intro.{suffix}", title="Intro")
    before = read_sound(path)
    ours.sign(path, suffix, ORIGIN)
    found = ours.read(path)
    assert (found.state, found.signer, found.problems) == ("valid", "this", ())
    assert found.title == "Intro"
    assert found.generator.startswith("Audio Studio ")
    assert found.actions == ({"action": "c2pa.created", "kind": "trainedAlgorithmicMedia"},)
    assert found.sources == (VOICE.to_json(),)
    assert Rights.of_notice(found.rights) == ORIGIN.rights
    after = read_sound(path)
    assert after.sample_rate == before.sample_rate
    np.testing.assert_array_equal(after.samples, before.samples)
    assert read_tags(path)["title"] == "Intro"
    assert [one.name for one in tmp_path.iterdir() if one.suffix == path.suffix] == [path.name]


def test_another_studio_sees_that_it_is_unchanged_and_not_its_own(ours: Credentials, tmp_path: Path) -> None:
    path = sound(tmp_path / "Intro.wav")
    ours.sign(path, "wav", ORIGIN)
    found = Credentials(tmp_path / "elsewhere").read(path)
    assert (found.state, found.signer, found.problems) == ("valid", "other", ())
    again = Credentials(tmp_path / "profile")
    assert again.read(path).signer == "this"
    other = sound(tmp_path / "Other.wav")
    again.sign(other, "wav", ORIGIN)
    assert ours.read(other).signer == "this"


@pytest.mark.parametrize("suffix", ["wav", "mp3", "m4a", "flac"])
def test_a_changed_sound_is_noticed(ours: Credentials, tmp_path: Path, suffix: str) -> None:
    path = sound(tmp_path / f"Intro.{suffix}")
    ours.sign(path, suffix, ORIGIN)
    data = bytearray(path.read_bytes())
    place = _sound_bytes(path, data)
    data[place] ^= 0x10
    path.write_bytes(data)
    found = ours.read(path)
    assert found.state == "invalid"
    assert any("ash.mismatch" in problem for problem in found.problems)


def _sound_bytes(path: Path, data: bytes) -> int:
    """Somewhere in the sound itself."""
    with av.open(str(path)) as container:
        packets = [packet for packet in container.demux(container.streams.audio[0]) if packet.size]
        content = bytes(packets[len(packets) // 2])
    return data.index(content) + len(content) // 2


def test_a_changed_claim_is_noticed(ours: Credentials, tmp_path: Path) -> None:
    path = sound(tmp_path / "Intro.wav")
    ours.sign(path, "wav", ORIGIN)
    data = path.read_bytes()
    assert data.count(b"my videos") == 1
    path.write_bytes(data.replace(b"my videos", b"anything!"))
    assert ours.read(path).state == "invalid"


def test_what_was_stripped_is_gone(ours: Credentials, tmp_path: Path) -> None:
    path = sound(tmp_path / "Intro.wav")
    ours.sign(path, "wav", ORIGIN)
    again = tmp_path / "again.wav"
    with SoundWriter(again, 48_000) as writer:
        writer.write(read_sound(path).samples)
    assert ours.read(again).state == "none"


def test_tags_cover_chapters_and_clock_stay(ours: Credentials, tmp_path: Path) -> None:
    picture = Cover(_png(), "png", 8, 8)
    tags = Tags("Book", "Ana", cover=picture, chapters=(Chapter(0, 9_000, "One"), Chapter(9_000, 24_000, "Two")))
    for suffix in ("mp3", "m4a", "flac"):
        path = sound(tmp_path / f"Book.{suffix}", tags=tags)
        before = _told(path)
        ours.sign(path, suffix, ORIGIN)
        assert _told(path) == before
        assert ours.read(path).state == "valid"
    clocked = sound(tmp_path / "Stem.wav", broadcast=Broadcast(123_456, "Stem"))
    ours.sign(clocked, "wav", ORIGIN)
    assert read_tags(clocked)["time_reference"] == "123456"


def _told(path: Path) -> object:
    with av.open(str(path)) as container:
        chapters = [(one["start"], one["end"], one["metadata"]) for one in container.chapters()]
        pictures = [bytes(packet) for stream in container.streams.video for packet in container.demux(stream)]
        return dict(container.metadata), chapters, pictures


def _png() -> bytes:
    frame = av.VideoFrame.from_ndarray(np.zeros((8, 8, 3), np.uint8), "rgb24")
    held = io.BytesIO()
    with av.open(held, "w", format="image2pipe") as out:
        stream = out.add_stream("png", rate=1)
        assert isinstance(stream, av.VideoStream)
        stream.width = stream.height = 8
        stream.pix_fmt = "rgb24"
        out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return held.getvalue()


def test_what_cannot_hold_them_stays_as_it_was(
    ours: Credentials, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path, suffix in ((sound(tmp_path / "a.ogg"), "ogg"), (tmp_path / "b.wav", "wav")):
        if suffix == "wav":
            path.write_bytes(b"MZ\x90 an executable that is called a sound" * 40)
        before = path.read_bytes()
        with pytest.raises(EncodingFailed, match="Content Credentials"):
            ours.sign(path, suffix, ORIGIN)
        assert path.read_bytes() == before
        assert ours.read(path).state in ("none", "unreadable")
    monkeypatch.setattr(credentials, "LARGEST", 1_000)
    large = sound(tmp_path / "c.wav")
    with pytest.raises(EncodingFailed, match="too large"):
        ours.sign(large, "wav", ORIGIN)
    with pytest.raises(MissingMedia):
        ours.read(tmp_path / "nowhere.wav")
    with (tmp_path / "huge.wav").open("wb") as file:
        file.truncate(credentials.LARGEST_READ + 1)
    assert ours.read(tmp_path / "huge.wav").problems == ("larger than 2.0 GB",)


def test_a_damaged_certificate_is_made_again(ours: Credentials, tmp_path: Path) -> None:
    path = sound(tmp_path / "Intro.wav")
    chain = tmp_path / "profile" / "credentials.pem"
    chain.parent.mkdir(exist_ok=True)
    chain.write_text("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
    ours.sign(path, "wav", ORIGIN)
    assert ours.read(path).signer == "this"
    assert "PRIVATE" not in chain.read_text()


@pytest.mark.parametrize(
    ("sources", "only", "kind"),
    [
        ((VOICE,), True, "trainedAlgorithmicMedia"),
        ((VOICE,), False, "compositeWithTrainedAlgorithmicMedia"),
        ((), False, "composite"),
    ],
)
def test_what_it_is_said_to_be(sources: tuple[Source, ...], only: bool, kind: str) -> None:
    manifest = json.dumps(Origin("x", Rights("MIT", True), sources, only).manifest())
    assert f'digitalsourcetype/{kind}"' in manifest
