"""What makes a piece more than its notes: motifs that return, hands, fills, swing, rises, keys that change."""

import os
from collections import Counter
from random import Random

import pytest

from audiostudio.music import arrangement, form, harmony, humanise, melody
from audiostudio.music.composing import compose, skeleton
from audiostudio.music.genres import genres
from audiostudio.music.plan import Brief
from audiostudio.music.planning import plan
from audiostudio.music.score import Note, Part, Role, Score
from audiostudio.music.theory import TICKS, Chord

SEED = int(os.environ["AUDIOSTUDIO_TEST_SEED"])
SEEDS = range(SEED, SEED + 6)


def part(score: Score, role: Role) -> Part:
    return next(part for part in score.parts if part.role is role)


def within(score: Score, of: Part, index: int) -> list[Note]:
    section = score.sections[index]
    start, end = section.bar * score.metre.bar, (section.bar + section.bars) * score.metre.bar
    return [note._replace(start=note.start - start) for note in of.notes if start <= note.start < end]


def test_a_melody_returns_varied() -> None:
    shares = []
    for seed in SEEDS:
        score = compose(plan(Brief(genre="pop", seconds=150, seed=seed, key="C major", bpm=112)))
        choruses = [
            i for i, section in enumerate(score.sections) if section.kind == "chorus" and section.key == score.key
        ]
        lead = part(score, Role.LEAD)
        tunes = [
            Counter((round(note.start / 120), note.pitch) for note in within(score, lead, index))
            for index in choruses[:2]
        ]
        if len(tunes) == 2 and all(tunes):
            size = min(sum(tune.values()) for tune in tunes)
            shares.append(sum((tunes[0] & tunes[1]).values()) / size)
    assert shares
    assert 0.25 < sum(shares) / len(shares) < 0.98


def test_a_motif_is_turned_over_moved_and_broken_up() -> None:
    motif = melody.Motif(((0, 480), (480, 240), (720, 240), (960, 960)), (0, 1, 2, -1))
    assert melody.inverted(melody.inverted(motif)) == motif
    assert melody.moved(motif, 2).contour == (2, 3, 4, 1)
    again = melody.fragment(motif, 1920)
    assert [start for start, _ in again.rhythm] == [0, 480, 720, 960, 1440, 1680]
    rng = Random(SEED)
    assert len(melody.ornamented(motif, rng).rhythm) == 5
    thinner = melody.thinned(motif, rng)
    assert len(thinner.rhythm) == 3
    assert sum(length for _, length in thinner.rhythm) == sum(length for _, length in motif.rhythm)


@pytest.mark.parametrize("genre", ["jazz", "lo-fi"])
def test_off_beats_swing(genre: str) -> None:
    style = genres()[genre]
    late = TICKS * 4 // style.swing_unit
    steady = (42, 51) if genre == "jazz" else range(128)
    for seed in SEEDS:
        made = plan(Brief(genre=genre, seconds=40, seed=seed, metre="4/4"))
        low, high = style.swing
        assert low <= made.swing <= high
        drums = part(compose(made), Role.DRUMS)
        wanted = late * (1 + made.swing)
        off = [
            note.start % (2 * late)
            for note in drums.notes
            if note.pitch in steady and abs(note.start % (2 * late) - wanted) < late * 0.2
        ]
        assert off
        assert abs(sum(off) / len(off) - wanted) < 0.06 * late


