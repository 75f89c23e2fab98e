"""What a user of the terminal asks for, judged by the files and words that come out."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audiostudio.profile import Profile
from audiostudio.sound.files import probe, read_sound
from tests.conftest import Whisper, word_errors
from tests.end_to_end.conftest import ROOT, Here, Said, environment
from tests.subtitles import parse_captions

Studio = Callable[..., Said]

SENTENCES = (
    "The train to Boston leaves from platform nine every morning.",
    "My grandmother keeps her recipes in a small green box.",
    "Nobody expected the museum to open again before the summer.",
    "Please send the signed papers to the office by Friday.",
    "A cold wind blew across the empty market square.",
    "He bought three apples, two pears and a loaf of bread.",
)


@pytest.mark.long
@pytest.mark.models
def test_a_script_becomes_a_voiceover_that_can_be_understood(studio: Studio, tmp_path: Path, whisper: Whisper) -> None:
    text = " ".join(random.sample(SENTENCES, 2))
    (tmp_path / "script.md").write_text(f"# Hello again\n\n{text}\n", encoding="utf-8")
    said = studio("speak", "script.md", "-o", "intro.wav", "--captions", "srt,vtt", "--json")
    assert said.code == 0, said.err
    info = probe(tmp_path / "intro.wav")
    assert (info.sample_rate, info.channels) == (48_000, 1)
    assert info.duration == pytest.approx(said.json["seconds"], abs=1e-4)
    assert word_errors(f"Hello again. {text}", whisper(tmp_path / "intro.wav")) <= 0.05
    cues = parse_captions((tmp_path / "intro.srt").read_text(encoding="utf-8"))
    assert " ".join(" ".join(cue.lines) for cue in cues) == f"Hello again {text}"
    assert cues[-1].end_seconds <= said.json["seconds"] + 0.001


@pytest.mark.long
def test_standard_input_and_every_format(studio: Studio, here: Here, tmp_path: Path) -> None:
    said = studio("speak", "-", "-o", "out.wav", "--voice", "tone", text="One two three.")
    assert said.code == 0, said.err
    seconds = read_sound(tmp_path / "out.wav").duration
    assert seconds > 0.3
    for container in ("flac", "mp3", "m4a", "opus"):
        said = here("speak", "One two three.", "-o", f"out.{container}", "--voice", "tone")
        assert said.code == 0, said.err
        assert read_sound(tmp_path / f"out.{container}").duration == pytest.approx(seconds, abs=0.06)


@pytest.mark.long
def test_exact_pause_in_the_file(here: Here, tmp_path: Path) -> None:
    seconds = random.choice((0.5, 1.25, 2.0))
    for name, pause in (("short", 0.25), ("long", 0.25 + seconds)):
        here("speak", f"One. [pause {pause}s] Two.", "-o", f"{name}.wav", "--voice", "tone")
    lengths = [read_sound(tmp_path / f"{name}.wav").samples.shape[1] for name in ("short", "long")]
    assert lengths[1] - lengths[0] == round(seconds * 48_000)


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("speak", "", "-o", "x.wav"), 2, "nothing to speak"),
        (("speak", "🙂🙂", "-o", "x.wav"), 2, "spoken"),
        (("speak", "Hi.", "-o", "x.wav", "--voice", "af_hart"), 2, "af_heart"),
        (("speak", "Hi.", "-o", "x.wav", "--speed", "9"), 2, "speed"),
        (("speak", "Hi.", "-o", "x.wav", "--lang", "tlh"), 2, "tlh"),
        (("speak", "Hi.", "-o", "x.exe"), 2, ".exe"),
        (("speak", "Hi.", "-o", "x.mp3", "--format", "wav"), 2, "--format"),
        (("speak", "Hi.", "-o", "x.wav", "--captions", "doc"), 2, "doc"),
        (("speak", "missing.md", "-o", "x.wav"), 3, "missing.md"),
        (("library", "show", "nothing"), 4, "nothing"),
        (("library", "import", "missing.wav"), 3, "missing.wav"),
        (("models", "verify", "nothing"), 2, "nothing"),
    ],
)
def test_what_cannot_be_done_is_said(
    here: Here, tmp_path: Path, words: tuple[str, ...], code: int, sentence: str
) -> None:
    said = here(*words)
    assert (said.code, said.out) == (code, "") if "import" not in words else said.code == code
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert list(tmp_path.glob("*x.*")) == []


def test_unknown_markup_is_told_and_not_spoken(here: Here) -> None:
    said = here("speak", "One [shout] two.", "-o", "x.wav", "--voice", "tone", "--json")
    assert said.code == 0
    assert "[shout]" in said.err
    assert said.json["notices"]


@pytest.mark.long
def test_interrupting_leaves_no_half_file(speaking_profile: Profile, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("\n\n".join(SENTENCES * 40), encoding="utf-8")
    command = [sys.executable, "-m", "audiostudio", "--profile", str(speaking_profile.root)]
    command += ["speak", "long.txt", "-o", "out/x.wav", "--captions", "srt", "--voice", "hibari_heart"]
    process, terminal = _in_terminal(command, tmp_path)
    shown = b""
    while not any((tmp_path / "out").glob("*")):  # it shows percents before it writes
        shown += os.read(terminal, 4096)
    assert b"%" in shown
    process.send_signal(signal.SIGINT)
    with contextlib.suppress(OSError):  # how a pseudo-terminal says that its other end is closed
        while piece := os.read(terminal, 4096):
            shown += piece
    os.close(terminal)
    assert process.wait(60) == 130
    assert b"Cancelled" in shown
    assert list((tmp_path / "out").iterdir()) == []


def _in_terminal(command: list[str], folder: Path) -> "tuple[subprocess.Popen[bytes], int]":
    """Start `command` in a pseudo-terminal; the process and the terminal's other end."""
    master, slave = os.openpty()
    process = subprocess.Popen(command, cwd=folder, env=environment(), stdin=slave, stdout=slave, stderr=slave)
    os.close(slave)
    return process, master


