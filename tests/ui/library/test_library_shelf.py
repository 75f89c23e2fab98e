"""What is looked at: as plain data, and as search, chips, tags, order and places show it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QMenu
from pytestqt.qtbot import QtBot

from audiostudio.library import AssetKind, Library, MediaInfo, Sort
from audiostudio.ui.library import care
from audiostudio.ui.library.shelf import Order, Place, Shelf
from tests.ui.library.conftest import (
    Open,
    add_file,
    add_many,
    add_sound,
    choose,
    film_file,
    names,
    picture_file,
    settled,
    toasts,
    undo_button,
)  # fmt: skip


def test_a_shelf_asks_the_library_for_what_it_says() -> None:
    shelf = Shelf(groups=("music",), tags=("calm",), text=" sea ", order=Order.LONGEST)
    query = shelf.query()
    assert query.kinds == (AssetKind.MUSIC, AssetKind.SONG)
    assert (query.tags, query.text, query.sort, query.descending) == (("calm",), " sea ", Sort.DURATION, True)
    assert shelf.at(Place.BIN).query().binned
    assert shelf.at(Place.FOLDER, 7).query().folder == 7
    assert shelf.at(Place.ALL, 7).query().folder is None


def test_words_put_the_best_match_first_unless_another_order_was_chosen() -> None:
    assert Shelf(text="sea").query().sort is Sort.RELEVANCE
    assert Shelf(text="  ").query().sort is Sort.CREATED
    assert Shelf(text="sea", order=Order.NAME).query().sort is Sort.NAME


@pytest.mark.parametrize(
    "damaged", [None, 3, {}, {"place": "moon"}, {"place": "folder", "folder": "x", "order": "name"}]
)
def test_what_was_remembered_badly_is_the_whole_library(damaged: object) -> None:
    assert Shelf.from_json(damaged) == Shelf()


def test_a_shelf_is_remembered_without_what_hides_things() -> None:
    shelf = Shelf(Place.FOLDER, 3, ("music",), ("calm",), "sea", Order.NAME, takes=True)
    assert Shelf.from_json(shelf.to_json()) == Shelf(Place.FOLDER, 3, order=Order.NAME, takes=True)


def mixed(library: Library) -> None:
    add_sound(library, "Harbour intro", 2.0, tags=("calm", "draft"))
    add_sound(library, "City intro", 1.0, tags=("draft",))
    add_sound(library, "Slow tide", 3.0, kind=AssetKind.MUSIC)
    add_file(library, picture_file(library.folder / "Harbour.png"), AssetKind.IMAGE, MediaInfo(width=160, height=90))
    film = MediaInfo(2.4, width=160, height=90)
    add_file(library, film_file(library.folder / "Opening.mp4"), AssetKind.FILM, film)


def test_the_newest_stand_first_and_typing_searches(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(mixed)
    assert names(panel) == ["Opening", "Harbour", "Slow tide", "City intro", "Harbour intro"]
    assert panel.filters.count.text() == "5 items"
    qtbot.keyClicks(panel.search, "harb")
    qtbot.waitUntil(lambda: names(panel) == ["Harbour", "Harbour intro"])
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: panel.model.total == 5)


def test_only_kinds_that_exist_are_offered_and_filter(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(mixed)
    chips = panel.filters.chips
    assert [chips.chip(key).text() for key in ("", "voice", "music", "picture", "film")] == [
        "All", "Voice", "Music", "Pictures", "Films",
    ]  # fmt: skip
    assert "sound" not in chips._chips
    qtbot.mouseClick(chips.chip("film"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(panel) == ["Opening"])
    qtbot.mouseClick(chips.chip(""), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.model.total == 5)


def test_one_kind_alone_needs_no_chips(open_panel: Open) -> None:
    assert open_panel(lambda library: add_sound(library, "Intro")).filters.chips is None


def test_tags_narrow_and_are_shown_as_on(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(mixed)
    menu = panel.filters.tags_menu()
    assert [action.text() for action in menu.actions()] == ["calm\t1", "draft\t2"]
    menu.actions()[1].trigger()
    qtbot.waitUntil(lambda: names(panel) == ["City intro", "Harbour intro"])
    panel.filters.tags_menu().actions()[0 if panel.shelf.tags != ("draft",) else 1].trigger()
    qtbot.waitUntil(lambda: names(panel) == ["Harbour intro"])
    assert panel.filters.tags.isChecked()
    panel.filters.tags_menu().actions()[-1].trigger()
    qtbot.waitUntil(lambda: panel.model.total == 5)


def test_the_order_is_chosen_and_remembered(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(mixed)
    next(a for a in panel.filters.order_menu().actions() if a.text() == "Longest first").trigger()
    qtbot.waitUntil(lambda: names(panel)[0] == "Slow tide")
    qtbot.mouseClick(panel.look, Qt.MouseButton.LeftButton)
    panel.window().close()
    again = open_panel()
    assert names(again)[0] == "Slow tide"
    assert again.view.mode == "list"


@pytest.mark.long
def test_nothing_found_offers_everything_again(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(mixed)
    qtbot.keyClicks(panel.search, "zebra")
    qtbot.waitUntil(lambda: panel.pages.currentWidget() is panel.empty)
    assert panel.empty.shown.sentence.text() == "Nothing here matches."
    qtbot.mouseClick(panel.empty.shown.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.model.total == 5)
    assert panel.search.text() == ""


def test_an_empty_library_says_how_to_begin(open_panel: Open) -> None:
    panel = open_panel()
    assert panel.pages.currentWidget() is panel.empty
    assert "Drop sounds" in panel.empty.shown.sentence.text()
    assert panel.empty.shown.button.text() == "Import files"


def place_names(panel: object) -> list[str]:
    return [item.text(0) for item in panel.places._items()]


def test_folders_are_made_renamed_filled_and_removed(
    qtbot: QtBot, open_panel: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = open_panel(mixed)
    assert place_names(panel) == ["All media", "Favourites", "Bin"]
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("Harbour film", True))
    panel.folders.menu(None).actions()[0].trigger()
    qtbot.waitUntil(lambda: "Harbour film" in place_names(panel))
    (folder,) = panel.library.folders()
    choose(panel, "Harbour intro", "Slow tide")
    panel.places.assets_dropped.emit([asset.id for asset in panel.view.here()], Place.FOLDER, folder.id)
    qtbot.waitUntil(lambda: bool(toasts(panel)))
    assert toasts(panel)[-1] == "2 items moved to “Harbour film”."
    panel.places.choose(Place.FOLDER, folder.id)
    qtbot.waitUntil(lambda: names(panel) == ["Slow tide", "Harbour intro"])
    panel.places.edit_folder(folder.id)
    editor = panel.places.focusWidget()
    qtbot.keyClicks(editor, "Sea film")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.library.folders()[0].name == "Sea film")
    settled(qtbot, panel)
    panel.places.setFocus()
    qtbot.keyClick(panel.places, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: panel.library.folders() == ())
    qtbot.waitUntil(lambda: panel.shelf.place is Place.ALL and panel.model.total == 5)
    qtbot.mouseClick(undo_button(panel), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Sea film" in place_names(panel))
    assert len(panel.library.search(Shelf(Place.FOLDER, folder.id).query()).assets) == 2


def test_a_folder_that_somebody_else_removes_leaves_the_whole_library(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(mixed)
    folder = panel.library.create_folder("Short-lived")
    settled(qtbot, panel)
    panel.places.choose(Place.FOLDER, folder.id)
    qtbot.waitUntil(lambda: panel.model.total == 0)
    with Library.open(panel.library.folder) as other:
        other.remove_folder(folder.id)
    qtbot.waitUntil(lambda: panel.model.total == 5)
    assert panel.shelf.place is Place.ALL


@pytest.mark.long
def test_a_long_library_comes_as_it_is_scrolled(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(lambda library: add_many(library, 200))
    panel.set_mode("list")
    assert panel.model.total == 200
    assert names(panel)[0] == "Note 0199"
    assert names(panel)[-1] == ""
    bar = panel.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: names(panel)[-1] == "Note 0000")


def test_the_rail_leads_to_sounds_pictures_and_films(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(mixed)
    actions = {action.text(): action for action in panel.rail_actions()}
    actions["Sounds"].trigger()
    qtbot.waitUntil(lambda: names(panel) == ["Slow tide", "City intro", "Harbour intro"])
    actions["Pictures"].trigger()
    qtbot.waitUntil(lambda: names(panel) == ["Harbour"])
    actions["Search the library"].trigger()
    assert panel.search.hasFocus()


def test_the_menu_of_the_library_folds_it(open_panel: Open) -> None:
    panel = open_panel()
    menu = QMenu(panel)
    care.fill_menu(panel, menu)
    assert "Show or fold the library" in [one.text() for one in menu.actions()]
