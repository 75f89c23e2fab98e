"""Captions from the window, judged by the files."""

from pathlib import Path

import pytest

from audiostudio.script.captions import LINE_WIDTH
from audiostudio.timeline import edits
from audiostudio.ui.speech.export_dialog import ExportChoice
from audiostudio.ui.speech.takes.captions_dialog import CaptionsDialog
from tests.subtitles import parse_captions
from tests.ui.speaking import Desktop, desktop, open_desktop, script
from tests.ui.test_takes_page import drop, takes_page, tone

__all__ = ["desktop", "open_desktop"]


def opened(desktop: Desktop) -> CaptionsDialog:
    desktop.window.commands.run("takes.captions")
    dialog = next(one for one in desktop.tab.findChildren(CaptionsDialog) if one.isVisible())
    desktop.until(lambda: dialog.limits.text())
    return dialog


def saved(desktop: Desktop, dialog: CaptionsDialog, path: Path) -> str:
    dialog.save_to(path)
    desktop.until(path.exists)
    return path.read_text(encoding="utf-8")


@pytest.mark.long
@pytest.mark.parametrize("kind", ["srt", "vtt", "lrc", "ass"])
def test_what_is_shown_is_what_is_saved(desktop: Desktop, tmp_path: Path, kind: str) -> None:
    text = script(4)
    desktop.paste(text)
    desktop.generate()
    dialog = opened(desktop)
    desktop.click(dialog.kind.button(kind))
    kept = saved(desktop, dialog, tmp_path / f"film.{kind}")
    assert kept.strip() == dialog.preview.toPlainText().strip()
    for line in text.split("\n"):
        assert line.split()[0] in kept
    if kind in ("srt", "vtt"):
        found = parse_captions(kept)
        assert " ".join(cue.text.replace("\n", " ") for cue in found) == " ".join(text.split("\n"))
        assert all(len(line) <= LINE_WIDTH for cue in found for line in cue.lines)
        assert found[-1].end_seconds <= desktop.tab.result.voiceover.seconds + 0.01
    dialog.close()


def test_an_export_says_that_it_guessed_when_the_words_of_a_recording_are_spoken(
    desktop: Desktop, tmp_path: Path
) -> None:
    desktop.paste("Amber breeze.")
    page = takes_page(desktop)
    desktop.until(page.empty.isVisible)
    drop(page, tone(tmp_path / "hum.wav", 2.0))
    desktop.until(lambda: desktop.tab.result.voiceover.places)
    desktop.tab.exporting.export(ExportChoice(tmp_path / "film.wav", "wav", ("srt",)))
    desktop.until(lambda: any("exported" in words for words in desktop.toasts()))
    (toast,) = [one for one in desktop.window.message_area.toasts if "exported" in one.sentence.text()]
    assert "1 recording are spoken is guessed" in toast.hint.text()
    assert parse_captions((tmp_path / "film.srt").read_text(encoding="utf-8"))[0].text == "Amber breeze."


def test_speech_that_is_too_fast_to_read_is_named(desktop: Desktop, tmp_path: Path) -> None:
    desktop.paste(
        "Amber breeze candle forest garden harbour island jungle kettle lantern meadow needle orchard pebble."
    )
    page = takes_page(desktop)
    desktop.until(page.empty.isVisible)
    drop(page, tone(tmp_path / "quick.wav", 1.0))
    desktop.until(lambda: desktop.tab.result.voiceover.places)
    dialog = opened(desktop)
    assert dialog.fast.count() > 0
    assert "Amber" in dialog.fast.item(0).text()
    assert dialog.find.isVisible()
    assert "recording" in dialog.note.text()
    dialog.close()


def test_who_speaks_is_written_where_several_do_unless_it_is_not_wanted(desktop: Desktop, tmp_path: Path) -> None:
    desktop.paste("Amber garden.\nCandle island.")
    for line, name in zip(desktop.session.project.script.lines, ("Anna", "Ben"), strict=True):
        desktop.session.edit("Speaker", lambda p, line=line, name=name: edits.set_speaker(p, line.id, name))
    desktop.generate()
    dialog = opened(desktop)
    assert dialog.names.isVisible()
    assert "Ben: Candle island." in saved(desktop, dialog, tmp_path / "a.srt")
    desktop.click(dialog.kind.button("vtt"))
    assert "<v Ben>Candle island." in saved(desktop, dialog, tmp_path / "b.vtt")
    dialog.names.click()
    assert "<v" not in saved(desktop, dialog, tmp_path / "c.vtt")
    dialog.close()
    again = opened(desktop)
    assert not again.names.isChecked()
    again.close()
