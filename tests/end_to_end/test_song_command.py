"""A duet from the command line: words in, a song with everything beside it out."""

from pathlib import Path

import pytest

from tests.conftest import Whisper, word_errors
from tests.end_to_end.conftest import Here

pytestmark = pytest.mark.models


@pytest.mark.long
def test_a_duet_comes_with_stems_times_and_notes(here: Here, tmp_path: Path, whisper: Whisper) -> None:
    words = tmp_path / "words.txt"
    words.write_text("The river runs along the valley floor\nA+B: Carry me over, carry me home\n", encoding="utf-8")
    said = here(
        *("song", "--lyrics", "words.txt", "--style", "calm folk", "--singers", "hibari_heart,hibari_heart"),
        *("--seed", "3", "-o", "song.wav", "--stems", "stems", "--lrc", "song.lrc", "--ass", "song.ass"),
        *("--midi", "song.mid", "--json"),
    )
    assert said.code == 0, said.err
    files = {Path(name).name for name in said.json["files"]}
    assert files >= {"song.lrc", "song.ass", "song.mid", "01 vocals.wav", "02 instrumental.wav"}
    assert all(Path(name).stat().st_size for name in [said.json["output"], *said.json["files"]])
    heard = whisper(tmp_path / "stems" / "01 vocals.wav")
    assert word_errors("the river runs along the valley floor carry me over carry me home", heard) <= 0.2, heard


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--lyrics", "nowhere.txt", "-o", "song.wav"), "There is no file"),
        (("--lyrics", "empty.txt", "-o", "song.wav"), "no words to sing"),
        (("--lyrics", "words.txt", "-o", "song.wav", "--singers", "a,b,c,d"), "too many"),
        (("--lyrics", "words.txt", "-o", "song.wav", "--singers", "tone"), "cannot sing"),
        (("--lyrics", "words.txt", "-o", "song.wav", "--lrc", "words.txt"), "words.txt is named twice"),
    ],
)
def test_what_cannot_be_sung_is_one_sentence(
    here: Here, tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    (tmp_path / "empty.txt").write_text("\n", encoding="utf-8")
    (tmp_path / "words.txt").write_text("La la la", encoding="utf-8")
    said = here("song", *arguments)
    assert said.code not in (0, 70)
    assert words in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "song.wav").exists()
    assert (tmp_path / "words.txt").read_text(encoding="utf-8") == "La la la"
