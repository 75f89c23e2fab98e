"""Music in the library: covers, facts and filters."""

from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from audiostudio.library import AssetKind, Library
from audiostudio.operations.music.covers import cover_for
from audiostudio.ui.library.assets import AssetRole
from tests.ui.library.conftest import Open, add_sound, names, settled


def pieces(library: Library) -> None:
    add_sound(library, "Talk", 1.0)
    for name, genre, mood, key, bpm in (
        ("Tide", "ambient", "calm", "A minor", 72.0),
        ("Riot", "rock", "aggressive", "E minor", 148.0),
        ("Bloom", "pop", "happy", "A minor", 118.0),
    ):
        add_sound(library, name, 2.0, kind=AssetKind.MUSIC)
        asset = library.search().assets[0]
        detail = {"genre": genre, "mood": mood, "key": key, "bpm": bpm, "cover": cover_for(name, genre, mood, 3)}
        library.update_detail(asset.id, detail)


def chosen(panel: object, *path: str) -> object:
    """The action of the music menu under those words, as they begin."""
    menu = panel.filters.music_menu()
    for words in path[:-1]:
        menu = next(action.menu() for action in menu.actions() if action.text().startswith(words))
    return next(action for action in menu.actions() if action.text().startswith(path[-1]))


def test_music_is_filtered_by_what_there_is(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(pieces)
    qtbot.waitUntil(panel.filters.music.isVisible)
    chosen(panel, "Key", "A minor").trigger()
    qtbot.waitUntil(lambda: names(panel) == ["Bloom", "Tide"])
    assert panel.filters.music.isChecked()
    assert "A minor" in panel.filters.music.toolTip()
    chosen(panel, "Tempo", "100 to 119 BPM").trigger()
    qtbot.waitUntil(lambda: names(panel) == ["Bloom"])
    chosen(panel, "Any music").trigger()
    qtbot.waitUntil(lambda: names(panel) == ["Bloom", "Riot", "Tide", "Talk"])
    assert not panel.filters.music.isChecked()


def test_where_there_is_no_music_there_is_nothing_to_filter_it_by(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(lambda library: add_sound(library, "Talk", 1.0))
    assert not panel.filters.music.isVisible()


def test_a_card_shows_the_cover_and_details_tell_tempo_and_key(qtbot: QtBot, open_panel: Open) -> None:
    panel = open_panel(pieces)
    panel.set_mode("list")
    riot = next(asset for row in range(4) if (asset := panel.model.index(row).data(AssetRole)).name == "Riot")
    qtbot.waitUntil(lambda: panel.covers.get(riot) is not None)
    cover = panel.covers.get(riot).toImage()
    assert len({cover.pixelColor(x, 100).rgb() for x in range(0, 240, 6)}) > 2
    panel.view.choose(riot.id)
    panel.show_details()
    settled(qtbot, panel)
    shown = {label.text() for label in panel.details.sheet.findChildren(type(panel.filters.count))}
    assert {"rock", "aggressive", "148 BPM", "E minor"} <= shown
    assert QColor(cover.pixelColor(120, 120)).isValid()
