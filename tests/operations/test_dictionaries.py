"""The dictionary of all projects, and which lines a change makes again."""

from dataclasses import replace
from pathlib import Path

import pytest

from audiostudio.errors import StorageError
from audiostudio.operations.dictionary import (
    affected,
    dictionary_file,
    export_csv,
    import_csv,
    read_dictionary,
    write_dictionary,
)
from audiostudio.operations.script import Pronouncing
from audiostudio.profile import Profile
from audiostudio.timeline import edits
from audiostudio.timeline.project import Project, Pronunciation, TakeSource, VoiceChoice, new_project
from tests.timeline.documents import make_take

GIF = Pronunciation("GIF", "jif")
CHAT = Pronunciation("chat", "ʃa", True, "fr", True, False)


def made(*texts: str, everywhere: tuple[Pronunciation, ...] = ()) -> Project:
    """A project of which every line is made."""
    project = edits.set_text(new_project("Film", voice=VoiceChoice("tone")), "\n".join(texts))
    applying = Pronouncing(project, everywhere)
    for line in project.script.lines:
        take = make_take(line.id, line.text, project.voice)
        project = edits.add_take(project, replace(take, pronunciations=applying(line)))
    assert len(project.current_takes(applying)) == len(texts)
    return project


def test_the_dictionary_is_kept_and_a_damaged_one_is_told_and_stays(profile: Profile) -> None:
    assert read_dictionary(profile) == ()
    write_dictionary(profile, [GIF, CHAT])
    assert read_dictionary(profile) == (GIF, CHAT)
    dictionary_file(profile).write_bytes(b'{"entries": [{"schema": "Pronunciation.1"}]}')
    with pytest.raises(StorageError, match="damaged"):
        read_dictionary(profile)
    assert dictionary_file(profile).exists()


def test_a_csv_comes_back_as_it_went(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    formula = Pronunciation("=1+1", "two")
    export_csv(path, [GIF, CHAT, formula])
    assert import_csv(path) == ((GIF, CHAT, formula), [])
    kept, wrong = import_csv(path, [Pronunciation("GIF", "gif"), Pronunciation("SQL", "sequel")])
    assert kept == (GIF, Pronunciation("SQL", "sequel"), CHAT, formula)
    assert wrong == []


def test_rows_that_cannot_be_used_are_told_with_their_line(tmp_path: Path) -> None:
    path = tmp_path / "words.csv"
    path.write_text("word,spoken,ipa\nGIF,jif,no\nSQL,,no\nfoo,bar,perhaps\n", encoding="utf-8")
    entries, wrong = import_csv(path)
    assert entries[0] == GIF
    assert wrong[0].startswith("words.csv, line 3")


def test_the_lines_that_a_change_makes_again_are_known_before() -> None:
    project = made("A GIF of a cat.", "A cat.", "My GIF!", "gift")
    after = edits.set_pronunciation(project, "GIF", "jif")
    assert [line.text for line in affected(project, after)] == ["A GIF of a cat.", "My GIF!"]
    changed = edits.set_pronunciation(project, "cat", "kat", match_case=True)
    assert [line.text for line in affected(project, changed)] == ["A GIF of a cat.", "A cat."]
    assert affected(project, edits.set_pronunciation(project, "dog", "dawg")) == []


def test_a_global_entry_counts_unless_the_project_has_its_own() -> None:
    project = made("A GIF.", "A cat.")
    everywhere = (GIF, Pronunciation("cat", "kat"))
    assert len(affected(project, project, (), everywhere)) == 2
    own = edits.set_pronunciation(project, "GIF", "gif")
    assert Pronouncing(own, everywhere)(own.script.lines[0]) == (Pronunciation("GIF", "gif"),)
    assert [line.text for line in affected(own, own, (), everywhere)] == ["A cat."]


def test_recordings_and_lines_that_are_not_made_are_not_made_again() -> None:
    project = edits.set_text(made("A GIF."), "A GIF.\nA new GIF.")
    assert len(affected(project, edits.set_pronunciation(project, "GIF", "jif"))) == 1
    line = project.script.lines[0].id
    take = make_take(line, "A GIF.")
    project = edits.add_take(project, replace(take, source=TakeSource.RECORDED))
    assert affected(project, edits.set_pronunciation(project, "GIF", "jif")) == []


def test_what_applies_is_remembered_and_follows_the_project() -> None:
    project = made("A GIF.", everywhere=())
    applying = Pronouncing(project)
    line = project.script.lines[0]
    assert applying(line) == ()
    after = edits.set_pronunciation(project, "gif", "jif")
    applying.follow(after)
    assert applying(line) is applying(line)
    assert applying(line) == after.dictionary
    applying.follow(project, [GIF])
    assert applying(line) == (GIF,)
