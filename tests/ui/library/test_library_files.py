"""Files go out and come in, and what they look like."""

import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QDragEnterEvent, QDropEvent, QGuiApplication, QPixmap
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from audiostudio.library import AssetKind, Library, MediaInfo
from audiostudio.ui.library.arrivals import RefusedDialog
from audiostudio.ui.library.assets import ASSETS
from audiostudio.ui.library.delegates import drag_picture
from audiostudio.ui.library.shelf import Place
from tests.library.made_media import sound as encoded_sound
from tests.ui.library.conftest import (
    WORKER,
    Open,
    add_file,
    add_sound,
    choose,
    film_file,
    names,
    picture_file,
    settled,
    sound_file,
    toasts,
)  # fmt: skip


def three(library: Library) -> None:
    add_sound(library, "Intro")
    add_file(library, picture_file(library.folder / "Harbour.png"), AssetKind.IMAGE, MediaInfo(width=160, height=90))
    film = MediaInfo(2.4, width=160, height=90)
    add_file(library, film_file(library.folder / "Opening.mp4"), AssetKind.FILM, film)


def dragged(panel: object, monkeypatch: pytest.MonkeyPatch) -> tuple[QMimeData, list[Qt.DropAction], QPixmap]:
    """What a drag out of the view carries. The drag itself needs a hand and another window."""
    seen: list[object] = []

    class Drag:
        def __init__(self, source: object) -> None:
            seen.clear()

        def setMimeData(self, data: QMimeData) -> None:
            seen.append(data)

        def setPixmap(self, picture: QPixmap) -> None:
            seen.append(picture)

        def setHotSpot(self, point: QPoint) -> None: ...

        def exec(self, actions: Qt.DropAction) -> None:
            seen.append(actions)

    monkeypatch.setattr("audiostudio.ui.library.view.QDrag", Drag)
    panel.view.startDrag(Qt.DropAction.CopyAction)
    data, picture, actions = seen
    return data, [actions], picture


