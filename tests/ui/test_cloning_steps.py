"""Making a voice: what stays where it is while one works, and where the keyboard goes."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt

from audiostudio.library.model import AssetKind, AssetSource, NewAsset
from tests.ui.cloning import Booth, OpenBooth, booth, open_booth, runner, sound_file, studies

__all__ = ["OpenBooth", "booth", "open_booth", "runner", "studies"]


def test_the_language_stands_there_before_a_kind_is_chosen(booth: Booth) -> None:
    kind = booth.page.kind
    assert kind.language.isVisible()
    assert kind.language.currentData() == "en-us"
    card = kind.cards["nearest"]
    place = card.mapTo(booth.page, QPoint())
    row = kind.language.findData("de")
    kind.language.setCurrentIndex(row)
    kind.language.activated.emit(row)
    assert booth.page.making.draft.language == "de"
    booth.click(kind.cards["xtts"])
    assert kind.language.currentData() == "de"
    assert card.mapTo(booth.page, QPoint()) == place


def test_the_keyboard_goes_with_the_steps(booth: Booth, tmp_path: Path) -> None:
    booth.choose()
    page = booth.page
    page.next.setFocus()
    booth.qtbot.keyClick(page.next, Qt.Key.Key_Space)
    assert page.step == "samples"
    assert page.stepper.steps["samples"].hasFocus()
    booth.add(sound_file(tmp_path / "one.wav", 8.0))
    page.next.setFocus()
    booth.qtbot.keyClick(page.next, Qt.Key.Key_Space)
    assert page.stepper.steps["consent"].hasFocus()
    page.next.setFocus()
    booth.tab.setFocus()
    assert page.stepper.steps["consent"].hasFocus()


def test_the_button_stays_while_the_name_is_written(booth: Booth, tmp_path: Path) -> None:
    booth.choose()
    booth.add(sound_file(tmp_path / "one.wav", 8.0))
    booth.permit()
    booth.page.go("make")
    make = booth.page.make
    booth.until(lambda: make.lacks.isVisible())
    place = make.make.pos()
    booth.write(make.name, "Maya")
    booth.until(lambda: not make.lacks.isVisible() and make.make.isEnabled())
    assert make.make.pos() == place


def test_recordings_of_the_library_are_offered_in_the_menu(booth: Booth, tmp_path: Path) -> None:
    booth.choose()
    booth.page.go("samples")
    samples = booth.page.samples
    menu = samples.library.menu()
    menu.aboutToShow.emit()
    booth.until(lambda: menu.actions())
    assert not menu.actions()[0].isEnabled()
    new = NewAsset(AssetKind.RECORDING, AssetSource.RECORDED, "Talk")
    asset = booth.studio.library.add(sound_file(tmp_path / "talk.wav", 8.0), new)
    menu.aboutToShow.emit()
    booth.until(lambda: [one.text() for one in menu.actions()] == [asset.name])
    menu.actions()[0].trigger()
    booth.until(booth.checked)
    assert [row.sample.name for row in samples.rows] == [asset.name]
