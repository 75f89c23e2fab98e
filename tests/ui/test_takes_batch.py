"""Batch and dubbing in the window, judged by the files that it writes."""

import json
import zipfile
from pathlib import Path

import pytest

from audiostudio.sound.files import read_sound
from audiostudio.timeline import edits
from audiostudio.timeline.project import VoiceChoice
from audiostudio.ui.bridge import JobWatcher
from audiostudio.ui.speech.takes.batch_dialog import BatchDialog
from audiostudio.ui.speech.takes.batch_table import FILE, SLOT, STATE, TEXT
from tests.ui.speaking import Desktop, desktop, open_desktop

__all__ = ["desktop", "open_desktop"]


def opened(desktop: Desktop, path: Path, folder: Path) -> BatchDialog:
    desktop.window.commands.run("takes.batch")
    dialog = next(one for one in desktop.tab.findChildren(BatchDialog) if one.isVisible())
    dialog.folder.setText(str(folder))
    dialog.open_file(path)
    desktop.until(lambda: dialog.table.rowCount() or "Reading" not in dialog.note.text())
    return dialog


def run(desktop: Desktop, dialog: BatchDialog) -> None:
    desktop.click(dialog.go)
    desktop.until(lambda: dialog._watcher is None)


def shown(dialog: BatchDialog, column: int) -> list[str]:
    return [dialog.table.data(dialog.table.index(row, column)) for row in range(dialog.table.rowCount())]


def test_a_table_becomes_files_and_only_what_changed_is_made_again(desktop: Desktop, tmp_path: Path) -> None:
    table, folder = tmp_path / "lines.csv", tmp_path / "out"
    table.write_text(
        "text,voice,filename\nAmber island.,tone,first.wav\nRiver timber market.,tone,\nLost,nobody,x.wav\n"
    )
    dialog = opened(desktop, table, folder)
    assert shown(dialog, TEXT) == ["Amber island.", "River timber market.", "Lost"]
    assert shown(dialog, FILE)[0] == "first.wav"
    assert dialog.view.isColumnHidden(SLOT)
    run(desktop, dialog)
    states = shown(dialog, STATE)
    assert states[0].startswith("Made")
    assert states[2].startswith("Failed")
    assert "nobody" in states[2]
    assert "2 made, 0 kept, 1 failed" in dialog.note.text()
    for name in shown(dialog, FILE)[:2]:
        assert read_sound(folder / name).duration > 0.2
    assert json.loads((folder / "batch-report.json").read_text())["made"] == 2
    assert dialog.report.isVisible()
    dialog.close()
    table.write_text("text,voice,filename\nAmber island.,tone,first.wav\nRiver valley.,tone,\n")
    again = opened(desktop, table, folder)
    run(desktop, again)
    assert "1 made, 1 kept, 0 failed" in again.note.text()
    again.close()


@pytest.mark.long
def test_subtitles_are_dubbed_on_one_timeline_and_long_lines_are_flagged(desktop: Desktop, tmp_path: Path) -> None:
    film = tmp_path / "film.srt"
    film.write_text(
        "1\n00:00:01,000 --> 00:00:03,000\nAmber island.\n\n"
        "2\n00:00:04,000 --> 00:00:04,300\nRiver timber market candle lantern window.\n"
    )
    dialog = opened(desktop, film, tmp_path / "dub")
    assert dialog.shape.value() == "timeline"
    assert not dialog.view.isColumnHidden(SLOT)
    run(desktop, dialog)
    states = shown(dialog, STATE)
    assert "Too long" in states[1]
    assert "×" in states[1]
    assert "Too long" not in states[0]
    assert "too long" in dialog.note.text()
    sound = read_sound(tmp_path / "dub" / "film.wav").samples[0]
    assert not sound[:48_000].any()
    assert sound[48_000:60_000].any()
    dialog.close()


def test_a_dialog_that_is_closed_while_a_file_is_read_hears_nothing_of_it(desktop: Desktop, tmp_path: Path) -> None:
    table = tmp_path / "lines.csv"
    table.write_text("text\nAmber island.\n")
    reading: list[JobWatcher] = []
    desktop.window.jobs.added.connect(reading.append)
    desktop.window.commands.run("takes.batch")
    dialog = next(one for one in desktop.tab.findChildren(BatchDialog) if one.isVisible())
    dialog.open_file(table)
    desktop.until(lambda: reading)
    dialog.close()
    desktop.until(lambda: not desktop.tab.findChildren(BatchDialog))
    desktop.until(lambda: reading[0].done)
    assert reading[0].job.operation == "script.import"


def test_what_is_no_table_is_a_sentence(desktop: Desktop, tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    path.write_bytes(b"\x00\x01\x02" * 400)
    dialog = opened(desktop, path, tmp_path / "dub")
    assert dialog.note.text()
    assert not dialog.go.isEnabled()
    dialog.close()


@pytest.mark.long
@pytest.mark.parametrize("lines", [60])
def test_a_batch_that_is_stopped_goes_on_where_it_was(desktop: Desktop, tmp_path: Path, lines: int) -> None:
    table = tmp_path / "lines.csv"
    table.write_text("text,voice\n" + "".join(f"Amber island {n} river timber.,tone\n" for n in range(lines)))
    dialog = opened(desktop, table, tmp_path / "out")
    desktop.click(dialog.go)
    desktop.until(lambda: len(dialog.table.told) >= 2 or dialog._watcher is None)
    dialog.cancel()
    desktop.until(lambda: dialog._watcher is None)
    made = len(list((tmp_path / "out").glob("*.wav")))
    assert 2 <= made <= lines
    run(desktop, dialog)
    kept = int(dialog.note.text().split(" made, ")[1].split(" kept")[0])
    assert kept >= made - 1
    assert len(list((tmp_path / "out").glob("*.wav"))) == lines
    dialog.close()


def test_speakers_of_a_table_have_the_voices_of_the_project(desktop: Desktop, tmp_path: Path) -> None:
    cast = VoiceChoice("tone", speed=0.7)
    desktop.session.edit("Cast", lambda project: edits.set_role(project, "Anna", cast))
    table = tmp_path / "lines.csv"
    table.write_text("text,speaker\nAmber island.,ANNA\nAmber island.,Ben\n")
    dialog = opened(desktop, table, tmp_path / "out")
    assert [row.asked["speed"] for row in dialog._rows] == [0.7, 1.0]
    assert "Ben" in dialog.note.text()
    assert "ANNA" not in dialog.note.text()
    dialog.close()


def test_a_hostile_file_is_refused_with_a_sentence(desktop: Desktop, tmp_path: Path) -> None:
    bomb = tmp_path / "lines.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<w>" + b" " * (200 << 20) + b"</w>")
    dialog = opened(desktop, bomb, tmp_path / "out")
    assert "unpacks to far more" in dialog.note.text()
    assert not dialog.go.isEnabled()
    dialog.close()
