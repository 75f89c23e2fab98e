"""What is changed here reaches the library and its files; what others change is seen here."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QInputDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from audiostudio.library import AssetKind, Library, MediaInfo, Query
from audiostudio.profile import Profile
from audiostudio.rights import Rights
from audiostudio.ui.library.details import recipe_words, sale_words
from audiostudio.ui.library.shelf import Place
from tests.ui.library.conftest import (
    Open,
    add_file,
    add_many,
    add_sound,
    choose,
    names,
    picture_file,
    settled,
    toasts,
    undo_button,
)  # fmt: skip

ADD_FROM_ANOTHER_PROCESS = """
import sys
from pathlib import Path
from audiostudio.library import AssetKind, AssetSource, Library, NewAsset
folder = Path(sys.argv[1])
with Library.open(folder) as library:
    for name in sys.argv[2:]:
        file = folder / "new.txt"
        file.write_text(name)
        library.add(file, NewAsset(AssetKind.DOCUMENT, AssetSource.UPLOADED, name))
"""


def some(library: Library) -> None:
    add_sound(library, "Intro", tags=("draft",))
    add_sound(library, "Middle")
    add_sound(library, "Outro")


def test_a_name_is_changed_in_place_and_so_is_the_file(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(some)
    choose(panel, "Middle")
    before = panel.view.current().path
    qtbot.keyClick(panel.view, Qt.Key.Key_F2)
    editor = panel.view.viewport().focusWidget()
    qtbot.keyClicks(editor, "The long middle")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "The long middle" in names(panel))
    asset = panel.view.current()
    assert asset.name == "The long middle"
    assert "The long middle" in asset.path.name
    assert asset.path.is_file()
    assert not before.exists()


def test_escape_leaves_a_name_as_it_was(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(some)
    choose(panel, "Middle")
    qtbot.keyClick(panel.view, Qt.Key.Key_F2)
    editor = panel.view.viewport().focusWidget()
    qtbot.keyClicks(editor, "Something else")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    settled(qtbot, panel)
    assert sorted(names(panel)) == ["Intro", "Middle", "Outro"]


def test_a_name_that_is_being_typed_outlives_what_others_change(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(some)
    choose(panel, "Middle")
    qtbot.keyClick(panel.view, Qt.Key.Key_F2)
    editor = panel.view.viewport().focusWidget()
    qtbot.keyClicks(editor, "Half a na")
    with Library.open(panel.library.folder) as other:
        add_sound(other, "From elsewhere")
    panel.look_again()
    qtbot.keyClicks(editor, "me")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Half a name" in names(panel))
    settled(qtbot, panel)
    assert sorted(names(panel)) == ["From elsewhere", "Half a name", "Intro", "Outro"]


def test_a_star_is_clicked_and_favourites_show_it(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(some)
    row = names(panel).index("Intro")
    box = panel.view.visualRect(panel.model.index(row))
    star = panel.view.itemDelegate().star_rect(box).center()
    qtbot.mouseMove(panel.view.viewport(), star)
    qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=star)
    qtbot.waitUntil(lambda: panel.model.asset(row).favourite)
    panel.places.choose(Place.FAVOURITES)
    qtbot.waitUntil(lambda: names(panel) == ["Intro"])
    assert panel.library.search(Query(favourite=True)).total == 1


def test_what_is_deleted_lies_in_the_bin_and_comes_back(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(some)
    choose(panel, "Intro", "Outro")
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: names(panel) == ["Middle"])
    assert toasts(panel) == ["2 items are in the bin."]
    qtbot.mouseClick(undo_button(panel), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.model.total == 3)
    choose(panel, "Middle")
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: panel.model.total == 2)
    panel.places.choose(Place.BIN)
    qtbot.waitUntil(lambda: names(panel) == ["Middle"])
    choose(panel, "Middle")
    next(a for a in panel.actions.menu().actions() if a.text() == "Restore").trigger()
    qtbot.waitUntil(lambda: panel.model.total == 0)
    assert panel.library.search().total == 3


def test_after_a_deletion_the_next_one_is_chosen_and_details_follow(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(some)
    first, second, third = names(panel)
    choose(panel, second)
    panel.show_details()
    qtbot.waitUntil(lambda: panel.details.asset is not None and panel.details.asset.name == second)
    for chosen in (third, first):  # at the end the one before
        qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
        qtbot.waitUntil(lambda chosen=chosen: [asset.name for asset in panel.view.here()] == [chosen])
        qtbot.waitUntil(lambda chosen=chosen: panel.details.asset is not None and panel.details.asset.name == chosen)
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: panel.model.total == 0 and panel.details.asset is None)
    assert panel.details.nothing.isVisible()
    assert not panel.details.star.isEnabled()


def test_things_are_moved_to_a_folder_that_is_made_for_them(
    qtbot: QtBot, open_panel: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = open_panel(some)
    choose(panel, "Intro", "Outro")
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("Episode 1", True))
    places = next(a.menu() for a in panel.actions.menu().actions() if a.text() == "Move to a folder")
    next(a for a in places.actions() if a.text() == "New folder…").trigger()
    qtbot.waitUntil(lambda: bool(toasts(panel)))
    assert toasts(panel) == ["2 items moved to “Episode 1”."]
    (folder,) = panel.library.folders()
    assert sorted(asset.name for asset in panel.library.search(Query(folder=folder.id)).assets) == ["Intro", "Outro"]


def answer(monkeypatch: pytest.MonkeyPatch, words: str) -> None:
    """Click the button of that name in the next question."""

    def exec_(box: QMessageBox) -> None:
        button = next(b for b in box.findChildren(QPushButton) if b.text() == words)
        button.click()

    monkeypatch.setattr(QMessageBox, "exec", exec_)


def test_ctrl_z_in_the_library_takes_back_what_was_done_there(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(some)
    panel.view.setFocus()
    choose(panel, "Intro", "Middle", "Outro")
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: panel.model.total == 0)
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    override.ignore()
    QApplication.sendEvent(panel, override)
    assert override.isAccepted()  # before the window takes it for the script's undo
    qtbot.keyClick(panel, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: panel.model.total == 3)


def test_the_bin_is_emptied_only_when_the_user_is_sure(
    qtbot: QtBot, open_panel: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = open_panel(some)
    files = [asset.path for asset in panel.library.search().assets]
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: panel.model.total == 0)
    answer(monkeypatch, "Cancel")
    panel.desk.commands.run("library.empty_bin")
    assert all(file.is_file() for file in files)
    answer(monkeypatch, "Empty the bin")
    panel.desk.commands.run("library.empty_bin")
    qtbot.waitUntil(lambda: "3 items were deleted." in toasts(panel))
    assert not any(file.exists() for file in files)
    assert panel.library.search(Query(binned=True)).total == 0


@pytest.mark.long
def test_everything_selected_means_also_what_was_never_in_sight(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(lambda library: add_many(library, 150))
    panel.set_mode("list")
    panel.view.setFocus()
    qtbot.keyClick(panel.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert panel.filters.count.text() == "150 items  ·  150 selected"
    assert "" in names(panel)
    qtbot.keyClick(panel.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: panel.library.search(Query(binned=True)).total == 150)


def test_arrows_walk_through_the_grid(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(lambda library: add_many(library, 7))
    columns = panel.view._columns()
    assert columns == 2
    panel.view.setFocus()
    walked = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_End, Qt.Key.Key_Home):
        qtbot.keyClick(panel.view, key)
        walked.append(panel.view.currentIndex().row())
    assert walked == [2, 4, 5, 3, 6, 0]


def test_tab_goes_through_the_panel_as_it_is_read_and_leaves_it(qtbot: QtBot, open_panel: Open) -> None:
    def seed(library: Library) -> None:
        some(library)
        picture = picture_file(library.folder / "Beach.png")
        add_file(library, picture, AssetKind.IMAGE, MediaInfo(width=160, height=90))

    panel = open_panel(seed)
    choose(panel, "Beach")
    panel.show_details()
    qtbot.waitUntil(lambda: panel.details.asset is not None)
    panel.bring.setFocus()
    chips = [panel.filters.chips.chip(key) for key in ("", "voice", "picture")]
    wanted = [panel.look, panel.more, panel.search, panel.places, *chips, panel.filters.tags, panel.filters.order]
    wanted += [panel.view, panel.details.star, panel.details.leave, panel.details.sheet.name]
    passed = []
    for _ in wanted:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        passed.append(QApplication.focusWidget())
    assert passed == wanted
    for back in reversed([panel.bring, *wanted[:-1]]):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
        assert QApplication.focusWidget() is back
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Backtab)
    assert not panel.isAncestorOf(QApplication.focusWidget())


@pytest.mark.long
def test_another_process_adds_and_the_selection_and_the_place_stay(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(lambda library: add_many(library, 120))
    panel.set_mode("list")
    bar = panel.view.verticalScrollBar()
    bar.setValue(30 * 52 + 7)
    qtbot.waitUntil(lambda: "Note 0085" in names(panel))
    choose(panel, "Note 0085")
    bar.setValue(30 * 52 + 7)
    arguments = [sys.executable, "-c", ADD_FROM_ANOTHER_PROCESS, str(panel.library.folder), "One", "Two"]
    subprocess.run(arguments, check=True)
    qtbot.waitUntil(lambda: panel.model.total == 122)
    qtbot.waitUntil(lambda: panel.view.current() is not None)
    assert panel.view.current().name == "Note 0085"
    assert [asset.name for asset in panel.view.here()] == ["Note 0085"]
    assert bar.value() == 32 * 52 + 7


def test_details_show_and_change_what_is_known(qtbot: QtBot, open_panel: Open) -> None:
    def seed(library: Library) -> None:
        bed = add_sound(library, "Bed", kind=AssetKind.MUSIC, rights=Rights("CC-BY-NC-4.0", False, "Music: Ida"))
        recipe = {"operation": "speech", "voice": "af_heart", "speed": 1.1, "text": "Hello there."}
        add_sound(library, "Mixed", made_of=(bed,), recipe=recipe, tags=("draft",))

    panel = open_panel(seed)
    choose(panel, "Mixed")
    qtbot.keyClick(panel.view, Qt.Key.Key_Return, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: panel.details.asset is not None)
    sheet = panel.details.sheet
    assert sheet.sale.text() == "May not be sold"
    shown = "\n".join(label.text() for label in sheet.findChildren(type(panel.read_only)))
    for fact in ("48 kHz, mono", "Voice: af_heart", "Speed: 1.1", "Text: Hello there.", "Music: Ida", "Spoken here"):
        assert fact in shown
    qtbot.keyClicks(sheet.new_tag, "client A")
    qtbot.keyClick(sheet.new_tag, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: panel.view.current().tags == ("client A", "draft") or len(panel.view.current().tags) == 2)
    qtbot.waitUntil(lambda: len(panel.details.asset.tags) == 2)
    chip = next(b for b in panel.details.sheet.findChildren(QPushButton) if b.text() == "draft")
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.library.search(Query("mixed")).assets[0].tags == ("client A",))
    name = panel.details.sheet.name
    name.selectAll()
    qtbot.keyClicks(name, "Final mix")
    qtbot.keyClick(name, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Final mix" in names(panel))
    link = next(b for b in panel.details.sheet.findChildren(QPushButton) if b.text() == "Bed")
    qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.details.asset.name == "Bed")


def test_what_may_be_sold_is_said_in_three_ways() -> None:
    assert sale_words(Rights("MIT", True))[1] == "success"
    assert sale_words(Rights("CC-BY-NC-4.0", False))[1] == "error"
    assert sale_words(Rights("unknown", None))[1] == "warning"


def test_a_recipe_of_an_unknown_kind_is_still_shown() -> None:
    assert recipe_words({"operation": "music", "bar_count": 8}) == "Bar count: 8"
    assert recipe_words({"operation": "voiceover", "lines": [["a", 0.3]]}) == "1 spoken line."


def test_a_tag_is_given_to_many_at_once(qtbot: QtBot, open_panel: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = open_panel(some)
    panel.view.selectAll()
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("  client   A ", True))
    next(a for a in panel.actions.menu().actions() if a.text() == "Add a tag…").trigger()
    qtbot.waitUntil(lambda: panel.library.search(Query(tags=("client A",))).total == 3)
    assert set(panel.library.search(Query("intro")).assets[0].tags) == {"client A", "draft"}


def test_a_library_that_can_only_be_read_says_so_and_changes_nothing(
    qtbot: QtBot, open_panel: Open, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library.open(profile.library) as library:
        some(library)
    monkeypatch.setattr(Library, "read_only", property(lambda _self: True))  # nothing is that to root
    panel = open_panel()
    assert panel.read_only.isVisible()
    assert not panel.bring.isEnabled()
    assert not panel.desk.commands.enabled("library.import")
    choose(panel, "Intro")
    menu = {action.text(): action.isEnabled() for action in panel.actions.menu().actions() if action.text()}
    assert not any(menu[name] for name in ("Rename", "Favourite", "Add a tag…", "Move to the bin", "Move to a folder"))
    assert menu["Play"]
    assert menu["Copy"]
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_F2):
        qtbot.keyClick(panel.view, key)
    settled(qtbot, panel)
    assert panel.model.total == 3
    assert not panel.view.editing


def test_a_library_that_was_damaged_meanwhile_is_said_once(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(some)
    panel.library.database.path.write_bytes(b"nonsense" * 10_000)
    panel.library.database._seen = None
    qtbot.keyClicks(panel.search, "intro")
    qtbot.waitUntil(lambda: bool(toasts(panel)))
    assert panel.window().message_area.toasts[0].hint.text()


@pytest.mark.long
def test_the_panel_speaks_every_language(qtbot: QtBot, open_panel: Open) -> None:
    from tests.ui.pseudo import Pseudo, cut_off, untranslated

    def seed(library: Library) -> None:
        add_sound(library, "Intro", tags=("draft",))
        add_file(library, picture_file(library.folder / "Beach.png"), AssetKind.IMAGE, MediaInfo(width=160, height=90))

    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    try:
        panel = open_panel(seed)
        choose(panel, "Intro")
        panel.show_details()
        qtbot.waitUntil(lambda: panel.details.asset is not None)
        data = {"Intro", "Beach", "draft", "Untitled", "Apache-2.0", panel.details.asset.path.name}
        data |= {label.text() for label in panel.details.findChildren(type(panel.read_only)) if "kHz" in label.text()}
        found = [text for text in untranslated(panel, frozenset(data)) if "November" not in text]
        created = panel.details.asset.created.astimezone()
        assert [text for text in found if f"{created:%H:%M}" not in text and " s'" not in text] == []
        assert cut_off(panel) == []
    finally:
        QCoreApplication.removeTranslator(translator)
