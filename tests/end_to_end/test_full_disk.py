"""A small disk that fills up while the window's own operations write to it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from audiostudio.errors import DiskFull
from audiostudio.jobs import Job, JsonObject
from audiostudio.jobs.runner import Runner
from audiostudio.jobs.store import MemoryStore
from audiostudio.operations import OPERATIONS
from audiostudio.operations.studio import Studio, worker_command
from audiostudio.profile import Profile

pytestmark = pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0 or shutil.which("mount") is None,
    reason="only root can mount a small disk",
)
LINE = "The old house stood at the end of a long and winding road, and nobody had lived there for years."


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode != 0:
        pytest.skip("this container may not mount")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def request(count: int) -> JsonObject:
    lines = [
        {"line": f"l{n}", "text": f"{n}. {LINE}", "voice": "hibari_heart", "speed": 1.0, "pitch": 0.0}
        for n in range(count)
    ]
    return {"name": "House", "lines": lines}


def test_a_voiceover_that_does_not_fit_keeps_what_was_made(disk: Path, speaking_profile: Profile) -> None:
    profile = Profile(disk / "profile")
    profile.root.mkdir()
    profile.models.symlink_to(speaking_profile.models)
    studio = Studio(profile)
    with Runner(OPERATIONS, lambda: studio, worker_command(profile), MemoryStore()) as runner:
        first = runner.submit(Job("speech.generate", request(1), "")).result()
        with pytest.raises(DiskFull):
            runner.submit(Job("speech.generate", request(40), "")).result()
        output = disk / "out.wav"
        output.write_bytes(b"before")
        (disk / "filler").write_bytes(bytes(max(0, shutil.disk_usage(disk).free - 100_000)))
        export = {"asset": first["asset"], "output": str(output), "format": "wav", "captions": ["srt"]}
        with pytest.raises(DiskFull):
            runner.submit(Job("speech.export", export, "")).result()
    assert output.read_bytes() == b"before"
    library = studio.library
    assets = library.search().assets
    assert first["asset"] in [asset.id for asset in assets]
    assert not library.check_files().missing
    assert not list(library.workshop.iterdir())
    assert not list(disk.glob(".*.part.*"))
    library.verify()
    studio.close()
