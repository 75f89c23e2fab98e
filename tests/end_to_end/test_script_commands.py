"""`script` and `batch` as a user types them, judged by the files that come of them."""

import json
import random
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from audiostudio.operations.dictionary import write_dictionary
from audiostudio.profile import Profile
from audiostudio.sound.files import probe, read_sound
from audiostudio.timeline import edits
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import Pronunciation, VoiceChoice
from tests.conftest import Whisper, word_errors
from tests.end_to_end.conftest import Here, Said, environment
from tests.subtitles import parse_captions

Studio = Callable[..., Said]
WORDS = ("amber", "breeze", "candle", "dune", "ember", "forest", "garden", "harbour", "island", "jungle", "lantern")


def sentences(count: int) -> list[str]:
    return [f"{' '.join(random.choices(WORDS, k=5))} {number}.".capitalize() for number in range(count)]


@pytest.mark.long
@pytest.mark.models
def test_a_dialogue_is_cast_and_rendered_with_captions(here: Here, tmp_path: Path, whisper: Whisper) -> None:
    text = "ANNA: The train to Boston leaves from platform nine.\n\nBEN: Please send the signed papers by Friday.\n"
    (tmp_path / "talk.txt").write_text(text, encoding="utf-8")
    cast = here("script", "cast", "talk.txt", "ANNA=hibari_heart", "BEN=am_adam", "--json")
    assert (cast.code, cast.json["uncast"]) == (0, [])
    assert json.loads((tmp_path / "talk.txt.cast.json").read_text(encoding="utf-8")) == cast.json["cast"]
    said = here("script", "render", "talk.txt", "-o", "talk.wav", "--captions", "srt", "--json")
    assert said.code == 0, said.err
    assert said.json["made"] == 2
    spoken = "The train to Boston leaves from platform nine. Please send the signed papers by Friday."
    assert word_errors(spoken, whisper(tmp_path / "talk.wav")) <= 0.1
    cues = parse_captions((tmp_path / "talk.srt").read_text(encoding="utf-8"))
    shown = " ".join(" ".join(cue.lines) for cue in cues)
    assert shown == spoken.replace("The train", "ANNA: The train").replace("Please", "BEN: Please")
    assert here("script", "render", "talk.txt", "-o", "talk.wav", "--json").json["made"] == 0
    other = here("script", "cast", "talk.txt", "BEN=tone")
    assert "BEN" in other.out
    again = here("script", "render", "talk.txt", "-o", "talk.wav", "--json")
    assert (again.json["made"], again.json["takes"]) == (1, 2)


@pytest.mark.long
@pytest.mark.models
def test_a_project_is_cast_and_rendered_and_gets_its_takes(here: Here, tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path, "Film", voice=VoiceChoice("hibari_heart")) as session:
        session.edit("Paste", lambda p: edits.set_text(p, "One amber garden.\n\nTwo candles burn."))
        first = session.project.script.lines[0].id
        session.edit("Speaker", lambda p: edits.set_speaker(p, first, "EMMA"))
    said = here("script", "cast", "Film", "EMMA=tone", "--json")
    assert said.json == {
        "file": str(tmp_path / "Film"), "cast": {"EMMA": "tone"}, "speakers": ["EMMA"], "uncast": [],
    }  # fmt: skip
    rendered = here("script", "render", "Film", "-o", "film.flac", "--json")
    assert (rendered.code, rendered.json["made"]) == (0, 2), rendered.err
    project = ProjectFile.read(tmp_path / "Film")
    takes = project.current_takes()
    assert len(takes) == 2
    length = sum(take.seconds for take in takes.values()) + 0.35
    assert probe(tmp_path / "film.flac").duration == pytest.approx(length, abs=0.001)
    again = here("script", "render", "Film/project.json", "-o", "film.flac", "--json")
    assert again.json["made"] == 0
    assert ProjectFile.read(tmp_path / "Film").takes == project.takes
    back = here("script", "cast", "Film", "EMMA=", "--json")
    assert back.json["cast"] == {}


@pytest.mark.long
def test_a_project_that_is_open_elsewhere_is_rendered_and_not_changed(studio: Studio, tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path, "Film", voice=VoiceChoice("tone")) as session:
        session.edit("Paste", lambda p: edits.set_text(p, "One amber garden."))
        session.flush()
        rendered = studio("script", "render", "Film", "-o", "film.wav", "--json")
        assert rendered.code == 0, rendered.err
        assert studio("script", "cast", "Film", "EMMA=tone").code == 4
        assert session.project.takes == ()
    assert ProjectFile.read(tmp_path / "Film").cast.roles == ()


def takes_in(profile: Profile) -> dict[str, int]:
    """Finished takes and when they were made."""
    return {path.name: path.stat().st_mtime_ns for path in (profile.library / "media").glob("*.wav")}


