"""“My voices”, used as people use it, on real folders."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QMenu, QWidget

from audiostudio.operations.studio import Studio
from audiostudio.ui.cloning.voices import VoicesPage
from audiostudio.ui.cloning.voices.page import VoicesPage as Page
from audiostudio.ui.desk import Tab
from audiostudio.ui.speech import SpeechTab
from audiostudio.ui.speech.export_dialog import ExportDialog
from audiostudio.ui.widgets import AskDialog
from tests.ui.own_voices import make_voice
from tests.ui.speaking import Desktop, OpenDesktop, open_desktop, script

__all__ = ["open_desktop"]


@pytest.fixture
def studio_tabs() -> tuple[Tab, ...]:
    return (
        Tab("speech", "Text to Speech", "speech", SpeechTab),
        Tab("cloning", "Voice Cloning", "user-round", VoicesPage),
    )


@pytest.fixture
def keeping(open_desktop: OpenDesktop) -> Desktop:
    made = open_desktop()
    made.choose("tone")
    made.window.show_tab("cloning")
    made.until(lambda: made.window.tabs.page("cloning") is not None)
    return made


def page_of(desktop: Desktop) -> Page:
    page = desktop.window.tabs.page("cloning")
    assert isinstance(page, Page)
    return page


def choose(desktop: Desktop, name: str) -> QWidget:
    """Click its tile."""
    page = page_of(desktop)
    desktop.until(lambda: name in [kept.card.name for kept in page.shelf.voices])
    identity = next(kept.voice.id for kept in page.shelf.voices if kept.card.name == name)
    tile = page.tiles.reveal(identity)
    assert tile is not None
    desktop.qtbot.mouseClick(tile, Qt.MouseButton.LeftButton, pos=QPoint(150, 12))
    assert page.chosen is not None
    assert page.chosen.voice.id == identity
    return tile


def names(page: Page) -> list[str]:
    return [page.tiles.tiles[identity].kept.card.name for identity in page.tiles.ids]


@contextmanager
def answering(yes: bool) -> Iterator[list[str]]:
    """Answers the next question; what it said."""
    said: list[str] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, AskDialog):
            QTimer.singleShot(5, answer)
            return
        said.append(dialog.windowTitle())
        (dialog.agree if yes else dialog.refuse).click()

    QTimer.singleShot(0, answer)
    yield said


def terms_of_export(desktop: Desktop) -> str:
    """What the dialog of an export says about selling."""
    said: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, ExportDialog):
            QTimer.singleShot(5, look)
            return
        said.append(dialog.terms.text() if dialog.terms.isVisible() else "")
        dialog.reject()

    QTimer.singleShot(0, look)
    desktop.tab.exporting.ask()
    return said[0]


def test_a_voice_made_by_anybody_appears_at_once_with_its_terms(keeping: Desktop) -> None:
    page = page_of(keeping)
    assert page.empty.isVisible()
    with keeping.qtbot.waitSignal(page.make_new):
        keeping.click(page.empty.button)
    other = Studio(keeping.studio.profile)  # as another process has it
    make_voice(other, "Maya", commercial=False, method="clone")
    keeping.until(lambda: names(page) == ["Maya"])
    assert not page.empty.isVisible()
    tile = page.tiles.tiles[page.tiles.ids[0]]
    assert (tile.method.text(), tile.sale.text()) == ("Cloned", "May not be sold")
    keeping.window.show_tab("speech")
    card = keeping.tab.gallery.reveal(page.tiles.ids[0])
    assert card is not None
    assert "May not be sold" in card.accessibleDescription()
    assert "Cloned" in card.accessibleDescription()
    kept = other.voices.voices()[0]
    other.voices.throw_away(kept.voice.id)
    keeping.until(lambda: keeping.tab.gallery.reveal(kept.voice.id) is None)


def test_what_is_written_on_the_card_is_on_the_disk(keeping: Desktop) -> None:
    for name in ("Maya", "Giorgi"):
        make_voice(keeping.studio, name)
    page = page_of(keeping)
    folder = Studio(keeping.studio.profile).voices

    def card(name: str = "Narrator") -> object:
        return next((kept.card for kept in folder.voices() if kept.card.name == name), None)

    tile = choose(keeping, "Maya")
    keeping.qtbot.keyClick(tile, Qt.Key.Key_F2)
    assert page.details.sheet.name.hasFocus()
    keeping.qtbot.keyClicks(page.details.sheet.name, "Narrator")
    keeping.qtbot.keyClick(page.details.sheet.name, Qt.Key.Key_Return)
    keeping.until(lambda: "Narrator" in names(page))
    sheet = page.details.sheet
    sheet.description.setFocus()
    keeping.qtbot.keyClicks(sheet.description, "Warm and slow")
    sheet.sentence.setFocus()
    keeping.until(lambda: card().description == "Warm and slow")
    keeping.qtbot.keyClicks(page.details.sheet.sentence, "Hello there.")
    keeping.qtbot.keyClick(page.details.sheet.sentence, Qt.Key.Key_Return)
    keeping.until(lambda: card().sentence == "Hello there.")
    for tag in ("promo", "podcast"):
        keeping.qtbot.keyClicks(page.details.sheet.new_tag, tag)
        keeping.qtbot.keyClick(page.details.sheet.new_tag, Qt.Key.Key_Return)
        keeping.until(lambda tag=tag: tag in card().tags)
        keeping.until(lambda tag=tag: tag in page.chosen.card.tags)
    keeping.click(page.details.sheet.slot.button("B"))
    keeping.until(lambda: card().slot == "B")
    keeping.qtbot.keyClick(choose(keeping, "Giorgi"), Qt.Key.Key_B)
    keeping.until(lambda: card("Giorgi").slot == "B" and card().slot == "")
    keeping.until(lambda: page.tiles.tiles[page.chosen.voice.id].slot.text() == "B")


@pytest.mark.long
def test_search_and_order_find_voices(keeping: Desktop) -> None:
    page = page_of(keeping)
    for name, tags in (("Zoe", ("promo",)), ("Émile", ()), ("Ana", ("promo", "kids"))):
        make_voice(keeping.studio, name, tags=tags)
    keeping.until(lambda: names(page) == ["Ana", "Émile", "Zoe"])  # the newest first
    page.order.setCurrentIndex(page.order.findData("name"))
    assert names(page) == ["Ana", "Émile", "Zoe"]
    keeping.qtbot.keyClicks(page.search, "promo")
    keeping.until(lambda: names(page) == ["Ana", "Zoe"])
    page.search.setText("emile")
    assert names(page) == ["Émile"]
    page.search.setText("nobody")
    assert page.nothing.isVisible()
    keeping.click(page.nothing.button)
    assert len(names(page)) == 3
    tile = page.tiles.reveal(page.tiles.ids[0])
    tile.setFocus()
    keeping.qtbot.keyClick(tile, Qt.Key.Key_Down)
    assert page.chosen.card.name == "Émile"
    keeping.qtbot.keyClick(page.tiles.tiles[page.chosen.voice.id], Qt.Key.Key_Return)
    assert page.details.sheet.play.hasFocus()


@pytest.mark.long
def test_a_voice_its_recordings_and_its_consent_are_heard(keeping: Desktop) -> None:
    make_voice(keeping.studio, "Maya", sentence="Short words.")
    page = page_of(keeping)
    tile = choose(keeping, "Maya")
    keeping.qtbot.keyClick(tile, Qt.Key.Key_P)
    assert page.sounds.previews.key == page.chosen.voice.id
    keeping.until(lambda: page.sounds.listening.playing)
    assert page.sounds.previews._now.text == "Short words."
    keeping.click(page.details.sheet.play)
    assert page.sounds.previews.key is None
    for key in ("consent", "sample 1"):
        keeping.click(page.details.sheet.record.rows[key].play)
        keeping.until(lambda: page.sounds.listening.playing)
        assert page.sounds.previews.key == key
    keeping.window.show_tab("speech")
    assert page.sounds.previews.key is None


def test_a_picture_is_scaled_and_lies_with_the_voice(keeping: Desktop, tmp_path: Path) -> None:
    make_voice(keeping.studio, "Maya")
    page = page_of(keeping)
    choose(keeping, "Maya")
    picture = tmp_path / "me.png"
    image = QImage(1600, 900, QImage.Format.Format_RGB32)
    image.fill(0xFF3366)
    assert image.save(str(picture))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(picture))])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    drop = QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, data, buttons, keys)
    page.details.sheet.dropEvent(drop)
    keeping.until(lambda: page.chosen.card.picture)
    kept = QImage(str(keeping.studio.voices.picture(page.chosen.voice.id)))
    assert max(kept.width(), kept.height()) <= 512
    assert kept.pixelColor(5, 5).red() > 200
    keeping.until(lambda: page.details.sheet.portrait.has_picture)
    keeping.until(lambda: page.tiles.tiles[page.chosen.voice.id].portrait.has_picture)
    (tmp_path / "words.png").write_text("no picture")
    page.acting.set_picture(str(tmp_path / "words.png"))
    keeping.until(lambda: any("has no picture" in said for said in keeping.toasts()))
    keeping.click(page.details.sheet.no_picture)
    keeping.until(lambda: not page.chosen.card.picture)


@pytest.mark.long
def test_the_bin_gives_back_until_it_is_emptied(keeping: Desktop) -> None:
    for name in ("Maya", "Giorgi"):
        make_voice(keeping.studio, name)
    page = page_of(keeping)
    keeping.qtbot.keyClick(choose(keeping, "Maya"), Qt.Key.Key_Delete)
    keeping.until(lambda: names(page) == ["Giorgi"])
    toast = next(toast for toast in keeping.window.message_area.toasts if "Maya" in toast.sentence.text())
    keeping.click(toast.action)
    keeping.until(lambda: sorted(names(page)) == ["Giorgi", "Maya"])
    choose(keeping, "Giorgi")
    keeping.click(page.details.sheet.bin)
    keeping.until(lambda: names(page) == ["Maya"])
    keeping.click(page.bin)
    assert names(page) == ["Giorgi"]
    keeping.click(page.details.sheet.back)
    keeping.until(lambda: not page.bin.isVisible() and len(names(page)) == 2)
    keeping.qtbot.keyClick(choose(keeping, "Giorgi"), Qt.Key.Key_Delete)
    keeping.until(lambda: names(page) == ["Maya"])
    keeping.click(page.bin)
    with answering(yes=False):
        keeping.click(page.empty_bin)
    assert keeping.studio.voices.binned()
    with answering(yes=True) as said:
        keeping.click(page.empty_bin)
    assert said == ["Empty the bin"]
    keeping.until(lambda: not keeping.studio.voices.binned())
    keeping.until(lambda: names(page) == ["Maya"])


def test_voices_of_the_same_recordings_are_noticed(keeping: Desktop) -> None:
    first = make_voice(keeping.studio, "Maya", hz=200.0)
    make_voice(keeping.studio, "Maya too", hz=200.0)
    make_voice(keeping.studio, "Maya as she speaks to children", hz=200.0)
    make_voice(keeping.studio, "Giorgi")
    page = page_of(keeping)
    choose(keeping, "Maya too")
    links = [link for link in page.details.sheet.findChildren(QWidget) if link.property("kind") == "ghost"]
    link = next(link for link in links if link.text() == "Maya")
    words = next(one for one in link.parentWidget().findChildren(QLabel) if "same person" in one.text())
    assert words.width() > 0.9 * link.parentWidget().width()
    keeping.click(link)
    assert page.chosen.voice.id == first.voice.id
    choose(keeping, "Giorgi")
    assert page.shelf.twins(page.chosen) == []


@pytest.mark.long
def test_a_voice_is_cast_from_its_page_and_by_its_slot(keeping: Desktop) -> None:
    maya = make_voice(keeping.studio, "Maya", slot="A", commercial=False).voice.id
    giorgi = make_voice(keeping.studio, "Giorgi", slot="B").voice.id
    keeping.window.show_tab("speech")
    keeping.paste(f"{script(2)}\nEMMA: Good morning, everybody.")
    keeping.window.show_tab("cloning")
    page = page_of(keeping)
    choose(keeping, "Maya")
    keeping.click(page.details.sheet.use)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    next(action for action in menu.actions() if action.text() == "EMMA").trigger()
    menu.close()
    project = keeping.session.project
    assert project.cast.role("EMMA").voice.voice == maya
    assert any("EMMA speaks as “Maya” now." in said for said in keeping.toasts())
    keeping.window.show_tab("speech")
    keeping.go_to(1)
    keeping.window.commands.run("speech.slot.B")
    lines = keeping.session.project.script.lines
    assert [keeping.session.project.voice_of(line).voice for line in lines] == ["tone", giorgi, maya]
    keeping.window.commands.run("speech.slot.C")
    assert any("No voice is in slot C." in said for said in keeping.toasts())
    assert keeping.tab.voices.title(maya) == "Maya"
    assert keeping.generate()["made"] == 3
    assert keeping.studio.library is not None  # open from now on
    keeping.window.show_tab("cloning")
    keeping.until(lambda: page.shelf.use(choose(keeping, "Giorgi").kept).count == 1)
    assert "used once" in page.tiles.tiles[giorgi].about.text()
    keeping.window.show_tab("speech")
    assert terms_of_export(keeping) == "This may not be sold: the terms of “Maya” forbid it."


@pytest.mark.long
def test_a_voice_that_was_thrown_away_is_told_and_brought_back(keeping: Desktop) -> None:
    maya = make_voice(keeping.studio, "Maya").voice.id
    keeping.window.show_tab("speech")
    keeping.paste("EMMA: Good morning, everybody.")
    keeping.until(lambda: keeping.tab.gallery.reveal(maya) is not None)
    keeping.tab.voice.scope.choose("role")
    keeping.click(keeping.tab.gallery.reveal(maya))
    assert keeping.session.project.cast.role("EMMA").voice.voice == maya
    keeping.studio.voices.throw_away(maya)
    keeping.until(keeping.tab.voice.back.isVisible)
    assert keeping.tab.voice.name.text() == "Maya"
    assert "bin" in keeping.tab.voice.about.text()
    keeping.tab.deck.go("cast")
    row = keeping.tab.deck.page("cast").rows["EMMA"]
    keeping.until(lambda: row.voice.toolTip() == "It is in the bin.")
    assert row.voice.text() == "Maya"
    keeping.tab.generate()
    assert any("The voice “Maya” is in the bin." in said for said in keeping.toasts())
    assert keeping.session.project.takes == ()
    keeping.click(keeping.tab.voice.back)
    keeping.until(lambda: not keeping.tab.voice.back.isVisible())
    assert keeping.generate()["made"] == 1
    keeping.studio.voices.throw_away(maya)
    keeping.studio.voices.empty_bin()
    keeping.until(lambda: keeping.tab.voice.name.text() == "A voice that is gone")
    assert "choose another" in keeping.tab.voice.about.text()
    keeping.click(keeping.tab.gallery.reveal("tone"))
    assert keeping.session.project.cast.role("EMMA").voice.voice == "tone"


def test_dialogs_of_files_are_cancelled_without_a_trace(keeping: Desktop, monkeypatch: pytest.MonkeyPatch) -> None:
    make_voice(keeping.studio, "Maya")
    page = page_of(keeping)
    choose(keeping, "Maya")
    for name, nothing in (("getOpenFileName", ("", "")), ("getOpenFileNames", ([], "")), ("getSaveFileName", ("", ""))):
        monkeypatch.setattr(QFileDialog, name, lambda *_given, nothing=nothing: nothing)
    keeping.click(page.details.sheet.picture)
    keeping.click(page.bring)
    keeping.click(page.details.sheet.share)
    page.acting.share_dialog.agree.click()
    assert keeping.window.jobs.active == ()


@pytest.mark.long
def test_a_shared_voice_is_brought_in_with_its_terms_or_refused(
    keeping: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    maya = make_voice(keeping.studio, "Maya", engine="kokoro", commercial=False).voice.id
    page = page_of(keeping)
    choose(keeping, "Maya")
    file = tmp_path / "Maya.asvoice"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_given: (str(tmp_path / "Maya"), ""))
    keeping.click(page.details.sheet.share)
    dialog = page.acting.share_dialog
    assert "May not be sold".lower() in "".join(label.text() for label in dialog.findChildren(QLabel))
    dialog.whole.setChecked(True)
    keeping.click(dialog.agree)
    keeping.until(lambda: any("“Maya” is in one file." in said for said in keeping.toasts()))
    assert file.is_file()
    keeping.studio.voices.throw_away(maya)
    keeping.studio.voices.empty_bin()
    keeping.until(lambda: names(page) == [])
    torn = bytearray(file.read_bytes())
    torn[len(torn) // 2] ^= 0xFF
    (tmp_path / "torn.asvoice").write_bytes(torn)
    for path in (tmp_path / "torn.asvoice", file):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        page.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, keys))
        if path != file:
            keeping.until(lambda: any("torn.asvoice" in said for said in keeping.toasts()))
            assert keeping.studio.voices.voices() == ()
    keeping.until(lambda: names(page) == ["Maya"])
    keeping.until(lambda: any("“Maya” is among your voices." in said for said in keeping.toasts()))
    toast = next(toast for toast in keeping.window.message_area.toasts if "among your voices" in toast.sentence.text())
    assert "May not be sold" in toast.hint.text()
    assert "Signed by" in toast.hint.text()
    assert page.chosen.card.name == "Maya"
    assert len([sample for sample in page.chosen.voice.samples if sample.file]) == 2
