"""The score's view: every edit is one of the plan, and one undo step."""

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt

from audiostudio.music.composing import compose
from audiostudio.music.theory import Key
from audiostudio.ui.music.score import edits
from audiostudio.ui.music.score.section_panel import diatonic
from tests.ui.music.band import Band, band, open_desktop, planned, profile, studio_tabs, studio_timeline

__all__ = ["band", "open_desktop", "profile", "studio_tabs", "studio_timeline"]


@pytest.mark.parametrize("seed", range(6))
def test_edits_of_sections_keep_a_plan_that_can_be_composed(seed: int) -> None:
    plan = planned(60.0, seed, ("pop", "rock", "house")[seed % 3])
    count = len(plan.sections)
    for edited in (
        edits.moved(plan, 0, count - 1),
        edits.moved(plan, count - 1, 0),
        edits.removed(plan, 0),
        edits.repeated(plan, count - 1),
        edits.added(plan, 1, "bridge", 77),
        edits.lengthened(plan, 0, 3),
        edits.of_kind(plan, 0, "drop"),
        edits.at_tempo(plan, 90.0),
        edits.only(plan, count - 1),
    ):
        assert all(one.like is None or one.like < number for number, one in enumerate(edited.sections))
        score = compose(edited)
        assert [one.bars for one in score.sections] == [one.bars for one in edited.sections]
        assert score.seconds == pytest.approx(edited.seconds, abs=1e-6)


def test_a_chord_is_written_where_it_is_heard() -> None:
    plan = planned(30.0, 3, "pop")
    score = compose(plan)
    at = next(number for number, one in enumerate(plan.sections) if one.bars >= 2)
    before = edits.chords_of(plan, score, at)
    changed = edits.with_chord(plan, score, at, 1, "Dm7")
    assert changed.sections[at].chords[1] == "Dm7"
    after = edits.chords_of(changed, compose(changed), at)
    assert [n for n, (one, other) in enumerate(zip(before, after, strict=True)) if one != other] in ([1], [])
    others = [n for n in range(len(plan.sections)) if n != at and plan.sections[n].like != at]
    for number in others:
        assert compose(changed).sections[number].chords == score.sections[number].chords


def test_the_triads_of_a_key() -> None:
    assert diatonic(Key.parse("C major")) == ["C", "Dm", "Em", "F", "G", "Am", "Bdim"]
    assert diatonic(Key.parse("A minor")) == ["Am", "Bdim", "C", "Dm", "Em", "F", "G"]


def test_sections_are_edited_by_hand_and_by_keys(band: Band) -> None:
    band.score(planned(60.0, genre="pop"))
    lane, before = band.page.score.lane, band.plan
    band.click(lane, lane.block(1).center().toPoint())
    assert lane.at == 1
    band.key(lane, Qt.Key.Key_Plus)
    assert band.plan.sections[1].bars == before.sections[1].bars + 1
    assert band.plan.seconds > before.seconds
    band.undo()
    assert band.plan == before
    band.key(lane, Qt.Key.Key_R)
    assert band.plan.sections[1].seed != before.sections[1].seed
    band.undo()
    band.key(lane, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert [one.kind for one in band.plan.sections][1:3] == [one.kind for one in before.sections][1:3][::-1]
    assert lane.at == 2
    band.undo()
    band.key(lane, Qt.Key.Key_Delete)
    assert len(band.plan.sections) == len(before.sections) - 1
    band.undo()
    assert band.plan == before


def test_a_block_s_end_is_dragged(band: Band) -> None:
    band.score(planned(30.0))
    lane, before = band.page.score.lane, band.plan.sections[0].bars
    end = QPoint(round(lane.block(0).right()) - 2, 30)
    each = lane.block(0).width() / before
    qtbot = band.desktop.qtbot
    qtbot.mousePress(lane, Qt.MouseButton.LeftButton, pos=end)
    for step in range(1, 9):
        qtbot.mouseMove(lane, QPoint(end.x() + round(2 * each * step / 8), 30))
    qtbot.mouseRelease(lane, Qt.MouseButton.LeftButton, pos=QPoint(end.x() + round(2 * each), 30))
    assert band.plan.sections[0].bars == before + 2


def test_parts_are_muted_soloed_and_mixed(band: Band) -> None:
    band.score()
    rows = band.page.score.rows
    assert len(rows) == len(band.plan.parts)
    band.click(rows[0].mute)
    assert band.plan.parts[0].muted
    band.click(rows[1].solo)
    assert [one.muted for one in band.plan.parts] == [number != 1 for number in range(len(rows))]
    assert rows[1].solo.isChecked()
    band.click(rows[1].solo)
    assert not any(one.muted for one in band.plan.parts)
    band.key(rows[0].fader, Qt.Key.Key_Left)
    assert band.plan.parts[0].volume < planned().parts[0].volume
    popup = rows[1].open_instruments()
    other = next(name for name in ("sub-bass", "acid-bass") if name != band.plan.parts[1].instrument)
    popup.take(popup.item(other))
    assert band.plan.parts[1].instrument == other


def test_key_tempo_and_chords_are_changed(band: Band) -> None:
    band.score()
    page = band.page.score
    popup = page._open_keys()
    popup.tonic.setCurrentIndex(2)
    popup.close()
    assert band.plan.key == "D minor"
    page.bpm.setFocus()
    page.bpm.selectAll()
    band.type(page.bpm, "100")
    band.key(page.bpm, Qt.Key.Key_Return)
    assert band.plan.bpm == 100
    band.until(lambda: page._fitting() is not None and page.score.bpm == 100)
    chord = page.section.open_chord(0)
    chord.field.selectAll()
    band.type(chord.field, "H7")
    assert chord.problem.isVisible()
    band.key(chord.field, Qt.Key.Key_Return)
    chord.field.selectAll()
    band.type(chord.field, "Gm7")
    band.key(chord.field, Qt.Key.Key_Return)
    assert band.plan.sections[0].chords[0] == "Gm7"
    assert page.section.chips[0].text() == "Gm7"


def test_notes_are_painted_where_they_sound(band: Band) -> None:
    band.score(planned(60.0))
    view = max((row.notes for row in band.page.score.rows), key=lambda notes: len(notes._part.notes))
    picture = view.grab().toImage()
    notes = view._part.notes
    wide, ticks = picture.width(), view._score.ticks
    gaps = [(a.start + a.length, b.start) for a, b in pairwise(notes) if b.start - a.start - a.length > ticks // 40]
    lit = {x for x in range(wide) for y in range(picture.height()) if picture.pixelColor(x, y).green() > 120}
    assert round((notes[0].start + 1) * wide / ticks) in lit
    for start, end in gaps[:3]:
        middle = round((start + end) / 2 * wide / ticks)
        assert middle not in lit or any(one.start <= (start + end) // 2 < one.start + one.length for one in notes)