@pytest.mark.long
def test_what_is_dragged_out_are_the_real_files_to_be_copied(open_panel: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = open_panel(three)
    choose(panel, "Intro", "Opening")
    data, actions, picture = dragged(panel, monkeypatch)
    paths = [Path(url.toLocalFile()) for url in data.urls()]
    assert data.hasFormat("text/uri-list")
    assert [path.suffix for path in paths] == [".mp4", ".wav"]
    assert all(path.is_file() and path.parent == panel.library.media for path in paths)
    assert actions == [Qt.DropAction.CopyAction]
    assert not picture.isNull()


def test_a_missing_file_is_not_handed_to_others(open_panel: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = open_panel(three)
    choose(panel, "Intro", "Harbour")
    panel.view.here()[0].path.unlink()
    data, _, _ = dragged(panel, monkeypatch)
    assert [Path(url.toLocalFile()).suffix for url in data.urls()] == [".wav"]
    assert len(bytes(data.data(ASSETS).data()).split()) == 2


def test_copied_files_can_be_pasted_elsewhere(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(three)
    choose(panel, "Intro")
    qtbot.keyClick(panel.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    (url,) = QGuiApplication.clipboard().mimeData().urls()
    assert Path(url.toLocalFile()).read_bytes() == panel.view.here()[0].path.read_bytes()
    next(a for a in panel.actions.menu().actions() if a.text() == "Copy the path").trigger()
    assert QGuiApplication.clipboard().text() == str(panel.view.here()[0].path)


def drop(panel: object, target: object, data: QMimeData, point: QPoint) -> bool:
    """Hold `data` over a view and let go; whether it was taken."""
    buttons, keys, action = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(point, action, data, buttons, keys)
    target.dragEnterEvent(enter)
    if not enter.isAccepted():
        return False
    event = QDropEvent(QPointF(point), action, data, buttons, keys)
    target.dropEvent(event)
    return event.isAccepted()


def file_data(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_dropped_files_and_folders_are_imported_and_the_refused_are_said(
    qtbot: QtBot, open_panel: Open, tmp_path: Path
) -> None:
    panel = open_panel()
    folder = tmp_path / "from outside"
    (folder / "deep").mkdir(parents=True)
    sound = sound_file(folder / "Door.wav", 0.25, channels=2)
    picture_file(folder / "deep" / "Beach.png")
    (folder / "broken.mp3").write_bytes(b"not a sound at all" * 50)
    (folder / ".hidden").write_bytes(b"x")
    assert drop(panel, panel.view, file_data(folder), QPoint(40, 40))
    qtbot.waitUntil(lambda: any("imported" in words for words in toasts(panel)), timeout=WORKER)
    settled(qtbot, panel)
    assert sorted(names(panel)) == ["Beach", "Door"]
    door = next(panel.model.asset(row) for row in range(2) if names(panel)[row] == "Door")
    assert door.path.read_bytes() == sound.read_bytes()
    assert (door.channels, door.sample_rate) == (2, 48_000)
    assert "2 files imported." in toasts(panel)
    refusal = panel.window().message_area.toasts[0]
    assert refusal.sentence.text().startswith("broken.mp3 is damaged")
    assert refusal.hint.text()


def test_several_refusals_are_listed_with_their_reasons(qtbot: QtBot, open_panel: Open, tmp_path: Path) -> None:
    panel = open_panel()
    paths = [tmp_path / "one.wav", tmp_path / "two.png"]
    for path in paths:
        path.write_bytes(b"nonsense" * 100)
    panel.import_files([str(path) for path in paths])
    qtbot.waitUntil(lambda: "2 files could not be imported." in toasts(panel), timeout=WORKER)
    qtbot.mouseClick(panel.window().message_area.toasts[-1].action, Qt.MouseButton.LeftButton)
    dialog = panel.findChild(RefusedDialog)
    shown = [label.text() for label in dialog.findChildren(type(panel.read_only))]
    assert "one.wav" in shown
    assert any(words.startswith("two.png ") for words in shown)
    qtbot.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton)


def test_chosen_files_go_into_the_folder_that_is_looked_at(
    qtbot: QtBot, open_panel: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = open_panel(three)
    folder = panel.library.create_folder("Effects")
    settled(qtbot, panel)
    panel.places.choose(Place.FOLDER, folder.id)
    qtbot.waitUntil(lambda: panel.model.total == 0)
    file = encoded_sound(tmp_path / "Bell.flac", 0.3, "flac")
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([str(file)], ""))
    qtbot.mouseClick(panel.bring, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(panel) == ["Bell"], timeout=WORKER)
    assert panel.model.asset(0).folder == folder.id
    qtbot.waitUntil(lambda: panel.view.current() is not None and panel.view.current().name == "Bell")


def test_pasting_what_is_here_already_says_so_and_adds_nothing(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(three)
    choose(panel, "Intro")
    for key in (Qt.Key.Key_C, Qt.Key.Key_V):
        qtbot.keyClick(panel.view, key, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: any("in the library already" in words for words in toasts(panel)), timeout=WORKER)
    settled(qtbot, panel)
    assert panel.model.total == 3


def test_things_are_dropped_on_places(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(three)
    data = QMimeData()
    intro = next(panel.model.asset(row) for row in range(3) if names(panel)[row] == "Intro")
    data.setData(ASSETS, QByteArray(intro.id.encode()))
    for name in ("Favourites", "Bin"):
        item = next(item for item in panel.places._items() if item.text(0) == name)
        assert drop(panel, panel.places, data, panel.places.visualItemRect(item).center())
        settled(qtbot, panel)
    qtbot.waitUntil(lambda: panel.library.get(intro.id).binned)
    assert panel.library.get(intro.id).favourite
    assert not drop(panel, panel.view, data, QPoint(40, 40))


def colour(picture: QPixmap) -> tuple[int, int, int]:
    found = picture.toImage().pixelColor(picture.width() // 2, picture.height() // 2)
    return found.red(), found.green(), found.blue()


def test_sounds_show_their_outline_and_pictures_and_films_a_picture(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(three)
    looks = {}

    def all_there() -> bool:
        for row in range(3):
            asset = panel.model.asset(row)
            looks[asset.name] = panel.thumbnails.get(asset)
        return all(look is not None for look in looks.values())

    qtbot.waitUntil(all_there, timeout=WORKER)
    outline = looks["Intro"]
    assert outline.shape == (3, 512)
    assert abs(float(outline[1][:16].max()) - 0.4) < 0.02
    assert float(outline[1][-16:].max()) < 0.08
    assert np.all(outline[0] <= outline[1])
    red, green, _ = colour(looks["Harbour"])
    assert abs(red - 200) < 8
    assert abs(green - 30) < 8
    assert colour(looks["Opening"])[1] > 150


def test_a_file_that_has_no_picture_is_shown_by_its_kind_and_the_others_by_theirs(
    qtbot: QtBot, open_panel: Open
) -> None:
    def seed(library: Library) -> None:
        three(library)
        broken = library.folder / "Broken.png"
        broken.write_bytes(b"\x89PNG\r\n\x1a\n" + b"junk" * 60)
        add_file(library, broken, AssetKind.IMAGE, MediaInfo(width=10, height=10))

    panel = open_panel(seed)
    broken = next(panel.model.asset(row) for row in range(4) if names(panel)[row] == "Broken")
    qtbot.waitUntil(lambda: len(panel.thumbnails._made) == 4, timeout=WORKER)
    assert panel.thumbnails.get(broken) is None
    assert not panel.view.grab().isNull()


def test_a_plain_drawing_shows_itself(qtbot: QtBot, open_panel: Open) -> None:
    def seed(library: Library) -> None:
        file = library.folder / "Logo.svg"
        drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20">'
        drawing += '<rect width="40" height="20" fill="{}"/></svg>'
        file.write_text(drawing.replace("{}", "#00c000"))
        add_file(library, file, AssetKind.IMAGE, MediaInfo(width=40, height=20))

    panel = open_panel(seed)
    qtbot.waitUntil(lambda: panel.thumbnails.get(panel.model.asset(0)) is not None)
    assert colour(panel.thumbnails.get(panel.model.asset(0))) == (0, 192, 0)


def test_a_file_that_vanishes_is_marked_without_being_looked_for(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(three)
    asset = next(panel.model.asset(row) for row in range(3) if names(panel)[row] == "Intro")
    asset.path.unlink()
    panel.library.set_favourite(asset.id, True)
    settled(qtbot, panel)
    assert next(panel.model.asset(row) for row in range(3) if names(panel)[row] == "Intro").missing
    choose(panel, "Intro")
    menu = {action.text(): action.isEnabled() for action in panel.actions.menu().actions() if action.text()}
    assert "Locate…" in menu
    assert "Play" not in menu
    assert not menu["Show in the file manager"]


def test_what_hangs_at_the_pointer_counts_the_files(open_panel: Open) -> None:
    panel = open_panel(three)
    panel.view.selectAll()
    one = drag_picture(panel.view.itemDelegate(), panel.view.here()[:1], 1.0).toImage()
    all_three = drag_picture(panel.view.itemDelegate(), panel.view.here(), 1.0).toImage()
    assert one != all_three


def test_a_missing_file_is_marked_and_found_again(
    qtbot: QtBot, open_panel: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = open_panel(three)
    choose(panel, "Intro")
    asset = panel.view.current()
    elsewhere = asset.path.rename(tmp_path / "moved away.wav")
    panel.desk.commands.run("library.check")
    qtbot.waitUntil(lambda: "Files: 1 missing." in toasts(panel))
    settled(qtbot, panel)
    assert "Missing files" in [item.text(0) for item in panel.places._items()]
    choose(panel, "Intro")
    panel.show_details()
    qtbot.waitUntil(lambda: panel.details.asset is not None and panel.details.asset.missing)
    wrong = sound_file(tmp_path / "another.wav", 0.1)
    chosen = [wrong, elsewhere]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(chosen.pop(0)), ""))
    asked: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: asked.append(box.text()))
    qtbot.mouseClick(panel.details.sheet.locate, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(asked))
    assert "is not the file" in asked[0]
    assert panel.library.get(asset.id).missing
    qtbot.mouseClick(panel.details.sheet.locate, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not panel.library.get(asset.id).missing)
    assert panel.library.get(asset.id).path.read_bytes() == elsewhere.read_bytes()
    qtbot.waitUntil(lambda: "Missing files" not in [item.text(0) for item in panel.places._items()])


def test_another_file_takes_the_place_of_a_missing_one(
    qtbot: QtBot, open_panel: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = open_panel(three)
    choose(panel, "Intro")
    asset = panel.view.current()
    asset.path.unlink()
    other = sound_file(tmp_path / "another.wav", 3.0)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(other), ""))
    monkeypatch.setattr(panel.actions, "_sure", lambda *_: True)
    panel.actions.locate(asset)
    qtbot.waitUntil(lambda: any("has its file back" in words for words in toasts(panel)), timeout=WORKER)
    assert panel.library.get(asset.id).path.is_file()
    assert panel.library.get(asset.id).duration == pytest.approx(3.0)


@pytest.mark.skipif(sys.platform != "linux", reason="the other systems' file managers are asked in other ways")
def test_the_file_manager_is_shown_the_folder_where_it_cannot_select(
    open_panel: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or len(opened) == 1)
    panel = open_panel(three)
    choose(panel, "Intro")
    next(a for a in panel.actions.menu().actions() if a.text() == "Show in the file manager").trigger()
    assert opened == [str(panel.library.media)]
    panel.actions.show_in_files()
    assert "can show folders" in toasts(panel)[-1]


def test_a_backup_is_a_job_and_holds_the_files(
    qtbot: QtBot, open_panel: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = open_panel(three)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))
    panel.desk.commands.run("library.backup")
    qtbot.waitUntil(lambda: not panel.desk.jobs.active, timeout=WORKER)
    assert (tmp_path / "mine.zip").stat().st_size > sum(file.stat().st_size for file in panel.library.media.iterdir())
