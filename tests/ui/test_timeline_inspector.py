"""The inspector under the mouse and the keyboard: clips, tracks, the master, chains of effects."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from audiostudio.render.ducking import Ducking, curve
from audiostudio.sound.effects.catalogue import KINDS
from audiostudio.sound.effects.kinds import Setting, Unit
from audiostudio.timeline.editing import mixing
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Content, Parameter, Range
from audiostudio.ui.timeline.effects_panel import EffectsPanel
from audiostudio.ui.timeline.effects_panel_picker import EffectPicker
from audiostudio.ui.timeline.effects_panel_slider import SettingSlider, shown
from audiostudio.ui.timeline.inspector_clip import ClipPage
from audiostudio.ui.timeline.inspector_ducking import passages
from audiostudio.ui.timeline.inspector_fields import read_time
from audiostudio.ui.timeline.inspector_track import MasterPage, TrackPage
from audiostudio.ui.timeline.panel import TimelinePanel
from tests.ui.conftest import OpenWindow
from tests.ui.timelines import NONE, Hand, clip

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def hand(open_window: OpenWindow) -> Hand:
    window = open_window(timeline=TimelinePanel)
    window.resize(1400, 1000)
    made = Hand(window)
    made.put(one=[clip("a", 1, 3), clip("b", 4, 6)], two=[clip("m", 0, 4)])
    return made


def of_clip(hand: Hand, at: float = 2.0) -> ClipPage:
    hand.click(0, at)
    hand.panel.inspector.follow()
    page = hand.panel.inspector.clips
    assert page is not None
    return page


def of_track(hand: Hand, number: int) -> TrackPage:
    track = hand.work.document.tracks[number]
    QTest.mouseClick(hand.panel.headers.headers[track.id], LEFT, NONE, QPoint(12, 68))
    hand.panel.inspector.follow()
    page = hand.panel.inspector.track
    assert page is not None
    return page


def of_master(hand: Hand) -> MasterPage:
    QTest.mouseClick(hand.panel.master.title, LEFT)
    page = hand.panel.inspector.master
    assert page is not None
    return page


def write(field: QLineEdit, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def slide(slider: SettingSlider, share: float) -> None:
    width, middle = slider.slider.width(), slider.slider.height() // 2
    QTest.mousePress(slider.slider, LEFT, NONE, QPoint(width // 2, middle))
    QTest.mouseMove(slider.slider, QPoint(round(width * (share + 0.5) / 2), middle))
    QTest.mouseMove(slider.slider, QPoint(round(width * share), middle))
    QTest.mouseRelease(slider.slider, LEFT, NONE, QPoint(round(width * share), middle))


def chain(hand: Hand, track: int) -> list[tuple[str, bool, dict[str, float]]]:
    effects = hand.work.document.tracks[track].channel.effects
    return [(one.kind, one.enabled, {s.name: s.value for s in one.settings}) for one in effects]


def add(panel: EffectsPanel, words: str) -> None:
    QTest.mouseClick(panel.add, LEFT)
    (picker,) = [one for one in panel.findChildren(EffectPicker) if one.isVisible()]
    QTest.keyClicks(picker.search, words)
    QTest.keyClick(picker.search, Qt.Key.Key_Return)


def test_it_comes_with_a_selection_and_goes(hand: Hand) -> None:
    dock = hand.window.inspector_dock
    hand.work.select_track(None)
    hand.panel.inspector.follow()
    assert not dock.isVisible()
    of_clip(hand)
    assert dock.isVisible()
    assert dock.width() == 322
    QTest.mouseClick(hand.panel.inspector.close_button, LEFT)
    assert not dock.isVisible()
    of_clip(hand, 5.0)
    assert not dock.isVisible()
    hand.window.commands.run("view.inspector")
    assert dock.isVisible()
    assert not hand.window.desk.settings["ui.inspector.shut"]


def test_a_clip_is_named_placed_and_trimmed(hand: Hand) -> None:
    page = of_clip(hand)
    assert page.source.text() == "0:20.00 – 0:22.00 of 1:00.00"
    write(page.name, "Opening")
    write(page.start, "0:00.5")
    hand.panel.inspector.follow()
    write(page.duration, "1,25")
    assert hand.spans(0)[0] == ("Opening", 0.5, 1.75)
    hand.panel.inspector.follow()
    write(page.duration, "nonsense")
    assert page.duration.text() == "0:01.250"
    for _ in range(3):
        hand.undo()
    assert hand.spans(0)[0] == ("a", 1, 3)


def test_the_sound_of_a_clip_is_one_step_a_drag(hand: Hand) -> None:
    page = of_clip(hand)
    slide(page.gain, 0.25)
    assert -45 < hand.find("a").gain < -35
    slide(page.pitch, 0.75)
    assert 10 < hand.find("a").pitch < 14
    write(page.speed.edit, "200 %")
    assert hand.spans(0)[0] == ("a", 1, 2)
    hand.panel.inspector.follow()
    write(page.fades["in"].edit, "0.5")
    page.shapes["in"].setFocus()
    QTest.keyClick(page.shapes["in"], Qt.Key.Key_Down)
    page.shapes["in"].activated.emit(page.shapes["in"].currentIndex())
    assert hand.find("a").fade_in == (TICKS // 2, "equal power")
    QTest.mouseClick(page.muted, LEFT, NONE, QPoint(8, page.muted.height() // 2))
    assert hand.find("a").muted
    for label in ("Mute", "Fade in", "Fade in", "Speed of clips", "Pitch of clips", "Gain of clips", "Put"):
        assert hand.work.session.history.undo_label == label
        if label != "Put":
            hand.undo()
    QTest.mouseDClick(page.gain.slider, LEFT)
    assert hand.find("a").gain == 0


def test_several_clips_share_what_they_have(hand: Hand) -> None:
    hand.click(0, 2)
    hand.click(0, 5, Qt.KeyboardModifier.ControlModifier)
    hand.panel.inspector.follow()
    page = hand.panel.inspector.clips
    assert page is not None
    assert hand.panel.inspector.title.text() == "2 clips"
    assert not page.name.isVisible()
    assert not page.effects.isVisible()
    write(page.gain.edit, "-6")
    assert [hand.find(name).gain for name in ("a", "b", "m")] == [-6, -6, 0]
    QTest.mouseClick(page.group, LEFT)
    assert hand.find("a").group == hand.find("b").group is not None


def test_a_chain_of_effects(hand: Hand) -> None:
    effects, follow = of_track(hand, 0).effects, hand.panel.inspector.follow
    add(effects, "even out")
    add(effects, "echo")
    follow()
    assert [kind for kind, _, _ in chain(hand, 0)] == ["compressor", "delay"]
    card = effects.cards[0]
    slide(card.sliders["threshold"], 0.2)
    slide(card.sliders["attack"], 0.9)
    ((_, _, values), _) = chain(hand, 0)
    assert -55 < values["threshold"] < -40
    assert 100 < values["attack"] < 300
    assert hand.work.session.history.undo_label == "Set an effect"
    hand.undo()
    follow()
    assert set(chain(hand, 0)[0][2]) == {"threshold"}
    QTest.mouseClick(card.reset, LEFT)
    QTest.mouseClick(card.power, LEFT)
    assert chain(hand, 0)[0] == ("compressor", False, {})
    follow()
    QTest.keyClick(card.grip, Qt.Key.Key_Down)
    follow()
    assert effects.cards[1].grip.hasFocus()
    assert [kind for kind, _, _ in chain(hand, 0)] == ["delay", "compressor"]
    second = effects.cards[1]
    start = QPoint(8, 14)
    QTest.mousePress(second.grip, LEFT, NONE, start)
    up = second.grip.mapFrom(second.parentWidget(), QPoint(8, 0))
    QTest.mouseMove(second.grip, up)
    QTest.mouseRelease(second.grip, LEFT, NONE, up)
    follow()
    assert [kind for kind, _, _ in chain(hand, 0)] == ["compressor", "delay"]
    QTest.mouseClick(effects.cards[0].remove, LEFT)
    assert [kind for kind, _, _ in chain(hand, 0)] == ["delay"]
    hand.undo()
    follow()
    assert [card.effect.kind for card in effects.cards] == ["compressor", "delay"]


def test_presets_and_what_is_not_for_a_place(hand: Hand) -> None:
    page = of_master(hand)
    QTest.mouseClick(page.effects.presets, LEFT)
    picker = page.effects.findChild(EffectPicker)
    assert isinstance(picker, EffectPicker)
    assert set(picker.shown_names()) == {"master-loud", "master-safe", "master-speech"}
    QTest.keyClicks(picker.search, "xyz")
    assert picker.shown_names() == []
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    picker.close()
    page.effects.pick("preset", "master-safe")
    assert [one.kind for one in hand.work.document.master.effects] == ["limiter"]
    assert hand.work.session.history.undo_label == "Add a preset"
    QTest.mouseClick(page.effects.add, LEFT)
    pickers = [one for one in page.effects.findChildren(EffectPicker) if one.isVisible()]
    assert "ducker" not in pickers[-1].shown_names()
    assert "denoise" not in pickers[-1].shown_names()
    pickers[-1].close()


def test_the_master_has_a_loudness(hand: Hand) -> None:
    page = of_master(hand)
    QTest.mouseClick(page.loudness.button("-16"), LEFT)
    assert hand.work.document.loudness == -16
    hand.panel.inspector.follow()
    assert "−16 LUFS" in page.about.text()
    QTest.mouseClick(page.loudness.button("off"), LEFT)
    assert hand.work.document.loudness is None
    hand.undo()
    hand.panel.inspector.follow()
    assert page.loudness.value() == "-16"


def test_automation_is_drawn(hand: Hand) -> None:
    section = of_track(hand, 0).automation[Parameter.GAIN]
    QTest.mouseClick(section.show_button, LEFT)
    hand.panel.inspector.show_span(TICKS, 5 * TICKS)  # the middle is at 3 s
    curve_ = section.curve
    assert curve_.isVisible()
    low = QPoint(curve_.width() // 2, curve_.height() - 9)
    QTest.mouseClick(curve_, LEFT, NONE, low)
    (point,) = hand.work.document.tracks[0].channel.automated(Parameter.GAIN)
    assert abs(point.at - 3 * TICKS) < TICKS // 10
    assert point.value < -20
    hand.panel.inspector.follow()
    QTest.mousePress(curve_, LEFT, NONE, low)
    for y in (40, 20, 9):
        QTest.mouseMove(curve_, QPoint(low.x() + 20, y))
    QTest.mouseRelease(curve_, LEFT, NONE, QPoint(low.x() + 20, 9))
    (moved,) = hand.work.document.tracks[0].channel.automated(Parameter.GAIN)
    assert moved.value > 10
    assert moved.at > point.at
    QTest.mouseDClick(curve_, LEFT, NONE, QPoint(low.x() + 20, 9))
    assert hand.work.document.tracks[0].channel.automated(Parameter.GAIN) == ()
    hand.undo()
    hand.undo()
    assert hand.work.document.tracks[0].channel.automated(Parameter.GAIN) == (point,)


def test_a_drawn_ducking_is_set_and_taken_away(hand: Hand) -> None:
    ranges = [Range(2 * TICKS, 3 * TICKS), Range(10 * TICKS, 11 * TICKS)]
    track = hand.work.document.tracks[1].id
    hand.work.edit("Duck", lambda p, t: mixing.set_automation(p, t, track, Parameter.DUCKING, curve(ranges)))
    page = of_track(hand, 1)
    assert not page.ducking.isVisible()  # it is speech itself
    page.content.setCurrentIndex(page.content.findData(str(Content.MUSIC)))
    page.content.activated.emit(page.content.currentIndex())
    hand.panel.inspector.follow()
    ducking = page.ducking
    assert ducking.isVisible()
    assert ducking.sliders["attack"].value == 0.25
    assert ducking.sliders["release"].value == 0.8
    write(ducking.sliders["depth"].edit, "20")
    points = hand.work.document.tracks[1].channel.automated(Parameter.DUCKING)
    assert points == curve(ranges, Ducking(20.0))
    assert passages(points) == ranges
    for name, seconds in (("attack", "3"), ("release", "5")):
        write(ducking.sliders[name].edit, seconds)
    joined = hand.work.document.tracks[1].channel.automated(Parameter.DUCKING)
    assert passages(joined) == [Range(0, 11 * TICKS)]
    for name, seconds in (("attack", "0.25"), ("release", "0.8")):
        write(ducking.sliders[name].edit, seconds)
    assert hand.work.document.tracks[1].channel.automated(Parameter.DUCKING) == points
    QTest.mouseClick(ducking.gone, LEFT)
    assert hand.work.document.tracks[1].channel.automated(Parameter.DUCKING) == ()


def test_settings_say_their_units() -> None:
    hertz = KINDS["eq"].setting("low_frequency")
    assert hertz is not None
    assert [shown(hertz, value) for value in (80.0, 1200.0)] == ["80 Hz", "1.20 kHz"]
    assert shown(Setting("g", "g", Unit.DB, -60, 24, 0, 0.1), -3.0) == "−3.0 dB"
    assert shown(Setting("g", "g", Unit.DB, -60, 24, 0, 0.1), 3.0) == "+3.0 dB"
    assert [read_time(text) for text in ("1:02.5", "62,5 s", ".5", "1:00:00", "x", "")] == [
        *(62.5 * TICKS, 62.5 * TICKS, TICKS / 2, 3600 * TICKS),
        *(None, None),
    ]


def test_settings_are_typed_as_people_write_them(qapp: QWidget) -> None:
    typed = {
        ("gate", "release"): {"1,200 ms": 1200, "250": 250, "": 250, "99999": 3000},
        ("compressor", "ratio"): {"4:1": 4, "7,5:1": 7.5, "2.5": 2.5},
        ("highpass", "frequency"): {"1.2k": 1200, "1,2 kHz": 1200, "90 Hz": 90},
        ("compressor", "threshold"): {"−12,5 dB": -12.5, "-7": -7, "loud": -7, "5": 0},
    }
    for (kind, name), words in typed.items():
        setting = KINDS[kind].setting(name)
        assert setting is not None
        slider = SettingSlider(setting, name)
        for text, value in words.items():
            slider.edit.setText(text)
            slider.edit.editingFinished.emit()
            assert slider.value == value, (name, text)
            before = slider.edit.text()
            slider.edit.editingFinished.emit()
            assert (slider.value, slider.edit.text()) == (value, before)
        slider.deleteLater()


def test_every_setting_of_every_effect_goes_there_and_back(qapp: QWidget) -> None:
    for kind in KINDS.values():
        for setting in kind.settings:
            slider = SettingSlider(setting, setting.label)
            for value in (setting.least, setting.default, setting.greatest):
                slider.show_value(value)
                slider._slid(slider.slider.value())
                assert slider.value == pytest.approx(value, rel=0.01, abs=setting.step), (kind.name, setting.name)
            slider.deleteLater()
