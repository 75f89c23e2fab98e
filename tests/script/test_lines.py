"""Script files and their paragraphs."""

import codecs
import errno
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.errors import MissingMedia, StorageError, UnreadableMedia
from audiostudio.script.lines import LARGEST, join_lines, lines, read_file, split_lines


def test_paragraphs_are_parted_by_empty_lines() -> None:
    assert split_lines("One\ntwo\n\n \t\nThree  \n\n\n") == ["One\ntwo", "Three"]
    assert split_lines("") == []
    assert split_lines("\n \n") == []


@given(st.text(alphabet="ab \n\t\r#é", max_size=200))
def test_lines_keep_their_place(text: str) -> None:
    for line in lines(text):
        assert text[line.start : line.end] == line.text
        assert line.text == line.text.strip() != ""
    assert split_lines(join_lines(split_lines(text))) == split_lines(text)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("Grüße\r\nzwei\rdrei".encode(), "Grüße\nzwei\ndrei"),
        (codecs.BOM_UTF8 + "Привет".encode(), "Привет"),
        ("你好".encode("utf-16"), "你好"),
        (codecs.BOM_UTF16_BE + "hi".encode("utf-16-be"), "hi"),
        ("plain text".encode("utf-16-le"), "plain text"),
        ("plain text".encode("utf-16-be"), "plain text"),
        (b"", ""),
    ],
)
def test_text_files_are_read_in_the_encodings_people_have(tmp_path: Path, data: bytes, expected: str) -> None:
    path = tmp_path / "script.md"
    path.write_bytes(data)
    assert read_file(path) == expected


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"RIFF\x00\x01WAVEfmt ",
        bytes(range(256)),
        "Grüße".encode("latin-1"),
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_text_is_said(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "script.txt"
    path.write_bytes(data)
    with pytest.raises(UnreadableMedia) as error:
        read_file(path)
    assert "script.txt" in error.value.sentence
    assert error.value.hint


def test_a_file_too_large_is_said_without_reading_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(LARGEST * 64)
    with pytest.raises(UnreadableMedia, match="larger than"):
        read_file(path)


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(MissingMedia):
        read_file(tmp_path / "none.txt")
    with pytest.raises(StorageError):
        read_file(tmp_path)


def test_errors_of_the_system_do_not_get_through(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(Path, "open", fails)
    with pytest.raises(StorageError):
        read_file(tmp_path / "script.txt")
