"""Script files read by a job: what comes back is what was in them."""

import json
from pathlib import Path

import pytest

from audiostudio.errors import UnreadableMedia
from audiostudio.operations.script_import import import_scripts, imported
from audiostudio.operations.studio import Studio
from audiostudio.script.importing import ImportedScript, import_data, import_script

TABLE = (
    "speaker,text,voice,speed,pause,start,end,stability\n"
    "EMMA,Hello,af_heart,0.9,0,1,2,0.5\n"
    "JACK,Hi,,,1.5,3,4,\n"
    "JACK,Oh,,wrong,,,,\n"
)


def read(studio: Studio, request: dict[str, object]) -> ImportedScript:
    job = import_scripts(studio, request)
    while True:
        try:
            next(job)
        except StopIteration as end:
            return imported(json.loads(json.dumps(end.value)))


def test_what_comes_back_is_what_was_read(studio: Studio, tmp_path: Path) -> None:
    table, text = tmp_path / "table.csv", tmp_path / "play.md"
    table.write_text(TABLE, encoding="utf-8")
    text.write_text("# Play\n\nANNA: Hello.\n\nBEN: Hi.\n", encoding="utf-8")
    both = [import_script(path) for path in (table, text)]
    found = read(studio, {"paths": [str(table), str(text)]})
    assert found.lines == both[0].lines + both[1].lines
    assert found.problems == both[0].problems
    assert found.problems
    assert read(studio, {"text": TABLE, "name": "a.csv"}) == import_data(TABLE.encode(), "a.csv")


def test_names_are_taken_or_left(studio: Studio) -> None:
    text = "Anna: Hello.\n\nAnna: Bye.\n"
    assert {line.speaker for line in read(studio, {"text": text, "name": "a.txt", "names": True}).lines} == {"Anna"}
    assert {line.speaker for line in read(studio, {"text": text, "name": "a.txt", "names": False}).lines} == {None}
    known = read(studio, {"text": "Zed: Hm, yes.\n\nAnd so on.\n\nAnd on.\n", "name": "a.txt", "known": ["Zed"]})
    assert known.lines[0].speaker == "Zed"


def test_a_file_that_is_none_is_refused_by_name(studio: Studio, tmp_path: Path) -> None:
    file = tmp_path / "book.epub"
    file.write_bytes(b"no book")
    with pytest.raises(UnreadableMedia, match=r"book\.epub"):
        read(studio, {"paths": [str(file)]})
