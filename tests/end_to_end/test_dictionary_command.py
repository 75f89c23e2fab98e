"""`dictionary` as a user types it, and what it changes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from audiostudio.operations.dictionary import read_dictionary
from audiostudio.profile import Profile
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import Pronunciation
from tests.end_to_end.conftest import Said

Studio = Callable[..., Said]


@pytest.mark.long
def test_words_come_go_and_travel_as_a_table(studio: Studio, speaking_profile: Profile, tmp_path: Path) -> None:
    said = studio("dictionary", "set", "Nulz", "/nʌlz/", "--lang", "en-us", "--json")
    assert said.code == 0, said.err
    assert read_dictionary(speaking_profile) == (Pronunciation("Nulz", "nʌlz", True, "en-us"),)
    assert studio("dictionary", "export", "words.csv").code == 0
    table = (tmp_path / "words.csv").read_text(encoding="utf-8")
    (tmp_path / "words.csv").write_text(f"{table}GIF,jif\n,nothing\n", encoding="utf-8")
    ProjectFile.create(tmp_path, "Film").close()
    brought = studio("dictionary", "import", "words.csv", "--project", "Film")
    assert brought.code == 1
    assert "words.csv, line 4" in brought.err
    assert [one.word for one in ProjectFile.read(tmp_path / "Film").dictionary] == ["Nulz", "GIF"]
    assert studio("dictionary", "remove", "Nulz").code == 4
    assert studio("dictionary", "remove", "Nulz", "--lang", "en-us", "--json").json == []
    wrong = studio("dictionary", "set", "GIF", "jif", "--lang", "klingon", "--json")
    assert (wrong.code, "klingon" in wrong.json["sentence"]) == (2, True)
    assert read_dictionary(speaking_profile) == ()
