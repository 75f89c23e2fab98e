"""A table or subtitles become files: names, resuming, faults and what is reported."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.errors import RequestError
from audiostudio.jobs import JsonObject, Progress
from audiostudio.library.names import file_key, is_file_name
from audiostudio.operations.batch import JOURNAL, Row, batch, file_names, one_timeline
from audiostudio.operations.studio import Studio
from audiostudio.sound.files import probe, read_sound
from audiostudio.timeline.project import Slot


def row(number: int, text: str, name: str = "", slot: Slot | None = None, **settings: object) -> Row:
    return Row(number, {"text": text, "voice": "tone", **settings}, name, slot)


def request(folder: Path, rows: list[Row], container: str | None = None, captions: tuple[str, ...] = ()) -> JsonObject:
    return {
        "rows": [one.to_json() for one in rows], "folder": str(folder), "name": "Film", "format": container,
        "captions": list(captions),
    }  # fmt: skip


def run(studio: Studio, asked: JsonObject, body: object = batch) -> JsonObject:
    assert callable(body)
    events = body(studio, asked)
    while True:
        try:
            next(events)
        except StopIteration as end:
            result: JsonObject = end.value
            return result


def times(folder: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in folder.glob("[!.]*.*") if "report" not in path.name}


@pytest.mark.long
def test_each_row_becomes_a_file_with_its_own_voice_settings_and_format(studio: Studio, tmp_path: Path) -> None:
    rows = [row(1, "Amber garden.", "intro.mp3"), row(2, "Amber garden.", speed=0.5), row(3, "Dune.", "v1.2 end")]
    result = run(studio, request(tmp_path / "out", rows, captions=("srt",)))
    assert [Path(file).name for file in result["files"]] == ["intro.mp3", "002 Amber garden.wav", "v1.2 end.wav"]
    assert (result["made"], result["kept"], result["failed"]) == (3, 0, 0)
    fast, slow = (probe(Path(file)).duration or 0.0 for file in result["files"][:2])
    assert slow == pytest.approx(2 * fast, rel=0.05)
    assert result["lines"][1]["seconds"] == pytest.approx(slow, abs=1e-3)
    assert "Amber garden" in (tmp_path / "out" / "intro.srt").read_text(encoding="utf-8")
    with (tmp_path / "out" / "batch-report.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [line["file"] for line in csv.DictReader(file)] == [Path(file).name for file in result["files"]]
    report = json.loads((tmp_path / "out" / "batch-report.json").read_text(encoding="utf-8"))
    assert report["lines"] == result["lines"]


def test_what_is_finished_is_not_made_again_and_one_changed_row_is(studio: Studio, tmp_path: Path) -> None:
    rows = [row(number, f"Line number {number}.") for number in range(1, 6)]
    run(studio, request(tmp_path, rows))
    before = times(tmp_path)
    again = run(studio, request(tmp_path, rows))
    assert (again["made"], again["kept"]) == (0, 5)
    assert times(tmp_path) == before
    rows[2] = row(3, "Line number 3.", pitch=2.0)
    (tmp_path / "004 Line number 4.wav").write_bytes(b"damaged")
    changed = run(studio, request(tmp_path, rows))
    assert [line["state"] for line in changed["lines"]] == ["kept", "kept", "made", "made", "kept"]
    assert probe(tmp_path / "004 Line number 4.wav").duration


@pytest.mark.long
def test_captions_that_were_deleted_are_made_again(studio: Studio, tmp_path: Path) -> None:
    asked = request(tmp_path, [row(1, "One.", "one"), row(2, "Two.", "two")], captions=("srt",))
    run(studio, asked)
    (tmp_path / "two.srt").unlink()
    assert [line["state"] for line in run(studio, asked)["lines"]] == ["kept", "made"]
    assert "Two" in (tmp_path / "two.srt").read_text(encoding="utf-8")


def test_a_stopped_batch_goes_on_and_leaves_no_half_file(studio: Studio, tmp_path: Path) -> None:
    rows = [row(number, f"Line number {number}.") for number in range(1, 7)]
    events = batch(studio, request(tmp_path, rows))
    while len(times(tmp_path)) < 3:
        next(events)
    events.close()
    assert not [path for path in tmp_path.iterdir() if ".part" in path.name]
    with (tmp_path / JOURNAL).open("ab") as file:
        file.write(b'{"file": "torn')
    result = run(studio, request(tmp_path, rows))
    assert result["kept"] in (2, 3)
    assert result["kept"] + result["made"] == 6
    assert run(studio, request(tmp_path, rows))["kept"] == 6


def test_files_of_others_are_never_written_over(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "intro.wav").write_bytes(b"mine")
    (tmp_path / "film.srt").write_bytes(b"mine too")
    rows = [row(1, "One.", "intro"), row(2, "Two.", "film.wav")]
    for _ in range(2):
        result = run(studio, request(tmp_path, rows, captions=("srt",)))
        assert [Path(file).name for file in result["files"]] == ["intro (2).wav", "film (2).wav"]
    assert result["kept"] == 2
    assert (tmp_path / "intro.wav").read_bytes() == b"mine"
    assert (tmp_path / "film.srt").read_bytes() == b"mine too"


def test_a_row_that_cannot_be_made_does_not_stop_the_others(studio: Studio, tmp_path: Path) -> None:
    rows = [
        row(1, "One."),
        row(2, "Two.", speed=9.0),
        row(3, "🙂"),
        Row(4, {"text": "x", "voice": "bob"}, notes=("The speed was left out.",)),
        row(5, "Five."),
    ]
    result = run(studio, request(tmp_path, rows))
    assert [line["state"] for line in result["lines"]] == ["made", "failed", "failed", "failed", "made"]
    assert "9" in result["lines"][1]["problems"][0]
    assert "bob" in result["lines"][3]["problems"][0]
    assert result["lines"][3]["problems"][1] == "The speed was left out."
    files = [path for path in tmp_path.iterdir() if path.is_file() and not path.name.startswith(".")]
    assert {path.suffix for path in files} == {".wav", ".csv", ".json"}


def test_slots_are_kept_or_flagged(studio: Studio, tmp_path: Path) -> None:
    text = "Seven little boats are sailing over the silver water."
    rows = [row(1, text, slot=Slot(0, 2.0)), row(2, text, slot=Slot(3, 3.4))]
    result = run(studio, request(tmp_path, rows))
    first, second = result["lines"]
    assert (probe(tmp_path / first["file"]).duration or 9) <= 2.0
    assert first["factor"] > 1
    assert (first["over"], first["problems"]) == (0, [])
    assert second["over"] > 0
    assert f"{second['factor']:.2f} times as fast" in second["problems"][0]
    assert run(studio, request(tmp_path, rows))["lines"][1] == second | {"state": "kept"}


@pytest.mark.long
def test_one_timeline_has_every_line_in_its_slot(studio: Studio, tmp_path: Path) -> None:
    rows = [
        row(1, "One.", slot=Slot(0.5, 2)),
        row(2, "nobody", slot=Slot(2, 3), speed=9.0),
        row(3, "Three three three three three three.", slot=Slot(3.25, 3.5)),
        row(4, "Four.", slot=Slot(3.5, 5)),
    ]
    result = run(studio, request(tmp_path, rows, "flac", ("srt",)), one_timeline)
    assert [Path(file).name for file in result["files"]] == ["Film.flac"]
    assert [line["state"] for line in result["lines"]] == ["made", "failed", "made", "made"]
    sound = read_sound(tmp_path / "Film.flac").samples[0]
    loud = np.flatnonzero(np.abs(sound) > 1e-3)
    assert loud[0] == pytest.approx(24_000, abs=500)
    assert not np.abs(sound[2 * 48_000 : round(3.24 * 48_000)]).max() > 1e-3
    assert result["lines"][3]["late"] > 0
    assert "late" in result["lines"][3]["problems"][0]
    again = run(studio, request(tmp_path, rows, "flac", ("srt",)), one_timeline)
    assert [line["state"] for line in again["lines"]] == ["kept", "failed", "kept", "kept"]
    assert again["files"] == result["files"]


def test_one_batch_at_a_time_writes_to_a_folder(studio: Studio, tmp_path: Path) -> None:
    asked = request(tmp_path, [row(1, "One.")])
    events = batch(studio, asked)
    assert isinstance(next(events), Progress)
    with pytest.raises(RequestError, match="Another batch"):
        run(studio, asked)
    events.close()
    assert run(studio, asked)["made"] == 1


HOSTILE = [
    "../../etc/passwd", "/etc/cron.d/x.wav", "..\\..\\x.wav", "con.wav", "NUL", "a" * 500, ".hidden", "..", "a/b/c.wav",
    "x\0y.wav", "\u202egnp.wav", "name.wav.", "  ", "intro", "INTRO.wav", "intro.wav", "çafé", "c\u0327afe\u0301",
    "😀" * 90 + ".mp3",
]  # fmt: skip


@pytest.mark.long
@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=20), max_size=8))
def test_every_name_is_one_in_the_folder_and_no_two_are_one(names: list[str]) -> None:
    made = file_names([row(number, "Some text / here.", name) for number, name in enumerate(names, 1)], None)
    assert all(is_file_name(name) and not name.startswith(".") for name in made)
    assert all(len(name.encode()) <= 255 for name in made)
    assert len({file_key(name) for name in made}) == len(names)
    assert all(Path(name).suffix in (".wav", ".mp3", ".flac", ".m4a", ".opus", ".ogg") for name in made)
