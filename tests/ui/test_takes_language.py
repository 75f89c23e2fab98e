"""The screens of takes in a language that nobody speaks: everything is translated, and nothing is cut off."""

import functools
import multiprocessing
from pathlib import Path

from tests.sound.remote_input import RemoteInput
from tests.ui.pseudo import Pseudo
from tests.ui.speaking import OpenDesktop, open_desktop
from tests.ui.test_script_language import check, pseudo
from tests.ui.test_takes_page import drop, takes_page, tone

__all__ = ["open_desktop", "pseudo"]


def test_the_screens_of_takes_speak_every_language(pseudo: Pseudo, open_desktop: OpenDesktop, tmp_path: Path) -> None:
    desktop = open_desktop()
    desktop.choose("tone")
    desktop.paste("Amber island.\nRiver timber market.")
    desktop.go_to(0)
    page = takes_page(desktop)
    desktop.until(page.empty.isVisible)
    check(desktop, page)
    drop(page, tone(tmp_path / "mine.wav", 1.0))
    desktop.until(lambda: page.rows)
    drop(page, tone(tmp_path / "other.wav", 2.0))
    desktop.until(lambda: len(page.rows) == 2)
    page.compare()
    desktop.until(page.pair.isVisible)
    check(desktop, page, *(row.about.text() for row in page.rows))
    page.hearing.stop()

    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    with ours, theirs:
        page.make_input = functools.partial(RemoteInput, theirs)
        desktop.window.commands.run("takes.record")
        dialog = page.recording
        assert dialog is not None
        desktop.until(dialog.record.isEnabled)
        check(desktop, dialog, "Amber island.", "River timber market.", "Desk microphone", "Headset")
        dialog.reject()

    from audiostudio.ui.speech.takes.batch_dialog import BatchDialog
    from audiostudio.ui.speech.takes.captions_dialog import CaptionsDialog

    desktop.window.commands.run("takes.batch")
    batch = next(one for one in desktop.tab.findChildren(BatchDialog) if one.isVisible())
    check(desktop, batch, batch.folder.text(), "WAV", "FLAC", "MP3", "M4A", "OPUS", "SRT", "VTT", "LRC", "ASS")
    batch.reject()
    desktop.window.commands.run("takes.captions")
    captions = next(one for one in desktop.tab.findChildren(CaptionsDialog) if one.isVisible())
    desktop.until(captions.limits.text)
    check(desktop, captions, captions.preview.toPlainText(), "SRT", "WebVTT", "LRC")
    captions.reject()