@pytest.mark.long
def test_library_from_import_to_bin(studio: Studio, here: Here, tmp_path: Path) -> None:
    here("speak", "A sound for the library.", "-o", "river.wav", "--voice", "tone")
    (tmp_path / "fake.mp3").write_bytes(b"\x89PNG\r\n" + b"x" * 5000)
    imported = studio("library", "import", "river.wav", "fake.mp3", "--json")
    assert imported.code == 3
    assert len(imported.json["assets"]) == len(imported.json["refused"]) == 1
    asset = imported.json["assets"][0]
    again = here("library", "import", "river.wav", "--json")
    assert (again.code, again.json["known"]) == (0, [asset])
    assert here("library", "rename", asset[:10], "Grüße vom Fluss").code == 0
    assert here("library", "tag", asset, "nature", "water").code == 0
    found = here("library", "list", "grüße", "--tag", "water", "--json").json["assets"]
    assert [one["name"] for one in found] == ["Grüße vom Fluss"]
    assert np.array_equal(read_sound(Path(found[0]["path"])).samples, read_sound(tmp_path / "river.wav").samples)
    assert here("library", "backup", "all.zip").code == 0
    assert here("library", "delete", asset).code == 0
    assert here("library", "list", "--json").json["total"] == 0
    assert here("library", "bin", "--json").json["total"] == 1
    assert here("library", "empty-bin").code == 2
    assert here("library", "empty-bin", "--yes").code == 0
    assert not Path(found[0]["path"]).exists()
    assert here("library", "bring-back", "all.zip").code == 0
    assert here("library", "list", "--json").json["total"] == 1


def test_a_missing_model_names_the_command_that_fetches_it(here: Here, tmp_path: Path) -> None:
    said = here("speak", "Hi.", "-o", "x.wav", profile=Profile(tmp_path / "empty"))
    assert said.code == 5
    assert "audiostudio models pull" in said.err


def test_a_damaged_model_is_found(speaking_profile: Profile, models_dir: Path, here: Here) -> None:
    speaking_profile.models.unlink()
    shutil.copytree(models_dir / "kokoro-voices", speaking_profile.models / "kokoro-voices")
    voice = speaking_profile.models / "kokoro-voices" / "af_heart.bin"
    data = bytearray(voice.read_bytes())
    data[1000] ^= 1
    voice.unlink()
    voice.write_bytes(data)
    said = here("models", "verify", "kokoro-voices")
    assert said.code == 5
    assert "af_heart" in said.err


@pytest.mark.long
def test_doctor_and_version_tell_scripts_the_truth(studio: Studio) -> None:
    said = studio("doctor", "--json")
    found = {one["subject"]: one for one in said.json}
    assert said.code == 0, said.out
    assert found["Model kokoro"]["state"] == "ok"
    assert found["Screen"]["state"] == "note"
    assert all(one["sentence"] for one in said.json)
    versions = studio("--version", "--json").json
    assert versions["Python"].startswith("3.1")
    assert versions["FFmpeg"].startswith("libavutil")


def test_without_a_screen_the_window_names_the_demo(studio: Studio) -> None:
    said = studio()
    assert said.code == 1
    assert "./run demo" in said.err


@pytest.mark.long
@pytest.mark.models
def test_the_demo_can_be_understood(studio: Studio, tmp_path: Path, whisper: Whisper) -> None:
    said = studio("demo", "made", "--json")
    assert said.code == 0, said.err
    names = {Path(name).name for name in said.json["files"]}
    assert names == {path.name for path in (tmp_path / "made").iterdir()}
    script = (ROOT / "resources" / "demo" / "script.md").read_text(encoding="utf-8")
    spoken = script.replace("[pause 1.2s]", "").replace("# ", "").replace("5 km", "5 kilometers")
    spoken = spoken.replace("Dr.", "doctor").replace("$9.99", "nine dollars and ninety nine cents")
    spoken = spoken.replace("March 3rd, 2024", "March third, twenty twenty four")
    heard = " ".join(whisper(tmp_path / "made" / "Welcome.wav"))
    heard = heard.replace("March 3rd, 2024", "March third, twenty twenty four").replace("Dr.", "doctor")
    heard = heard.replace("$9.99", "nine dollars and ninety nine cents").replace("5 km", "5 kilometers")
    assert word_errors(spoken, heard) <= 0.03