def test_hands_stray_but_the_beat_stays() -> None:
    for genre in ("rock", "pop", "latin", "folk"):
        score = compose(plan(Brief(genre=genre, seconds=90, seed=SEED, metre="4/4")))
        strays = []
        for one in score.parts:
            if one.role is Role.BASS:
                strays += [(note.start + TICKS // 2) % TICKS - TICKS // 2 for note in one.notes]
        near = [stray for stray in strays if abs(stray) < 40]
        assert len({abs(stray) for stray in near}) > 3
        assert abs(sum(near) / len(near)) < 8
        velocities = {note.velocity for one in score.parts for note in one.notes}
        assert len(velocities) > 20


def test_swing_keeps_beats_and_order() -> None:
    places = [humanise.swung(tick, 0.33, 8) for tick in range(0, 1920, 60)]
    assert places == sorted(places)
    assert [humanise.swung(tick, 0.33, 8) for tick in (0, 480, 960)] == [0, 480, 960]
    assert humanise.swung(240, 1 / 3, 8) == 320


def test_sections_end_with_fills() -> None:
    fuller = total = 0
    for seed in SEEDS:
        score = compose(plan(Brief(genre="rock", seconds=90, seed=seed, metre="4/4")))
        drums = part(score, Role.DRUMS)
        for index, section in enumerate(score.sections[:-1]):
            hits = [note for note in within(score, drums, index) if note.pitch in (38, 39, 41, 45, 47, 50)]
            if section.bars < 4 or not hits:
                continue
            end = section.bars * score.metre.bar
            last = sum(note.start >= end - 960 for note in hits)
            before = sum(note.start < end - 960 for note in hits) / (section.bars * 2 - 1)
            total += 1
            fuller += last > before
    assert fuller > 0.75 * total


def test_a_drop_is_built_up_to() -> None:
    for seed in SEEDS:
        score = compose(plan(Brief(genre="electronic", structure=("verse", "build", "drop", "outro"), seed=seed)))
        build, drop = score.sections[1:3]
        effects = {note.pitch for note in within(score, part(score, Role.EFFECTS), 1)}
        assert arrangement.RISER in effects
        assert arrangement.DROP in {note.pitch for note in within(score, part(score, Role.EFFECTS), 2)}
        drums = within(score, part(score, Role.DRUMS), 1)
        half = build.bars * score.metre.bar // 2
        assert sum(note.start >= half for note in drums) > sum(note.start < half for note in drums)
        assert max(note.start for note in drums) < build.bars * score.metre.bar - TICKS + 60
        loud = sum(note.velocity for one in score.parts for note in within(score, one, 2)) / drop.bars
        soft = sum(note.velocity for one in score.parts for note in within(score, one, 0)) / score.sections[0].bars
        assert loud > soft


def test_classical_music_slows_down_and_house_does_not() -> None:
    for seed in SEEDS:
        slow = compose(plan(Brief(genre="classical", seconds=30, seed=seed)))
        assert len(slow.tempo) > 1
        assert slow.tempo[-1].bpm < 0.8 * slow.bpm
        assert len(compose(plan(Brief(genre="house", seconds=30, seed=seed))).tempo) == 1


def test_the_last_chorus_is_lifted_now_and_then() -> None:
    lifted = 0
    for seed in range(60):
        made = plan(Brief(genre="pop", seed=seed, structure=("verse", "chorus", "verse", "chorus", "chorus", "outro")))
        sections = skeleton(made)
        if sections[-1].key != sections[0].key:
            lifted += 1
            assert sections[-2].chords[0].chord.root in sections[-2].key.scale
    assert 2 <= lifted <= 30


def test_dominants_of_other_degrees_and_borrowed_chords_occur() -> None:
    found = Counter[str]()
    for seed in range(40):
        for section in skeleton(plan(Brief(genre="classical", key="C major", metre="4/4", seed=seed))):
            for at, following in zip(section.chords, section.chords[1:], strict=False):
                if at.chord.quality == "7" and at.chord.root != 7 and following.chord.root == (at.chord.root + 5) % 12:
                    found["dominant"] += 1
        for section in skeleton(plan(Brief(genre="pop", key="C major", seed=seed))):
            found["borrowed"] += sum(at.chord == Chord(5, "m") for at in section.chords)
    assert found["dominant"]
    assert found["borrowed"]


def test_numerals() -> None:
    names = {"I": "C", "bVI": "G#", "iim7b5": "Dm7b5", "V7/V": "D7", "ivm6": "Fm6", "#Idim7": "C#dim7", "iio": "Ddim"}
    assert {text: harmony.numeral(text).name() for text in names} == names
    for genre in genres().values():
        for kinds in genre.progressions.values():
            for row in (row for rows in kinds.values() for row in rows):
                for cell in row.split():
                    for name in cell.split(","):
                        harmony.numeral(name)
    with pytest.raises(ValueError, match="Roman"):
        harmony.numeral("H")


@pytest.mark.parametrize("bars", [1, 2, 3, 5, 8, 13, 31, 64, 200, 640])
def test_forms_add_up(bars: int) -> None:
    for genre in genres().values():
        made = form.sections(genre, bars)
        assert sum(length for _, length in made) == max(bars, len(made))
        assert all(1 <= length <= 32 for _, length in made)
        if bars >= 40:
            assert len({kind for kind, _ in made}) >= 3


def test_a_long_piece_has_many_sections_and_is_no_burden() -> None:
    score = compose(plan(Brief(genre="corporate", seconds=1200, seed=SEED)))
    assert len(score.sections) > 40
    assert score.seconds == 1200
    assert sum(len(one.notes) for one in score.parts) < 200_000
