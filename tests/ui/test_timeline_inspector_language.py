"""Headers, inspector and exports in a language that nobody speaks: everything is translated, nothing is cut off."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication, QWidget

from audiostudio.sound.effects.catalogue import KINDS
from audiostudio.sound.effects.kinds import Place
from audiostudio.timeline.editing import mixing
from audiostudio.timeline.tracks import Content, Effect
from audiostudio.ui.timeline.effects_panel_picker import EffectPicker
from audiostudio.ui.timeline.export_handoff import HandOffDialog
from audiostudio.ui.timeline.export_mix import MixDialog
from audiostudio.ui.timeline.inspector import WIDTH, Inspector
from audiostudio.ui.timeline.panel import TimelinePanel
from tests.ui.conftest import OpenWindow
from tests.ui.pseudo import Pseudo, cut_off, untranslated
from tests.ui.timelines import Hand, clip


@pytest.fixture
def pseudo(qapp: QApplication) -> Iterator[Pseudo]:
    translator = Pseudo()
    QCoreApplication.installTranslator(translator)
    yield translator
    QCoreApplication.removeTranslator(translator)


def check(widget: QWidget, *data: str) -> None:
    assert (untranslated(widget, frozenset(data)), cut_off(widget)) == ([], [])


def test_the_timeline_s_screens_speak_every_language(pseudo: Pseudo, open_window: OpenWindow) -> None:
    window = open_window(timeline=TimelinePanel)
    window.resize(1400, 1000)
    hand = Hand(window)
    hand.put(one=[clip("a", 1, 3), clip("b", 3, 5)], two=[clip("m", 0, 4)])
    names = ("one", "two", "a", "b", "m", "Sea", "M", "S", "R", "C", "0.0", "0.0 dB", "LUFS I", "LUFS S")
    check(hand.panel.headers, *names)
    check(hand.panel.master, *names, "LUFS")
    inspector: Inspector = hand.panel.inspector
    inspector.setFixedWidth(WIDTH)
    hand.work.select([hand.find("a").id])
    inspector.follow()
    clips = inspector.clips
    assert clips is not None
    effects, first = [Effect(kind, kind) for kind in KINDS], hand.find("a").id
    assert hand.work.edit("Effects", lambda p, t: mixing.set_effects(p, t, first, effects))
    inspector.follow()
    check(inspector, *names, *_numbers(inspector))
    hand.work.select(())
    hand.work.select_track(hand.work.document.tracks[1].id)
    inspector.follow()
    page = inspector.track
    assert page is not None
    page.content.setCurrentIndex(page.content.findData(str(Content.MUSIC)))
    page.content.activated.emit(page.content.currentIndex())
    for section in page.automation.values():
        section.show_button.click()
    inspector.follow()
    check(page, *names, *_numbers(page))
    inspector.choose_master()
    assert inspector.master is not None
    check(inspector.master, *names, *_numbers(inspector.master))
    for dialog in (
        MixDialog(hand.work.document, "Notes", {}, window),
        HandOffDialog(hand.work.document, {}, window),
        EffectPicker(Place.TRACK, "effect", window),
        EffectPicker(Place.MASTER, "preset", window),
    ):
        dialog.show()
        check(dialog, *_choices(dialog), "Notes", "Sea")
        dialog.close()
        dialog.deleteLater()


def _numbers(page: QWidget) -> list[str]:
    from audiostudio.ui.timeline.effects_panel_slider import SettingSlider

    return [slider.edit.text() for slider in page.findChildren(SettingSlider)]


def _choices(dialog: QWidget) -> list[str]:
    """Names of programs and formats, and folders."""
    if isinstance(dialog, HandOffDialog):
        boxes = (dialog.editor, dialog.format, dialog.version)
        return [box.itemText(row) for box in boxes for row in range(box.count())] + [dialog.folder.text()]
    return [dialog.folder.text()] if isinstance(dialog, MixDialog) else []
