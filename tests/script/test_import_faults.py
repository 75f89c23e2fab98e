"""Mistakes in tables and subtitles that would be spoken, or do harm, if nobody told of them."""

import pytest

from audiostudio.errors import UnreadableMedia
from audiostudio.script.importing import import_data
from audiostudio.script.importing.result import LATEST


def test_a_quotation_mark_that_is_never_closed_is_told_with_its_line() -> None:
    data = b'text,filename\nOne,a.wav\n"Two never closed,b.wav\nThree,c.wav\n'
    with pytest.raises(UnreadableMedia) as caught:
        import_data(data, "lines.csv")
    assert caught.value.sentence == "lines.csv, line 3: a quotation mark is never closed."
    whole = import_data(b'text,filename\n"One\nmore, said ""he""",a.wav\nA 5" pipe,b.wav\n', "lines.csv")
    assert [line.text for line in whole.lines] == ['One more, said "he"', 'A 5" pipe']


@pytest.mark.parametrize("times", ["99:99:99,999 --> 99:99:99,999", "00:61:00,000 --> 00:62:00,000"])
def test_times_that_no_clock_shows_are_no_times(times: str) -> None:
    data = f"1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2\n{times}\nTwo.\nMore.\n".encode()
    found = import_data(data, "film.srt")
    assert [(line.text, line.slot is None, line.source_line) for line in found.lines] == [
        ("One.", False, 2), ("Two. More.", True, 6),
    ]  # fmt: skip
    assert [str(problem) for problem in found.problems] == [f"Line 6: “{times}” is no pair of times."]


def test_what_comes_after_a_hundred_hours_has_no_slot() -> None:
    film = import_data(b"1\n9000:00:01,000 --> 9000:00:02,000\nOne.\n", "film.srt")
    table = import_data(b"text,start,end\nOne,9000000,9000001\n", "lines.csv")
    for found in (film, table):
        assert found.lines[0].slot is None
        assert f"{LATEST / 3600:.0f} hours" in str(found.problems[0])
