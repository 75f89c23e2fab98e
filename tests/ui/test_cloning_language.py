"""Making a voice in a language that needs more room."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from audiostudio.ui.cloning.passages import passages
from tests.ui.cloning import OpenBooth, booth, open_booth, runner, sound_file, studies
from tests.ui.pseudo import Pseudo, cut_off, untranslated

__all__ = ["booth", "open_booth", "runner", "studies"]

STUDIES = (
    *("Speech stands well above the noise.", "It is very quiet. Even out the level.", "Searching for a nearer one"),
    *("There is too little speech. Record 6 seconds.", "It is the phrase, in the voice of the samples."),
    *("one", "quiet.wav", "short.wav", "one.wav", "Maya", "Maya Lindqvist", "Films", "Tone", "32 dB", "−38 dBFS"),
    *("1.0 s", "Desk microphone", "Headset"),
)
"""What the stand-ins say, and names."""


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[Pseudo]:
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    yield translator
    QCoreApplication.removeTranslator(translator)


@pytest.mark.long
@pytest.mark.parametrize("size", [(1280, 800), (2560, 1440)])
def test_every_step_speaks_every_language(
    pseudo: Pseudo, open_booth: OpenBooth, tmp_path: Path, size: tuple[int, int]
) -> None:
    booth = open_booth()
    booth.window.resize(*size)
    page = booth.page

    def check() -> None:
        said = {engine.title for engine in booth.studio.engines.manifests()}
        said |= {page.consent.phrase.phrase, *passages("en"), page.result.sentence.text()}
        assert untranslated(page, frozenset(STUDIES) | said) == []
        booth.until(lambda: cut_off(page) == [])

    check()
    booth.choose()
    check()
    page.go("samples")
    check()
    booth.add(
        sound_file(tmp_path / "one.wav"),
        sound_file(tmp_path / "quiet.wav", 8.0, 0.03),
        sound_file(tmp_path / "short.wav", 1.0),
    )
    booth.click(page.samples.rows[1].buttons["normalise"])
    booth.until(lambda: page.making.draft.samples[1].before and booth.checked())
    for row in page.samples.rows:
        booth.click(row.more)
    check()
    booth.click(page.samples.record)
    assert page.recording.dialog is not None
    booth.until(lambda: page.recording.dialog.recorder.sample_rate)
    assert untranslated(page.recording.dialog, frozenset(STUDIES) | frozenset(passages("en"))) == []
    assert cut_off(page.recording.dialog) == []
    page.recording.dialog.close()
    booth.window.activateWindow()
    booth.until(booth.window.isActiveWindow)
    page.go("consent")
    check()
    booth.write(page.consent.person, "Maya Lindqvist")
    booth.write(page.consent.scope, "Films")
    booth.until(lambda: page.consent.phrase.phrase)
    check()
    booth.click(page.consent.whose.button("permission"))
    check()
    booth.permit()
    page.go("make")
    booth.write(page.make.name, "Maya")
    booth.click(page.make.more)
    check()
    booth.click(page.make.make)
    booth.until(lambda: "Searching" in page.make.stage.text())
    check()
    booth.studies.go.set()
    booth.until(lambda: page.making.draft.made)
    check()
