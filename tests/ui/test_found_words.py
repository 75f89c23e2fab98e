"""Words that Whisper found in a take that had none: kept with it, lit while it plays, used by captions."""

from pathlib import Path

import pytest

from audiostudio.profile import Profile
from audiostudio.timeline.project import TakeSource
from audiostudio.ui.speech.export_dialog import ExportChoice
from tests.ui.speaking import Desktop, OpenDesktop, desktop, media, open_desktop
from tests.ui.test_speech_listening import said
from tests.ui.test_takes_captions import opened
from tests.ui.test_takes_page import drop, takes_page

__all__ = ["desktop", "open_desktop"]

TEXT = "The old lighthouse keeper counted the ships."


@pytest.mark.long
@pytest.mark.models
def test_words_found_for_a_recording_light_up_and_stay(speaking_profile: Profile, open_desktop: OpenDesktop) -> None:
    window = _with_a_recording(open_desktop)
    window.tab.result.play_from(0.0)
    window.until(lambda: window.tab.listening.playing)
    window.ear.hear(24_000)
    dialog = opened(window)
    assert dialog.find.isVisible()
    step = window.session.history.undo_label
    window.click(dialog.find)
    window.until(lambda: window.session.project.takes[-1].words)
    window.until(lambda: not dialog.find.isVisible())
    dialog.close()
    assert window.session.history.undo_label == step
    window.ear.hear(24_000)
    window.until(lambda: said(window))
    assert said(window)[0] in TEXT
    words = window.session.project.takes[-1].words
    again = open_desktop()
    assert again.session.project.takes[-1].words == words
    assert [word.text for word in words] == TEXT.split()
    assert len(again.tab.result.voiceover.words()) == len(words)
    assert not opened(again).find.isVisible()


@pytest.mark.full
@pytest.mark.models
def test_words_that_an_export_found_stay_with_the_recording(
    speaking_profile: Profile, open_desktop: OpenDesktop, tmp_path: Path
) -> None:
    window = _with_a_recording(open_desktop)
    window.tab.exporting.export(ExportChoice(tmp_path / "film.wav", "wav", ("srt",)))
    window.until(lambda: window.session.project.takes[-1].words)
    assert [word.text for word in window.session.project.takes[-1].words] == TEXT.split()


def _with_a_recording(open_desktop: OpenDesktop) -> Desktop:
    """The line's take was brought in from a file."""
    window = open_desktop()
    window.choose("hibari_heart")
    window.paste(TEXT)
    window.generate()
    page = takes_page(window)
    drop(page, media(window, window.session.project.takes[0].asset.path))
    window.until(lambda: window.tab.result.voiceover.places[0].take.source == TakeSource.IMPORTED)
    window.until(lambda: window.tab.result._outlining is None)
    assert window.session.project.takes[-1].words == ()
    return window
