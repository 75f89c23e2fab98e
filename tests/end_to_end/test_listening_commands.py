"""`check` and `captions`, as a user runs them, on speech that the program made."""

import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pysubs2
import pytest

from audiostudio.script.captions import LINE_WIDTH
from audiostudio.sound.files import Sound, write_sound
from tests.end_to_end.conftest import Here, Said
from tests.subtitles import parse_captions

pytestmark = pytest.mark.models

TEXT = """The ferry leaves at seven in the morning, and it is never late.

If you miss it, wait for the next one; the café by the harbour opens early.
"""


@pytest.mark.long
def test_a_recording_is_checked_and_gets_captions_with_and_without_its_text(
    studio: Callable[..., Said], here: Here, tmp_path: Path
) -> None:
    (tmp_path / "said.txt").write_text(TEXT, encoding="utf-8")
    other = "ANNA: " + TEXT.replace("seven in the morning", "noon").replace("If you", "BOB (softly): If you")
    (tmp_path / "other.txt").write_text(other, encoding="utf-8")
    own = here("speak", "said.txt", "--voice", "hibari_heart", "-o", "x.wav", "--captions", "srt,vtt,lrc,ass", "--json")
    assert [Path(name).suffix for name in own.json["captions"]] == [".srt", ".vtt", ".lrc", ".ass"]
    good = studio("check", "x.wav", "--text", "said.txt", "--json")
    assert (good.code, good.json["good"], good.json["verdict"]) == (0, True, "good")
    assert good.json["check"]["word_errors"] <= 0.02
    wrong = here("check", "x.wav", "--text", "other.txt")
    assert wrong.code == 1
    assert re.search(r"line 1, character 27: “(seven|7) in the morning” instead of “noon”", wrong.out)
    assert re.search(r"Word errors: \d+\.\d%", wrong.out)
    assert not re.search("ANNA|BOB|softly", wrong.out)
    anything = here("check", "x.wav")
    assert anything.code == 0
    assert "ferry" in anything.out
    true = parse_captions((tmp_path / "x.srt").read_text(encoding="utf-8"))
    for kind in ("srt", "ass"):
        made = here("captions", "x.wav", "--text", "said.txt", "-o", f"y.{kind}", "--json")
        assert made.code == 0, made.err
        assert made.json["word_errors"] <= 0.05
        read = pysubs2.load(str(tmp_path / f"y.{kind}"))
        assert len(read) == made.json["captions"]
        assert " ".join(event.plaintext for event in read).split() == TEXT.split()
        assert all(len(text) <= LINE_WIDTH for event in read for text in event.plaintext.splitlines())
    found = parse_captions((tmp_path / "y.srt").read_text(encoding="utf-8"))
    assert [cue.lines for cue in found] == [cue.lines for cue in true]
    assert all(abs(a.start_seconds - b.start_seconds) < 0.4 for a, b in zip(found, true, strict=True))
    heard = here("captions", "x.wav", "-o", "z.lrc", "--words", "--json")
    assert heard.json["language"] == "en"
    assert heard.json["word_errors"] is None
    assert re.match(r"\[00:0\d\.\d\d\]<00:0\d\.\d\d>The <00:0\d\.\d\d>ferry ", (tmp_path / "z.lrc").read_text())


@pytest.mark.long
def test_what_cannot_be_done_is_said(here: Here, tmp_path: Path) -> None:
    write_sound(tmp_path / "silent.wav", Sound(np.zeros((1, 48_000), np.float32), 48_000))
    (tmp_path / "text.txt").write_text("Hello.")
    (tmp_path / "none.txt").write_text("  \n")
    for words, code, sentence in [
        (("captions", "silent.wav", "-o", "x.srt"), 2, "No speech is heard in silent.wav."),
        (("captions", "silent.wav", "-o", "x.txt"), 2, "not the name of a caption file"),
        (("captions", "silent.wav", "--words", "-o", "x.srt"), 2, "Only an .lrc file can have --words"),
        (("captions", "silent.wav", "--text", "none.txt", "-o", "x.srt"), 2, "nothing to speak"),
        (("captions", "text.txt", "-o", "x.srt"), 3, "damaged, cut short or not a sound"),
        (("captions", "gone.wav", "-o", "x.srt"), 3, "There is no file"),
        (("check", "gone.wav"), 3, "There is no file"),
        (("check", "silent.wav", "--text", "gone.txt"), 3, "is not there"),
        (("check", "silent.wav", "--lang", "klingon"), 2, "is not known"),
    ]:
        said = here(*words)
        assert (said.code, sentence in said.err) == (code, True), (words, said.err)
    silent = here("check", "silent.wav", "--text", "text.txt")
    assert silent.code == 1
    assert "No words are heard." in silent.out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["none.txt", "profile", "silent.wav", "text.txt"]
