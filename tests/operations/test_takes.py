"""Recordings and files as takes: nothing that was said is lost."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from audiostudio.errors import MissingMedia, UnreadableMedia
from audiostudio.jobs import JsonObject, Partial
from audiostudio.operations import script
from audiostudio.operations.studio import Studio
from audiostudio.operations.takes import RecordingWriter, keep, left_recordings
from audiostudio.profile import Profile
from audiostudio.sound.files import Sound, read_sound, write_sound
from audiostudio.timeline import edits
from audiostudio.timeline.project import TakeSource, new_project
from tests.conftest import ROOT

ABOUT = {"project": "p1", "line": "l1", "text": "Hello world", "name": "Film"}


def run(studio: Studio, asked: JsonObject) -> tuple[JsonObject, Partial]:
    events, partials = keep(studio, asked), []
    while True:
        try:
            event = next(events)
        except StopIteration as end:
            return end.value, partials[0]
        if isinstance(event, Partial):
            partials.append(event)


def hum(seconds: float, rate: int) -> np.ndarray:
    return (0.4 * np.sin(2 * np.pi * 220 * np.arange(round(seconds * rate)) / rate)).astype(np.float32)


def test_what_the_microphone_gave_becomes_a_take_at_48_khz(studio: Studio) -> None:
    sound = hum(1.5, 44_100)
    with RecordingWriter(studio, 44_100, ABOUT) as writer:
        for start in range(0, len(sound), 1000):
            writer.write(sound[start : start + 1000])
    result, take = run(studio, {"recording": str(writer.path)})
    assert take.data["source"] == "recorded"
    asset = studio.library.get(result["asset"])
    kept = read_sound(asset.path)
    assert (kept.sample_rate, kept.samples.shape) == (48_000, (1, 72_000))
    assert np.sqrt(np.mean(kept.samples[0, 4800:-4800] ** 2)) == pytest.approx(0.4 / 2**0.5, rel=0.01)
    assert asset.rights.licence == "yours"
    assert [one.asset.id for one in studio.library.takes("p1", "l1")] == [asset.id]
    assert list(studio.library.workshop.iterdir()) == []
    assert left_recordings(studio) == []


def test_the_take_is_current_in_the_project_whatever_the_voice(studio: Studio) -> None:
    project = edits.set_text(new_project("Film"), "Hello world")
    line = project.script.lines[0]
    with RecordingWriter(studio, 48_000, ABOUT | {"line": line.id}) as writer:
        writer.write(np.stack([hum(1.0, 48_000), hum(1.0, 48_000)]))
    _, partial = run(studio, {"recording": str(writer.path)})
    take = script.made_take(partial.data, project.voice_of(line))
    assert (take.source, take.samples) == (TakeSource.RECORDED, 48_000)
    project = edits.add_take(project, take)
    asked = script.request(edits.set_line_voice(project, line.id, project.voice), None)
    assert asked["lines"][0]["take"] == take.asset.id


def test_silence_around_the_sound_is_cut_off_when_asked(studio: Studio) -> None:
    quiet = np.full(48_000 * 2, 1e-4, np.float32)
    with RecordingWriter(studio, 48_000, ABOUT) as writer:
        for part in (quiet, hum(0.5, 48_000), quiet, hum(0.5, 48_000), quiet):
            writer.write(part)
    result, _ = run(studio, {"recording": str(writer.path), "trim": True})
    assert result["seconds"] == pytest.approx(0.5 + 2 + 0.5 + 2 * 0.05, abs=0.01)


def test_a_file_becomes_a_take_and_stays_where_it_is(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "mine.mp3"
    write_sound(path, Sound(np.stack([hum(1.0, 44_100)] * 2), 44_100), "mp3")
    result, take = run(studio, {"file": str(path)} | ABOUT)
    assert take.data["source"] == "imported"
    assert read_sound(studio.library.get(result["asset"]).path).samples.shape[0] == 1
    assert result["seconds"] == pytest.approx(1.0, abs=0.01)
    assert path.exists()


def test_what_is_no_sound_is_refused_and_nothing_is_left(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "text.wav").write_bytes(b"no sound at all")
    with pytest.raises(UnreadableMedia):
        run(studio, {"file": str(tmp_path / "text.wav")} | ABOUT)
    with pytest.raises(MissingMedia):
        run(studio, {"file": str(tmp_path / "gone.wav")} | ABOUT)
    with RecordingWriter(studio, 48_000, ABOUT) as writer:
        writer.write(np.zeros(48_000, np.float32))
    with pytest.raises(UnreadableMedia, match="nothing to hear"):
        run(studio, {"recording": str(writer.path), "trim": True})
    assert list(studio.library.workshop.iterdir()) == []
    assert [one.path for one in left_recordings(studio)] == [writer.path]
    writer.discard()
    assert left_recordings(studio) == []


CRASHING = """
import sys
import numpy as np
from pathlib import Path
from audiostudio.operations.studio import Studio
from audiostudio.operations.takes import RecordingWriter
from audiostudio.profile import Profile
writer = RecordingWriter(Studio(Profile(Path(sys.argv[1]))), 48000, {"project": "p1", "line": "l1", "text": "Hello"})
for _ in range(30):
    writer.write(np.full(4800, 0.25, np.float32))
print("written", flush=True)
sys.stdin.read()
"""


@pytest.mark.long
def test_what_was_said_until_a_crash_is_there_after_it(studio: Studio, profile: Profile) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", CRASHING, str(profile.root)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    try:
        assert process.stdout.readline() == b"written\n"
        assert left_recordings(studio) == []
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdin.close()
        process.stdout.close()
    (left,) = left_recordings(studio)
    assert left.about["line"] == "l1"
    with left.path.open("ab") as file:
        file.write(b"\1\2")
    result, _ = run(studio, {"recording": str(left.path), "name": "Film"})
    assert result["seconds"] == 3.0
    assert left_recordings(studio) == []