@pytest.mark.long
def test_a_render_that_was_killed_goes_on_and_makes_no_line_twice(
    studio: Studio, speaking_profile: Profile, tmp_path: Path
) -> None:
    texts = sentences(120)
    (tmp_path / "book.txt").write_text("\n\n".join(texts), encoding="utf-8")
    command = [
        sys.executable, "-m", "audiostudio", "--profile", str(speaking_profile.root), "script", "render", "book.txt",
        "-o", "book.wav", "--voice", "tone",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=tmp_path, env=environment(), stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 120
    try:
        while len(takes_in(speaking_profile)) < 15:
            assert process.poll() is None
            assert time.monotonic() < deadline
            threading.Event().wait(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    before: dict[str, int] = {}
    while before != (before := takes_in(speaking_profile)):  # its worker ends a moment later
        assert time.monotonic() < deadline
        threading.Event().wait(0.5)
    assert not (tmp_path / "book.wav").exists()
    done = studio("script", "render", "book.txt", "-o", "book.wav", "--voice", "tone", "--json")
    assert done.code == 0, done.err
    after = takes_in(speaking_profile)
    assert done.json["takes"] == 120
    assert 0 < done.json["made"] <= 120 - len(before)
    assert len(after) == 121  # with the voiceover
    assert before.items() <= after.items()
    assert probe(tmp_path / "book.wav").duration == pytest.approx(done.json["seconds"], abs=0.001)


@pytest.mark.long
def test_every_format_is_read(here: Here, tmp_path: Path) -> None:
    (tmp_path / "a.srt").write_text("1\n00:00:01,000 --> 00:00:03,000\nAmber <i>garden</i>.\n", encoding="utf-8")
    (tmp_path / "b.csv").write_bytes("text;voice\nAmber gärden.;tone\n".encode("cp1252"))
    document = (
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        "<w:t>Amber garden.</w:t></w:r></w:p></w:body></w:document>"
    )
    with zipfile.ZipFile(tmp_path / "c.docx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
    for name in ("a.srt", "b.csv", "c.docx"):
        said = here("speak", name, "-o", f"{name}.wav", "--voice", "tone")
        assert said.code == 0, said.err
    assert read_sound(tmp_path / "a.srt.wav").samples.shape == read_sound(tmp_path / "c.docx.wav").samples.shape
    rendered = here("script", "render", "a.srt", "-o", "slot.wav", "--voice", "tone")
    assert rendered.code == 0, rendered.err
    sound = read_sound(tmp_path / "slot.wav").samples[0]
    assert np.flatnonzero(np.abs(sound) > 1e-3)[0] == pytest.approx(48_000, abs=500)


@pytest.mark.long
def test_words_of_the_global_dictionary_are_said_everywhere(
    here: Here, speaking_profile: Profile, tmp_path: Path
) -> None:
    (tmp_path / "one.txt").write_text("Amber GIF garden.", encoding="utf-8")
    (tmp_path / "two.txt").write_text("Amber elephants garden.", encoding="utf-8")
    write_dictionary(speaking_profile, [Pronunciation("GIF", "elephants")])
    for words in (["speak", "{}.txt"], ["script", "render", "{}.txt"]):
        for name in ("one", "two"):
            said = here(*(word.format(name) for word in words), "-o", f"{name}.wav", "--voice", "tone")
            assert said.code == 0, said.err
        assert np.array_equal(read_sound(tmp_path / "one.wav").samples, read_sound(tmp_path / "two.wav").samples)
    batched = here("batch", "one.txt", "-o", "out", "--voice", "tone", "--json")
    assert probe(Path(batched.json["files"][0])).duration == probe(tmp_path / "two.wav").duration


def test_a_batch_makes_what_the_table_says_and_goes_on_where_it_was(here: Here, tmp_path: Path) -> None:
    rows = ["text,voice,filename,speed", '"Amber, garden.",tone,one.mp3,', "Dune.,tone,,0.5", "Island.,nobody,three,"]
    (tmp_path / "lines.csv").write_text("\n".join(rows), encoding="utf-8")
    said = here("batch", "lines.csv", "-o", "out", "--json")
    assert said.code == 1
    assert [(line["file"], line["state"]) for line in said.json["lines"]] == [
        ("one.mp3", "made"), ("002 Dune.wav", "made"), (None, "failed"),
    ]  # fmt: skip
    assert probe(tmp_path / "out" / "one.mp3").duration
    (tmp_path / "lines.csv").write_text("\n".join([*rows[:3], "Island.,tone,One.mp3,"]), encoding="utf-8")
    again = here("batch", "lines.csv", "-o", "out", "--json")
    assert again.code == 0
    assert [line["state"] for line in again.json["lines"]] == ["kept", "kept", "made"]
    assert again.json["lines"][2]["file"] == "One (2).mp3"


def test_a_batch_speaks_with_the_cast_of_a_project(here: Here, tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path, "Film", voice=VoiceChoice("tone")) as session:
        session.edit("Cast", lambda p: edits.set_role(p, "Anna", VoiceChoice("tone", speed=0.5)))
    (tmp_path / "lines.csv").write_text("text,speaker\nAmber garden gate.,ANNA\nAmber garden gate.,Ben\n", "utf-8")
    said = here("batch", "lines.csv", "-o", "out", "--project", "Film", "--json")
    assert said.code == 0, said.err
    assert said.err.startswith("No voice yet: Ben; spoken by tone.")
    slow, quick = (line["seconds"] for line in said.json["lines"])
    assert slow == pytest.approx(2 * quick, rel=0.1)


def test_subtitles_become_one_timeline(here: Here, tmp_path: Path) -> None:
    cues = [
        "00:00:01,000 --> 00:00:02,200\nSeven little boats are sailing tonight.",
        "00:00:05,000 --> 00:00:08,000\nA small island in the sun.",
    ]
    (tmp_path / "film.srt").write_text("\n\n".join(f"{n}\n{cue}" for n, cue in enumerate(cues, 1)), encoding="utf-8")
    said = here("batch", "film.srt", "-o", ".", "--voice", "tone", "--one-timeline", "--captions", "srt", "--json")
    assert said.code == 0, said.err
    first, second = said.json["lines"]
    assert first["factor"] > 1
    assert first["seconds"] <= 1.2
    assert second["factor"] == 1.0
    assert [Path(file).name for file in said.json["files"]] == ["film (2).wav"]
    assert "Seven little boats are sailing tonight." in (tmp_path / "film.srt").read_text(encoding="utf-8")
    cues_made = parse_captions((tmp_path / "film (2).srt").read_text(encoding="utf-8"))
    assert [round(cue.start_seconds) for cue in cues_made] == [1, 5]


@pytest.mark.long
def test_ctrl_c_leaves_no_half_file_and_what_was_finished_stays(
    studio: Studio, speaking_profile: Profile, tmp_path: Path
) -> None:
    rows = ["text,filename", *(f"{text},f{number}" for number, text in enumerate(sentences(400)))]
    (tmp_path / "many.csv").write_text("\n".join(rows), encoding="utf-8")
    command = [
        sys.executable, "-m", "audiostudio", "--profile", str(speaking_profile.root), "batch", "many.csv", "-o", "out",
        "--voice", "tone",
    ]  # fmt: skip
    process = subprocess.Popen(
        command, cwd=tmp_path, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    out = tmp_path / "out"
    deadline = time.monotonic() + 120
    while not out.is_dir() or len(list(out.glob("f*.wav"))) < 5:
        assert process.poll() is None
        assert time.monotonic() < deadline
        threading.Event().wait(0.02)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert b"Nothing half-written" in error
    files = list(out.glob("f*.wav"))
    assert len(files) < 400
    assert not list(out.glob("*.part*"))
    assert not list(out.glob(".*.part*"))
    assert all(probe(path).duration for path in files)


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["script", "render", "gone.txt", "-o", "x.wav"], 3, "gone.txt"),
        (["script", "render", "Empty", "-o", "x.wav"], 4, "There is no project"),
        (["script", "render", "blank.txt", "-o", "x.wav"], 2, "nothing to speak"),
        (["script", "render", "fake.docx", "-o", "x.wav"], 3, "fake.docx"),
        (["script", "render", "one.txt", "-o", "x.wav", "--voice", "nobody"], 2, "nobody"),
        (["script", "render", "one.txt", "-o", "x.wav", "--lang", "klingon"], 2, "klingon"),
        (["script", "render", "bad voice.csv", "-o", "x.wav"], 2, "Line 4: There is no voice “bob”"),
        (["script", "cast", "one.txt", "EMMA"], 2, "casts nobody"),
        (["script", "cast", "one.txt", "EMMA=nobody"], 2, "nobody"),
        (["script", "render", "broken.txt", "-o", "x.wav"], 3, "broken.txt.cast.json"),
        (["batch", "gone.csv", "-o", "out"], 3, "gone.csv"),
        (["batch", "no text.csv", "-o", "out"], 3, "no column “text”"),
        (["batch", "one.txt", "-o", "one.txt"], 2, "is a file"),
        (["batch", "Empty", "-o", "out"], 2, "is a project"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_in_a_sentence(
    here: Here, tmp_path: Path, words: list[str], code: int, sentence: str
) -> None:
    (tmp_path / "Empty").mkdir()
    (tmp_path / "blank.txt").write_text("\n \n", encoding="utf-8")
    (tmp_path / "fake.docx").write_bytes(b"no document")
    (tmp_path / "one.txt").write_text("Amber.", encoding="utf-8")
    (tmp_path / "broken.txt").write_text("Amber.", encoding="utf-8")
    (tmp_path / "broken.txt.cast.json").write_text("{", encoding="utf-8")
    (tmp_path / "bad voice.csv").write_text("text,voice\nOne.,tone\n\nTwo.,bob\n", encoding="utf-8")
    (tmp_path / "no text.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    said = here(*words)
    assert said.code == code, said.err
    assert sentence in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "x.wav").exists()
