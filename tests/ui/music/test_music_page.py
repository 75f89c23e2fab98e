"""The Music page: words become chips, chips can be changed, presets are used, pieces come and go."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt

from audiostudio.library import AssetKind, AssetSource, NewAsset
from audiostudio.music.presets import presets
from audiostudio.music.song import Writing
from audiostudio.sound.files import Sound, write_sound
from audiostudio.ui.music.version_card import VersionCard
from tests.ui.music.band import Band, band, open_desktop, profile, studio_tabs, studio_timeline

__all__ = ["band", "open_desktop", "profile", "studio_tabs", "studio_timeline"]


def test_words_become_chips_and_what_is_not_understood_is_said(band: Band) -> None:
    prompt = band.page.compose.prompt
    band.ask("Calm lo-fi at 80 bpm in A minor, 1:30, glorp")
    chips = {name: chip.text() for name, chip in prompt.chips.items()}
    assert chips["genre"] == "Lo-fi"
    assert chips["bpm"] == "80 bpm"
    assert chips["key"] == "A minor"
    assert band.page.compose.length.field.text() == "1:30"
    assert prompt.unknown.isVisible()
    assert "“glorp”" in prompt.unknown.text()
    assert [mark.cursor.selectedText() for mark in prompt.text.extraSelections()] == ["glorp"]
    assert not prompt.contradictions.isVisible()
    band.type(prompt.text, " slow fast")
    band.until(prompt.contradictions.isVisible)


def test_chips_take_no_more_room_than_their_rows(band: Band) -> None:
    prompt = band.page.compose.prompt
    band.ask("Calm ambient, pads and harp, very slow")
    band.until(lambda: len(prompt.chips) >= 4)
    assert prompt.layout().minimumSize().height() <= prompt.heightForWidth(318)
    assert all(chip.geometry().bottom() < prompt.height() for chip in prompt.chips.values())


def test_a_chip_is_changed_and_wins_over_the_words(band: Band) -> None:
    prompt = band.page.compose.prompt
    band.ask("Calm lo-fi at 80 bpm")
    popup = prompt.open("genre")
    popup.take(popup.item("jazz"))
    assert prompt.chips["genre"].text() == "Jazz"
    assert prompt.chips["genre"].isChecked()
    assert band.piece.brief.genre == "jazz"
    assert band.piece.prompt == "Calm lo-fi at 80 bpm"
    many = prompt.open("instruments")
    many.take(many.item("piano"))
    many.take(many.item("piano"))
    assert band.piece.brief.without == ("piano",)
    many.close()
    key = prompt.open("key")
    key.tonic.setCurrentIndex(2)
    assert band.piece.brief.key == "D major"
    key.close()
    band.undo()
    assert band.piece.brief.key is None
    assert band.piece.brief.without == ("piano",)


def test_typing_is_one_undo_step(band: Band) -> None:
    band.ask("lo-fi")
    band.ask(" with piano")
    assert band.piece.prompt == "lo-fi with piano"
    band.undo()
    assert not band.tab.work.pieces
    assert band.page.compose.prompt.prompt == ""


def test_a_length_is_typed_or_chosen(band: Band) -> None:
    length = band.page.compose.length
    band.click(length.chips[90.0])
    assert band.piece.brief.seconds == 90.0
    length.field.setFocus()
    length.field.selectAll()
    band.type(length.field, "2:05")
    band.key(length.field, Qt.Key.Key_Return)
    assert band.piece.brief.seconds == 125.0
    length.field.selectAll()
    band.type(length.field, "for ever")
    assert length.field.property("state") == "error"
    band.key(length.field, Qt.Key.Key_Return)
    assert band.piece.brief.seconds == 125.0
    assert length.field.text() == "2:05"


def test_energy_and_sections_are_drawn_and_given_back(band: Band) -> None:
    compose = band.page.compose
    compose.fold.setChecked(True)
    curve = compose.more.curve
    band.until(lambda: curve.height() == curve.sizeHint().height())
    place = curve.place(3).toPoint()
    band.click(curve, QPoint(place.x(), curve.height() - 12))
    assert band.piece.brief.energy[3] < 0.1
    band.key(curve, Qt.Key.Key_Up)
    assert 0.0 < band.piece.brief.energy[3] <= 0.15
    structure = compose.more.structure
    for kind in ("verse", "chorus", "outro"):
        structure.add(kind)
    band.key(structure.chips[0], Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert band.piece.brief.structure == ("chorus", "verse", "outro")
    band.key(structure.chips[2], Qt.Key.Key_Delete)
    assert band.piece.brief.structure == ("chorus", "verse")
    band.click(compose.more.curve_reset)
    band.click(compose.more.structure_reset)
    assert band.piece.brief.energy == ()
    assert band.piece.brief.structure == ()


def test_a_preset_begins_a_piece_and_another_one_the_next(band: Band) -> None:
    gallery = band.page.gallery
    band.until(lambda: gallery.genres is not None)
    assert set(gallery.cards) == set(presets())
    first, second = list(gallery.cards)[:2]
    band.ask("Something else")
    band.click(gallery.cards[first].use)
    assert len(band.tab.work.pieces) == 1
    assert band.piece.prompt == presets()[first].prompt
    band.tab.work.change("Made", versions=("an asset",))
    band.click(gallery.cards[second].use)
    assert [one.title for one in band.tab.work.pieces] == [presets()[first].title, presets()[second].title]
    assert band.piece.prompt == presets()[second].prompt
    chip = gallery.genres.chip("ambient")
    band.click(chip)
    assert {card.genre for card in gallery.cards.values() if not card.isHidden()} == {"ambient"}


def test_pieces_are_renamed_copied_and_removed_with_undo(band: Band) -> None:
    pieces, work = band.tab.pieces, band.tab.work
    work.begin(title="One")
    work.begin(title="Two", lyrics="la")
    pieces.list.setCurrentRow(0)
    assert band.piece.title == "One"
    pieces.list.item(0).setText("First")
    assert [one.title for one in work.pieces] == ["First", "Two"]
    pieces.duplicate()
    assert [one.title for one in work.pieces] == ["First", "First 2", "Two"]
    assert band.piece.title == "First 2"
    band.key(pieces.list, Qt.Key.Key_Delete)
    assert [one.title for one in work.pieces] == ["First", "Two"]
    assert band.desktop.toasts()
    band.undo()
    assert [one.title for one in work.pieces] == ["First", "First 2", "Two"]


def test_how_a_project_was_left_is_remembered(band: Band, open_desktop: object) -> None:
    band.ask("lo-fi")
    band.page.go("score")
    band.page.compose.more.count.choose("3")
    band.page.compose.fold.setChecked(True)
    again = Band(open_desktop())  # type: ignore[operator]
    again.desktop.window.show_tab("music")
    again.until(lambda: again.desktop.window.tabs.page("music") is not None)
    assert again.piece.prompt == "lo-fi"
    assert again.page.shown == "score"
    assert again.page.compose.more.count.value() == "3"
    assert again.page.compose.fold.isChecked()
    assert not again.page.score.body.isVisible()
    again.click(again.page.score.empty.button)
    assert again.page.shown == "presets"


def test_a_song_from_the_start_page(band: Band) -> None:
    window = band.desktop.window
    window.show_start()
    band.click(window.start_page.song)
    assert window.centre.currentWidget() is not window.start_page
    band.until(lambda: window.tabs.page("music") is not None)
    assert band.piece.writing == Writing.CUSTOM


def test_a_card_with_little_room_leaves_words_out_and_cuts_nothing_off(band: Band, tmp_path: Path) -> None:
    file = tmp_path / "Piece.wav"
    write_sound(file, Sound(np.zeros((2, 4800), np.float32), 48_000))
    library = band.desktop.studio.library
    new = NewAsset(AssetKind.MUSIC, AssetSource.COMPOSED, "Piece", detail={"seed": 7, "bpm": 120.0})
    asset = library.add(file, new)
    card = VersionCard(asset, band.page.shelf, band.page)
    card.show_kept(False, True)
    for width, words in ((700, True), (300, False), (700, True)):
        card.resize(width, 116)
        card.show()
        assert (card.seed.isVisible(), bool(card.to_timeline.text()), bool(card.keep.text())) == (words, words, words)
        band.until(lambda width=width: card.layout().minimumSize().width() <= width)
        assert card.to_timeline.accessibleName() == "To the timeline"
    card.close()


def test_an_engine_that_is_not_installed_says_what_it_needs_and_shows_only_what_it_heeds(band: Band) -> None:
    compose = band.page.compose
    compose.fold.setChecked(True)
    assert compose.more.curve.isVisible()
    box = compose.engine.box
    box.setCurrentIndex(box.findData("musicgen"))
    box.activated.emit(box.currentIndex())
    assert band.piece.engine == "musicgen"
    band.until(compose.engine.install.isVisible)
    assert "MusicGen small" in compose.engine.state.text()
    assert compose.engine.sale.property("tone") == "error"
    assert not compose.make.isEnabled()
    assert not compose.more.curve.isVisible()
    assert compose.guides["melody"].isVisible()
    controls = compose.engine.panel.controls
    assert controls["guidance"].value() == 3.0
    assert controls["top_k"].value() == 250
    controls["model"].setCurrentIndex(controls["model"].findData("musicgen-medium"))
    assert dict(band.piece.options) == {"model": "musicgen-medium"}
    band.until(lambda: "MusicGen medium" in compose.engine.state.text())
    band.click(compose.length.chips[180.0])
    assert not compose.longest.isVisible()
    band.undo()
    band.undo()
    assert dict(band.piece.options) == {}
