"""Tool bar, menus and windows of the timeline in a language that nobody speaks: everything is translated, nothing is
cut off. Headers, inspector and exports: `test_timeline_inspector_language`."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from audiostudio.timeline.editing import marking
from audiostudio.timeline.project import Project, TakeWord, Transcript
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Marker, Parameter, Tempo
from audiostudio.ui.palette import ShortcutList
from audiostudio.ui.timeline.export_form import TextDialog
from audiostudio.ui.timeline.hits import Hit, Zone
from audiostudio.ui.timeline.menus import show_canvas_menu, show_ruler_menu
from audiostudio.ui.timeline.panel import TimelinePanel
from audiostudio.ui.timeline.tempo import TempoDialog
from audiostudio.ui.timeline.transcript import TranscriptDialog
from tests.ui.conftest import OpenWindow
from tests.ui.pseudo import Pseudo, accented, cut_off
from tests.ui.test_timeline_inspector_language import check, pseudo
from tests.ui.timelines import MEDIA, Hand, clip

__all__ = ["pseudo"]

NAMES = ("one", "two", "a", "b", "Sea", "M", "S", "R", "C", "0.0")


def test_the_timeline_s_bar_and_menus_speak_every_language(
    qtbot: QtBot, pseudo: Pseudo, open_window: OpenWindow
) -> None:
    window = open_window(timeline=TimelinePanel)
    window.resize(1280, 800)
    panel = window.timeline_dock.panel
    assert isinstance(panel, TimelinePanel)
    check(panel.invitation)
    hand = Hand(window)
    hand.put(one=[clip("a", 1, 3, line="l", take="t"), clip("b", 3, 6)], two=[])
    hand.work.edit("Mark", lambda project, timeline: marked(project, timeline))
    check(panel.bar)
    check(panel.recorder)
    for command in window.commands.all():
        if command.name.startswith(("timeline.", "export.")):
            assert "·" in command.label, command.name
    menus(hand)
    one = hand.work.document.tracks[0].id
    for parameter in (Parameter.GAIN, Parameter.PAN):
        hand.work.show_lane(one, parameter)
    qtbot.waitUntil(lambda: not cut_off(panel.headers))
    lanes = [header.value.text() for header in panel.headers.lanes.values()]
    assert len(lanes) == 2
    check(panel.headers, *NAMES, *lanes)
    check_transcript(hand, qtbot)
    window.commands.run("help.shortcuts")
    (shortcuts,) = [one for one in window.findChildren(ShortcutList) if one.isVisible()]
    names = {one.title for one in shortcuts._presets.all()}
    shown = {label.text() for label in shortcuts.findChildren(QWidget) if label.property("role") == "key"}
    tabs = {label for label in shortcuts.shown() if "Text to Speech" in label}
    check(shortcuts, *names, *shown, *tabs)
    shortcuts.close()
    for tempo in (None, Tempo(98.5, TICKS, 3)):
        dialog = TempoDialog(tempo, lambda: 0, window)
        dialog.show()
        qtbot.waitUntil(lambda dialog=dialog: not cut_off(dialog))
        check(dialog, *(dialog.bar.itemText(row) for row in range(dialog.bar.count())), "0:00.000", "0:01.000")
        dialog.close()
    text = TextDialog(accented("Rights sheet"), "May it be sold?", "rights.txt", window, "/tmp")
    text.show()
    check(text, "May it be sold?")
    text.close()
    text.deleteLater()


def marked(project: Project, timeline: str) -> Project:
    return marking.add_marker(project, timeline, Marker("m", TICKS, "Sea"))


@contextmanager
def popped() -> Iterator[QMenu]:
    """The menu that is open now."""
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    yield menu
    menu.close()


def menus(hand: Hand) -> None:
    panel, track = hand.panel, hand.work.document.tracks[0]
    place = hand.window.mapToGlobal(QPoint(300, 300))
    hand.work.show_lane(track.id, Parameter.PAN)
    check(panel.headers.lanes[track.id, Parameter.PAN], "C")
    lane = hand.canvas.scene.rows().rows[0].lanes[0]
    zones = (Hit(Zone.BODY, track, track.clips[0]), Hit(Zone.EMPTY, track), Hit(Zone.EMPTY))
    for found in (*zones, Hit(Zone.LANE_POINT, track, point=0, lane=lane)):
        show_canvas_menu(panel, found, place)
        with popped() as menu:
            check(menu)
    for marker in (hand.work.document.markers[0], None):
        show_ruler_menu(panel, marker, 0, place)
        with popped() as menu:
            check(menu)
    menu = panel.headers.menu_of(track.id)
    check(menu)
    menu.deleteLater()
    for menu in (panel.headers.add_menu, panel.recorder.menu, panel.bar.menu, hand.window.top_bar.export_menu):
        menu.aboutToShow.emit()
        assert menu.actions()
        check(menu)


def check_transcript(hand: Hand, qtbot: QtBot) -> None:
    """Words that are known, so that nobody is listened to."""
    said = tuple(
        TakeWord(word, at * 3, at * 3 + 2, (20 + at) * 48_000, (20 + at) * 48_000 + 20_000)
        for at, word in enumerate(("um", "we", "we"))
    )
    hand.work.session.set_transcripts(Transcript(MEDIA.id, "en", "um we we", said))
    hand.work.select([hand.find("b").id])
    hand.window.commands.run("timeline.text")
    dialog = hand.panel.findChild(TranscriptDialog)
    for kind in ("fillers", "silences"):
        dialog.proposals.kind.choose(kind)
        qtbot.waitUntil(lambda: not cut_off(dialog))
        listed = [dialog.proposals.list.item(row).text() for row in range(dialog.proposals.list.count())]
        assert any("·" in line for line in listed) == (kind == "fillers")  # “we” twice
        check(dialog)
    dialog._show_busy(accented("Listening for words…"))
    qtbot.waitUntil(lambda: not cut_off(dialog))
    check(dialog)
    dialog._show_busy("")
    dialog.close()
