"""Performances redrawn with mouse and keys, judged in the files that come of it."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication

from audiostudio.profile import Profile
from audiostudio.timeline.project import Take
from audiostudio.ui.speech.performance.notes import hertz, note
from audiostudio.ui.speech.performance.shape import Shape
from audiostudio.ui.speech.performance.stage import Stage
from tests.engines.pitch import heard
from tests.ui.performing import ALT, CTRL, FRAME, RATE, SHIFT, Hands, level, seeded, voiced_sentence
from tests.ui.speaking import OpenDesktop, open_desktop

__all__ = ["open_desktop"]
CENTS = 40.0
INSTANT = "hibari_heart"


@pytest.fixture
def hands(speaking_profile: Profile, open_desktop: OpenDesktop) -> Hands:
    return Hands(open_desktop())


@pytest.fixture
def rng() -> random.Random:
    return seeded()


def slope(hands: Hands, rng: random.Random) -> list[QPointF]:
    """A way through all words, a few notes around the middle of the voice."""
    stage, words = hands.view.stage, hands.view.shape.words
    middle = float(np.median([word.centre for word in words if word.voiced]))
    times = np.linspace(words[0].start, words[-1].end, 6)
    return [QPointF(stage.x(float(at)), stage.y(middle + rng.uniform(-4, 4))) for at in times]


def off(hands: Hands, take: Take, seen: tuple[Stage, Shape], way: list[QPointF]) -> np.ndarray:
    """Cents between what is heard within words, where a voice is clear, and the way that was drawn over `seen`."""
    stage, shape = seen
    places, hz = heard(hands.sound(take)[::2], RATE // 2)
    xs, ys = [place.x() for place in way], [place.y() for place in way]
    found = []
    for word, drawn in zip(take.words, shape.words, strict=True):
        within = (places * 2 - word.start) / (word.end - word.start)
        for place, one in zip(within, hz, strict=True):
            if 0.15 <= place <= 0.85 and one > 0 and drawn.voiced:
                x = stage.x(drawn.start + float(place) * drawn.seconds)
                found.append(100 * (note(float(one)) - stage.note(float(np.interp(x, xs, ys)))))
    return np.array(found)


@pytest.mark.long
@pytest.mark.parametrize("voice", [INSTANT, pytest.param("bm_george", marks=pytest.mark.full)])
def test_a_melody_that_is_drawn_is_heard(hands: Hands, rng: random.Random, voice: str) -> None:
    hands.open(voice, voiced_sentence(rng))
    natural = hands.take
    hands.key(Qt.Key.Key_D)
    way = slope(hands, rng)
    seen = (hands.view.stage, hands.view.shape)
    hands.drag(way)
    take = hands.made()
    assert take.id != natural.id
    found = off(hands, take, seen, way)
    assert len(found) > 30
    assert np.median(np.abs(found)) < CENTS
    assert np.median(np.abs(off(hands, natural, seen, way))) > CENTS


@pytest.mark.long
def test_lengths_and_gaps_that_are_dragged_are_in_the_file(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    number = rng.randrange(1, len(hands.view.shape.words) - 2)
    place = hands.on_end(number)
    hands.drag([place, place + QPointF(rng.uniform(15, 60), 0)])
    hands.made()
    chip = hands.on_chip(number - 1)
    hands.click(chip)
    for _ in range(rng.randrange(10, 16)):
        hands.key(Qt.Key.Key_Right, CTRL)
    drawn = {one.word: one.voicing for one in hands.line.performance}
    take = hands.made()
    words = take.words
    lasts = [(word.end - word.start) / RATE for word in words]
    imposed, gap = drawn[number].seconds, drawn[number - 1].gap
    assert imposed is not None
    assert gap is not None
    assert lasts[number] == pytest.approx(imposed, abs=FRAME / 2 + 0.001)
    assert (words[number].start - words[number - 1].end) / RATE == pytest.approx(gap, abs=FRAME / 2 + 0.001)
    sound = hands.sound(take)
    step = RATE // 20
    silence = [level(sound, at, at + step) for at in range(words[number - 1].end, words[number].start - step, 240)]
    assert min(silence) < level(sound, words[number].start, words[number].end) - 25


@pytest.mark.long
def test_a_line_is_fitted_to_a_length(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    wanted = round(hands.take.seconds * rng.choice([0.8, 1.25]), 2)
    field = hands.page.controls.fit
    field.setFocus()
    field.selectAll()
    hands.desktop.qtbot.keyClicks(field, f"{wanted}")
    hands.desktop.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "×" in hands.page.controls.factor.text()
    assert len(hands.sound(hands.made())) / RATE == pytest.approx(wanted, abs=FRAME)


@pytest.mark.long
def test_a_length_that_cannot_be_is_told(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    field = hands.page.controls.fit
    field.setFocus()
    field.selectAll()
    hands.desktop.qtbot.keyClicks(field, "0.3")
    hands.desktop.qtbot.keyClick(field, Qt.Key.Key_Return)
    assert "too long" in hands.page.controls.factor.text()
    hands.made()


@pytest.mark.long
def test_a_word_is_as_loud_as_its_bar_says(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    natural = hands.take
    number = rng.randrange(len(hands.view.shape.words))
    word = hands.word(number)
    bar = QPointF(hands.view.stage.x((word.start + word.end) / 2), hands.view.stage.energy.center().y())
    hands.drag([bar, bar + QPointF(0, 28)])
    quieter = hands.line.performance[0].voicing.energy
    assert quieter <= -5
    take = hands.made()
    before, after = natural.words[number], take.words[number]
    first = level(hands.sound(natural), before.start, before.end)
    second = level(hands.sound(take), after.start, after.end)
    assert second - first == pytest.approx(quieter, abs=1.0)


@pytest.mark.long
def test_only_the_line_that_is_redrawn_is_made_again(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng), "Nothing of this changes.")
    before = hands.desktop.session.project.takes
    hands.click(hands.on_chip(1))
    hands.key(Qt.Key.Key_Up)
    hands.made()
    new = hands.desktop.session.project.takes[len(before) :]
    assert [take.line for take in new] == [hands.line.id]
    assert [one.voicing.pitch for one in new[0].performance] == [1.0]
    assert hands.desktop.session.project.takes[: len(before)] == before


@pytest.mark.long
def test_a_drag_is_one_step_and_undo_brings_the_take_back(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    natural = hands.take
    start = hands.on_melody(1)
    hands.drag([start, start - QPointF(0, 30), start - QPointF(0, 50)])
    assert len(hands.line.performance) == 1
    hands.made()
    start = hands.on_melody(2)
    hands.drag([start, start + QPointF(0, 40)])
    assert len(hands.line.performance) == 2
    second = hands.made()
    hands.desktop.window.commands.run("edit.undo")
    assert len(hands.line.performance) == 1
    hands.desktop.window.commands.run("edit.undo")
    assert hands.line.performance == ()
    assert hands.take.id == natural.id
    assert not hands.page.rendering.waiting
    hands.desktop.window.commands.run("edit.redo")
    hands.desktop.window.commands.run("edit.redo")
    assert hands.take.id == second.id
    assert not hands.page.rendering.waiting


@pytest.mark.long
def test_escape_takes_a_drag_back(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    from PySide6.QtTest import QTest

    start = hands.on_melody(1)
    QTest.mousePress(hands.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start.toPoint())
    QTest.mouseMove(hands.view, (start - QPointF(0, 40)).toPoint())
    hands.key(Qt.Key.Key_Escape)
    QTest.mouseRelease(hands.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, start.toPoint())
    assert hands.line.performance == ()
    assert not hands.page.stale


@pytest.mark.long
def test_words_are_selected_as_everywhere(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    words = [word.index for word in hands.view.shape.words]
    hands.click(hands.on_chip(1))
    assert hands.view.selected == {1}
    hands.click(hands.on_chip(3), SHIFT)
    assert hands.view.selected == {1, 2, 3}
    hands.click(hands.on_chip(2), CTRL)
    assert hands.view.selected == {1, 3}
    hands.key(Qt.Key.Key_A, CTRL)
    assert hands.view.selected == set(words)
    hands.key(Qt.Key.Key_Escape)
    assert hands.view.selected == set()
    hands.key(Qt.Key.Key_Right)
    hands.key(Qt.Key.Key_Right, SHIFT)
    assert hands.view.selected == {0, 1}
    stage = hands.view.stage
    top = stage.pitch.top() + 3
    first = QPointF(stage.x(hands.word(2).start) + 3, top)
    hands.drag([first, QPointF(stage.x(hands.word(3).start) + 5, top + 10)])
    assert hands.view.selected == {2, 3}
    assert hands.line.performance == ()


@pytest.mark.long
def test_keys_do_what_the_mouse_does(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    hands.click(hands.on_chip(1))
    seconds = hands.word(1).seconds
    hands.key(Qt.Key.Key_Up)
    hands.key(Qt.Key.Key_Up, SHIFT)
    hands.key(Qt.Key.Key_Up, CTRL)
    hands.key(Qt.Key.Key_Right, ALT)
    hands.key(Qt.Key.Key_Right, ALT | SHIFT)
    drawn = hands.line.performance[0].voicing
    assert (drawn.pitch, drawn.energy) == (1.1, 1.0)
    assert drawn.seconds == pytest.approx(seconds + 0.03, abs=0.001)
    hands.key(Qt.Key.Key_F)
    flat = hands.line.performance[0].voicing.curve
    assert len({point.hz for point in flat}) == 1
    hands.made()
    hands.key(Qt.Key.Key_R)
    assert hands.line.performance == ()


@pytest.mark.long
def test_a_flat_word_is_heard_flat(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    hands.key(Qt.Key.Key_A, CTRL)
    hands.desktop.click(hands.page.controls.flatten)
    take = hands.made()
    places, hz = heard(hands.sound(take)[::2], RATE // 2)
    for word, drawn in zip(take.words, hands.line.performance, strict=True):
        inside = (places * 2 > word.start + 1800) & (places * 2 < word.end - 1800) & (hz > 0)
        if inside.sum() > 5:
            found = 100 * (np.array([note(float(one)) for one in hz[inside]]) - note(drawn.voicing.curve[0].hz))
            assert np.median(np.abs(found)) < CENTS


@pytest.mark.long
def test_a_point_is_put_in_moved_and_taken_out(hands: Hands, rng: random.Random) -> None:
    from PySide6.QtTest import QTest

    hands.open(INSTANT, voiced_sentence(rng))
    number, place = hands.between_points()
    hands.click(hands.on_chip(number))
    QTest.mouseDClick(hands.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place.toPoint())
    points = hands.line.performance[0].voicing.curve
    assert hands.view.point is not None
    before = points[hands.view.point[1]].hz
    hands.key(Qt.Key.Key_Up)
    moved = hands.line.performance[0].voicing.curve[hands.view.point[1]].hz
    assert note(moved) - note(before) == pytest.approx(1.0, abs=0.01)
    hands.key(Qt.Key.Key_Delete)
    assert len(hands.line.performance[0].voicing.curve) == len(points) - 1
    hands.made()


@pytest.mark.long
def test_pitch_snaps_to_a_scale(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    box = hands.page.controls.snap
    number = rng.randrange(2, box.count())
    box.setCurrentIndex(number)
    scale = box.itemData(number)
    start, stage = hands.on_melody(1), hands.view.stage
    hands.drag([start, QPointF(start.x(), stage.y(stage.note(start.y()) + 4))])
    there = hands.word(1).centre
    assert there == pytest.approx(scale.nearest(there), abs=0.02)
    hands.made()


@pytest.mark.long
def test_phonemes_move_inside_their_word(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    number = max(range(len(hands.view.shape.words)), key=lambda one: len(hands.word(one).phonemes))
    hands.view.zoom(0.3, hands.view.stage.x(hands.word(number).start))
    hands.view.reveal(hands.word(number))
    word, stage = hands.word(number), hands.view.stage
    edges = word.edges()
    inner = max(range(1, len(edges) - 1), key=lambda one: min(edges[one] - edges[one - 1], edges[one + 1] - edges[one]))
    place = QPointF(stage.x(edges[inner]), stage.phonemes.center().y())
    hands.drag([place, place + QPointF(12, 0)])
    shares = hands.line.performance[0].voicing.phonemes
    assert sum(shares) == pytest.approx(1.0)
    assert len(shares) == len(word.phonemes)
    assert shares[inner - 1] > word.phonemes[inner - 1][1]
    take = hands.made()
    made = take.words[number]
    assert (made.end - made.start) / RATE == pytest.approx(word.seconds, abs=FRAME)


@pytest.mark.long
def test_the_natural_line_is_one_key_away(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    natural = [word.centre for word in hands.view.shape.words]
    hands.key(Qt.Key.Key_A, CTRL)
    hands.key(Qt.Key.Key_Up)
    edited = hands.made()
    raised = [word.centre for word in hands.view.shape.words]
    assert np.nanmedian(np.subtract(raised, natural)) == pytest.approx(1.0, abs=0.1)
    hands.key(Qt.Key.Key_B)
    assert hands.page.controls.natural.value() == "natural"
    assert [word.centre for word in hands.view.shape.words] == pytest.approx(natural, nan_ok=True)
    listening = hands.desktop.tab.listening
    hands.key(Qt.Key.Key_Escape)
    hands.key(Qt.Key.Key_Space)
    assert listening.plays("performance")
    assert hands.page.playing._loaded[0] != edited.id
    hands.key(Qt.Key.Key_B)
    assert listening.plays("performance")
    assert hands.page.playing._loaded[0] == edited.id
    hands.key(Qt.Key.Key_Space)
    assert not listening.playing


@pytest.mark.long
def test_selected_words_are_heard_alone_and_a_click_in_the_ruler_seeks(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    hands.click(hands.on_chip(2))
    hands.desktop.click(hands.page.controls.play)
    _, first, last = hands.page.playing._loaded
    word = hands.take.words[2]
    assert abs(first - word.start) <= 1
    assert abs(last - word.end) <= 1
    hands.key(Qt.Key.Key_Space)
    wanted = hands.word(3).start
    hands.click(QPointF(hands.view.stage.x(wanted), 8))
    assert hands.view.position == pytest.approx(wanted, abs=0.02)


@pytest.mark.long
def test_making_again_by_itself_can_be_switched_off(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    hands.desktop.click(hands.page.controls.automatic)
    assert not hands.page.controls.automatic.isChecked()
    hands.click(hands.on_chip(1))
    hands.key(Qt.Key.Key_Down)
    hands.desktop.until(hands.page.controls.make.isVisible)
    assert not hands.page.rendering.waiting
    assert not hands.page.rendering.running
    hands.desktop.click(hands.page.controls.make)
    assert [one.voicing.pitch for one in hands.made().performance] == [-1.0]


@pytest.mark.long
def test_an_edit_goes_with_its_word_and_the_line_is_drawn_again_in_time(hands: Hands, rng: random.Random) -> None:
    """The text changes in front of an edited word: its edit is still its own, and both takes are made from here."""
    hands.open(INSTANT, voiced_sentence(rng))
    hands.click(hands.on_chip(2))
    hands.key(Qt.Key.Key_Up)
    hands.made()
    text = hands.word(2).text
    hands.desktop.type("Oh, ")
    hands.desktop.until(lambda: not hands.page.stale and hands.page._why == "")
    hands.desktop.until(lambda: len(hands.view.shape.words) == len(hands.line.text.split()))
    changed = [hands.view.shape.words[place].text for place in hands.view.edits]
    assert changed == [text]


@pytest.mark.long
def test_an_engine_that_cannot_says_so(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    engines = hands.desktop.tab.voices.engines
    able = engines["hibari"]
    engines["hibari"] = replace(able, capabilities=replace(able.capabilities, performance=False))
    hands.page._refresh()
    assert not hands.view.isVisible()
    assert "Kokoro" in hands.page.notice.sentence.text()
    assert not hands.page.notice.button.isVisible()


@pytest.mark.long
def test_a_line_that_is_not_made_is_made_from_here(hands: Hands, rng: random.Random) -> None:
    hands.open(INSTANT, voiced_sentence(rng))
    hands.desktop.tab.editor.selectAll()
    hands.desktop.paste(voiced_sentence(rng) + " And then?")
    hands.desktop.until(lambda: hands.page._why == "unmade")
    hands.desktop.click(hands.page.notice.button)
    hands.desktop.until(lambda: hands.page._why == "" and hands.view.shape.words)
    assert [word.text for word in hands.view.shape.words] == hands.line.text.split()


@pytest.mark.long
def test_a_take_whose_file_is_gone_is_made_again(hands: Hands, rng: random.Random, tmp_path: Path) -> None:
    hands.open(INSTANT, voiced_sentence(rng), "Another line.")
    gone = hands.take
    hands.desktop.go_to(1)
    hands.desktop.until(lambda: hands.view.shape.words and hands.view.shape.words[0].text == "Another")
    hands.page._reader._kept.clear()
    (hands.desktop.studio.library.media / gone.asset.path).unlink()
    hands.desktop.go_to(0)
    hands.desktop.until(lambda: hands.page._why == "gone")
    hands.desktop.click(hands.page.notice.button)
    hands.desktop.until(lambda: hands.page._why == "")
    assert hands.take.asset.id != gone.asset.id
    assert len(hands.sound(hands.take))


@pytest.mark.long
def test_the_wheel_zooms_where_the_pointer_is(hands: Hands, rng: random.Random) -> None:
    from PySide6.QtCore import QPoint
    from PySide6.QtGui import QWheelEvent

    hands.open(INSTANT, voiced_sentence(rng))
    place = hands.on_chip(2)
    before = hands.view.stage.time(place.x())
    seen = hands.view.stage.seconds
    event = QWheelEvent(
        place, hands.view.mapToGlobal(place), QPoint(), QPoint(0, 240), Qt.MouseButton.NoButton, CTRL,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(hands.view, event)
    assert hands.view.stage.seconds < 0.7 * seen
    assert hands.view.stage.time(place.x()) == pytest.approx(before, abs=0.001)
    hands.key(Qt.Key.Key_0)
    assert hands.view.stage.seconds == pytest.approx(seen)
    assert hertz(69.0) == 440.0
