"""Script files as projects: who says what, how, and what was left out."""

from dataclasses import replace
from pathlib import Path

import pytest

from audiostudio.errors import UnknownVoice, UnreadableMedia
from audiostudio.operations.batch import rows_of
from audiostudio.operations.script import request
from audiostudio.operations.script_file import cast_file, read_cast, read_script, with_script, write_cast
from audiostudio.operations.studio import Studio
from audiostudio.script.importing import import_text
from audiostudio.timeline import edits
from audiostudio.timeline.project import Slot, VoiceChoice, new_project
from tests.timeline.documents import make_take


def test_speakers_speak_in_the_voices_of_the_cast_each_in_its_language(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("ANNA: Hello.\n\nBEN: Bonjour.\n\nANNA: Well.\n\nMia: And me?\n", encoding="utf-8")
    write_cast(path, {"ANNA": "bf_emma", "BEN": "ff_siwis"})
    file = read_script(studio, path, "tone")
    project = file.project
    assert [project.voice_of(line).voice for line in project.script.lines][:3] == ["bf_emma", "ff_siwis", "bf_emma"]
    assert [project.voice_of(line).language for line in project.script.lines][:3] == ["en-gb", "fr", "en-gb"]
    assert [line.text for line in project.script.lines][:2] == ["Hello.", "Bonjour."]
    assert project.name == "talk"
    german = read_script(studio, path, "tone", "en-us").project
    assert {german.voice_of(line).language for line in german.script.lines} == {"en-us"}


def test_a_table_says_how_each_line_is_spoken(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(
        "text,voice,speaker,speed,pitch,start,end,pause,filename,mood\n"
        "One.,,ANNA,1.5,-2,1.0,2.5,,one,\n"
        "Un.,ff_siwis,,,,,,0.5,,happy\n"
        "Two.,,,,,,,,,\n",
        encoding="utf-8",
    )
    write_cast(path, {"ANNA": "bf_emma"})
    file = read_script(studio, path, "tone")
    one, two, three = file.project.script.lines
    assert one.voice == VoiceChoice("bf_emma", 1.5, -2.0, "en-gb")
    assert one.slot == Slot(1.0, 2.5)
    assert two.voice == VoiceChoice("ff_siwis", language="fr")
    assert two.pause_after == 0.5
    assert (three.voice, file.project.voice_of(three).voice) == (None, "tone")
    assert file.uncast == []
    assert ["mood" in str(problem) for problem in file.problems] == [True]
    rows = rows_of(studio, file)
    assert [row.name for row in rows] == ["one", "", ""]
    assert rows[1].notes == ("Column “mood”: Kokoro has no setting of that name; it was left out.",)
    assert rows[0].asked["pitch"] == -2.0


def test_a_voice_that_is_not_there_is_told_before_anything_is_made(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("ANNA: Hello.\n\nANNA: Well.\n", encoding="utf-8")
    write_cast(path, {"ANNA": "nobody"})
    with pytest.raises(UnknownVoice, match="nobody"):
        read_script(studio, path, "tone")
    cast_file(path).write_text("[1]", encoding="utf-8")
    with pytest.raises(UnreadableMedia, match="no cast"):
        read_cast(path)


def test_an_import_into_a_project_keeps_the_lines_that_were_there_with_their_takes(studio: Studio) -> None:
    project = edits.set_text(new_project("Film", voice=VoiceChoice("tone")), "Amber garden.\nCandle.")
    first = project.script.lines[0]
    project = edits.add_take(project, make_take(first.id, first.text, project.voice))
    after, problems = with_script(studio, project, import_text("A new beginning.\n\nAmber garden.\n"))
    assert problems == []
    assert [line.text for line in after.script.lines] == ["A new beginning.", "Amber garden."]
    assert after.script.lines[1].id == first.id
    assert after.current_takes().keys() == {first.id}
    assert replace(after, script=project.script) == project
    assert [line["line"] for line in request(after, None)["lines"]] == [line.id for line in after.script.lines]
