"""Speech follows the script: takes land, replace each other, and what belongs to lines moves with them."""

from dataclasses import replace
from typing import Any

import pytest

from audiostudio.errors import RequestError
from audiostudio.timeline import edits
from audiostudio.timeline.editing import (
    arranging,
    fading,
    following,
    marking,
    mixing,
    placing,
    removing,
    stretching,
    trimming,
)
from audiostudio.timeline.editing.following import Fitting, Placed, land
from audiostudio.timeline.editing.trimming import Edge
from audiostudio.timeline.history import History
from audiostudio.timeline.project import Project, Slot, Take, TakeWord, new_id
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import (
    Anchor,
    Automation,
    Channel,
    Clip,
    Content,
    Effect,
    Fade,
    Marker,
    Point,
    Range,
    Track,
)
from tests.timeline.documents import make_take
from tests.timeline.timelines import TIMELINE, clip, laid, on, places, project, seconds

PAUSE = 0.35
ONE, TWO, THREE = range(3)


class Script:
    """Three lines, their takes of two seconds each, and a timeline."""

    def __init__(self, *tracks: Any, **fields: Any) -> None:
        self.project = edits.set_text(project(*tracks, **fields), "One\nTwo\nThree")
        self.lines = [line.id for line in self.project.script.lines]
        self.takes = {line: self.take(number) for number, line in enumerate(self.lines)}
        self.settings: dict[str, dict[str, Any]] = {line: {} for line in self.lines}

    def take(self, number: int, length: float = 2.0, words: tuple[tuple[str, float, float], ...] = ()) -> Take:
        """A new take of a line, which becomes its current one; `words` with their seconds."""
        take = make_take(self.lines[number], "word")
        said = tuple([TakeWord(text, 0, 1, round(a * 48_000), round(b * 48_000)) for text, a, b in words])
        take = replace(take, samples=round(length * 48_000), words=said)
        self.project = edits.add_take(self.project, take)
        if hasattr(self, "takes"):
            self.takes[take.line] = take
        return take

    def placed(self, *order: int) -> list[Placed]:
        lines = [self.lines[number] for number in order or range(len(self.lines))]
        return [Placed(line, self.takes.get(line), **self.settings[line]) for line in lines]

    def land(self, *numbers: int, fitting: Fitting = Fitting.RIPPLE, order: tuple[int, ...] = ()) -> Project:
        only = [self.lines[number] for number in numbers] or None
        self.project = land(self.project, TIMELINE, self.placed(*order), only=only, fitting=fitting)
        return self.project

    def voice(self, track: str = "Voice") -> list[tuple[float, float]]:
        (found,) = (one for one in on(self.project).tracks if one.name == track)
        return laid(self.project, found.id)

    def clip(self, number: int) -> Clip:
        return next(one for one in on(self.project).clips() if one.line == self.lines[number])


def test_lines_land_one_after_the_other_as_a_joined_voiceover_has_them() -> None:
    script = Script([clip(0, 30)])
    script.settings[script.lines[TWO]] = {"pause_before": 0.5, "pause_after": 1.0}
    script.land()
    assert script.voice() == places([(0, 2), (2.85, 4.85), (5.85, 7.85)])
    voice, music = on(script.project).tracks
    assert (voice.name, voice.content, music.name) == ("Voice", Content.SPEECH, "Track 1")
    assert laid(script.project) == [(0, 30)]
    first = script.clip(ONE)
    assert (first.take, first.line) == (script.takes[script.lines[ONE]].id, script.lines[ONE])
    assert {one.id for one in script.project.media} >= {take.asset.id for take in script.takes.values()}
    assert script.land() is script.project
    assert following.behind(script.project, TIMELINE, script.placed()) == ()


def test_a_line_between_two_others_makes_room() -> None:
    script = Script([clip(0, 30), clip(30, 31)], markers=[Marker("m", 3 * TICKS)], range=Range(0, 10 * TICKS))
    script.land(ONE, THREE)
    assert script.voice() == [(0, 2), (2.35, 4.35)]
    assert following.behind(script.project, TIMELINE, script.placed()) == (script.lines[TWO],)
    script.land(TWO)
    assert script.voice() == [(0, 2), (2.35, 4.35), (4.7, 6.7)]
    assert laid(script.project, "1") == [(0, 30), (32.35, 33.35)]
    assert on(script.project).markers[0].at == seconds(5.35)[0]
    assert on(script.project).range == Range(0, seconds(12.35)[0])


def test_a_distance_that_the_user_chose_stays() -> None:
    script = Script()
    script.land(ONE, THREE)
    script.project = placing.move(script.project, TIMELINE, [script.clip(THREE).id], TICKS)
    script.land(TWO)
    assert script.voice() == [(0, 2), (2.35, 4.35), (5.7, 7.7)]
    tight = Script()
    tight.land(ONE, THREE)
    tight.project = placing.move(tight.project, TIMELINE, [tight.clip(THREE).id], -round(0.35 * TICKS))
    tight.settings[tight.lines[TWO]] = {"pause_after": 0.0}
    tight.land(TWO)
    assert tight.voice() == [(0, 2), (2.35, 4.35), (4.35, 6.35)]


def test_a_first_line_comes_before_the_others_and_over_the_music_under_them() -> None:
    script = Script([clip(0, 30), clip(40, 41)])
    script.land(TWO, THREE)
    script.land(ONE)
    assert script.voice() == [(0, 2), (2.35, 4.35), (4.7, 6.7)]
    assert laid(script.project, "1") == [(0, 30), (42.35, 43.35)]


def test_at_the_end_of_the_script_only_what_is_in_the_way_moves() -> None:
    script = Script([clip(20, 21)])
    script.land(ONE, TWO)
    script.land(THREE)
    assert laid(script.project, "1") == [(20, 21)]
    blocked = Script()
    blocked.land(ONE, TWO)
    voice = on(blocked.project).tracks[0].id
    blocked.project = placing.overwrite(blocked.project, TIMELINE, voice, [clip(5, 6)], 5 * TICKS)
    blocked.land(THREE)
    assert blocked.voice() == [(0, 2), (2.35, 4.35), (4.7, 6.7), (6.7, 7.7)]


def test_slots_are_kept() -> None:
    script = Script()
    script.settings[script.lines[TWO]] = {"slot": Slot(10.0, 12.0)}
    script.settings[script.lines[THREE]] = {"slot": Slot(11.0, 12.0)}
    script.land()
    assert script.voice() == [(0, 2), (10, 12), (12, 14)]


def test_each_speaker_has_a_track() -> None:
    script = Script()
    script.settings[script.lines[TWO]] = {"speaker": "Emma"}
    script.land()
    assert [track.name for track in on(script.project).tracks] == ["Voice", "Emma"]
    assert (script.voice(), script.voice("Emma")) == ([(0, 2), (4.7, 6.7)], [(2.35, 4.35)])


def test_a_speaker_stays_on_the_track_that_the_user_moved_him_to() -> None:
    script = Script(Track("mine", "Dialogue"))
    script.land(ONE)
    script.project = placing.move(script.project, TIMELINE, [script.clip(ONE).id], down=1)
    script.land(TWO)
    assert laid(script.project, "mine") == [(0, 2), (2.35, 4.35)]


def bed_and_effect() -> tuple[Track, Track, Track]:
    automation = Automation("ducking", (Point(0, 0.0), Point(seconds(5)[0], -12.0)))
    return (
        Track("bed", "Bed", clips=(clip(0, 6), clip(6, 20)), channel=Channel(automation=(automation,))),
        Track("effects", "Effects", clips=(clip(3.0, 3.5, name="whoosh"), clip(4.5, 5, name="door"))),
        Track("locked", "Locked", clips=(clip(8, 9),), locked=True),
    )


@pytest.mark.parametrize(("length", "by"), [(3.0, 1.0), (1.0, -1.0)])
def test_a_new_take_ripples_in_one_step(length: float, by: float) -> None:
    script = Script(*bed_and_effect(), markers=[Marker("m", seconds(4.6)[0])], range=Range(0, seconds(5)[0]))
    script.land()
    before = script.project
    old = script.clip(TWO)
    take = script.take(TWO, length)
    history = History(script.project)
    placed = script.placed()
    history.edit("Take", lambda p: land(p, TIMELINE, placed))
    script.project = history.project
    assert script.voice() == places([(0, 2), (2.35, 4.35 + by), (4.7 + by, 6.7 + by)])
    assert script.clip(TWO).id == old.id
    assert script.clip(TWO).take == take.id
    bed, effects, locked = on(script.project).tracks[1:]
    # The music under the line keeps its beginning and its end; what follows it moves where there is room.
    assert laid(script.project, bed.id) == [(0, 6), (6 + max(by, 0), 20 + max(by, 0))]
    assert laid(script.project, effects.id) == places([(3.0, 3.5), (4.5 + by, 5 + by)])
    assert locked == on(before).tracks[-1]
    assert on(script.project).markers[0].at == seconds(4.6 + by)[0]
    assert [point.at for point in bed.channel.automated("ducking")] == seconds(0, 5 + by)
    assert on(script.project).range == Range(0, seconds(5 + by)[0])
    assert history.undo()
    assert history.project.timelines == before.timelines
    assert not history.undo()


def test_a_take_that_is_fitted_keeps_place_and_length() -> None:
    script = Script(*bed_and_effect())
    script.land()
    before = on(script.project)
    script.take(TWO, 2.5)
    script.land(fitting=Fitting.FIT)
    assert script.voice() == [(0, 2), (2.35, 4.35), (4.7, 6.7)]
    assert script.clip(TWO).speed(48_000) == 1.25
    assert on(script.project).tracks[1:] == before.tracks[1:]
    script.take(TWO, 9.0)
    with pytest.raises(RequestError, match=r"4\.50 times its speed"):
        script.land(fitting=Fitting.FIT)


def test_a_new_take_sounds_as_the_user_set_the_clip() -> None:
    script = Script()
    script.land()
    target = script.clip(TWO).id
    effect = Effect("eq", "eq")
    for edit in (
        lambda p: mixing.set_gain(p, TIMELINE, [target], -4.0),
        lambda p: fading.set_fades(p, TIMELINE, [target], fade_in=Fade(TICKS // 4), fade_out=Fade(TICKS // 2)),
        lambda p: mixing.add_effect(p, TIMELINE, target, effect),
        lambda p: mixing.set_envelope(p, TIMELINE, target, [Point(TICKS, -6.0)]),
        lambda p: stretching.set_speed(p, TIMELINE, [target], 2.0),
        lambda p: arranging.colour_clips(p, TIMELINE, [target], "red"),
    ):
        script.project = edit(script.project)
    was = script.clip(TWO)
    script.take(TWO, 3.0)
    script.land()
    now = script.clip(TWO)
    assert now.duration == 1.5 * TICKS
    assert (now.gain, now.effects, now.colour) == (-4.0, (effect,), "red")
    assert (now.fade_in, now.fade_out) == (was.fade_in, was.fade_out)
    assert now.envelope == (Point(round(0.75 * TICKS), -6.0),)


WORDS = (("um", 0.2, 0.5), ("hello", 0.6, 1.0), ("world", 1.1, 1.7))


def test_trims_stay_at_their_words() -> None:
    script = Script()
    script.take(TWO, 2.0, WORDS)
    script.land()
    target = script.clip(TWO).id
    script.project = trimming.trim(script.project, TIMELINE, [target], Edge.START, round(0.6 * TICKS))
    script.project = trimming.trim(script.project, TIMELINE, [target], Edge.END, -round(0.3 * TICKS))
    script.take(TWO, 3.0, (("um", 0.4, 0.8), ("hello", 1.0, 1.5), ("world", 1.6, 2.5)))
    script.land()
    now = script.clip(TWO)
    assert (now.source_start, now.source_start + now.source_length) == (48_000, 120_000)


def test_silence_that_was_trimmed_stays_trimmed_when_the_words_change() -> None:
    script = Script()
    script.take(TWO, 2.0, WORDS)
    script.land()
    target = script.clip(TWO).id
    script.project = trimming.trim(script.project, TIMELINE, [target], Edge.START, round(0.1 * TICKS))
    script.project = trimming.trim(script.project, TIMELINE, [target], Edge.END, -round(0.2 * TICKS))
    script.take(TWO, 3.0, (("other", 0.3, 1.0), ("words", 1.1, 2.6)))
    script.land()
    now = script.clip(TWO)
    assert now.source_start == round(0.2 * 48_000)
    assert now.source_start + now.source_length == round(2.7 * 48_000)


def test_a_line_that_was_cut_in_pieces_keeps_its_cuts_while_it_says_the_same() -> None:
    script = Script()
    script.take(TWO, 2.0, WORDS)
    script.land()
    start = script.clip(TWO).start
    script.project = trimming.split(script.project, TIMELINE, start + round(0.55 * TICKS))
    script.project = mixing.set_gain(script.project, TIMELINE, [script.clip(TWO).id], -9.0)
    longer = tuple([(text, 2 * a, 2 * b) for text, a, b in WORDS])
    script.take(TWO, 4.0, longer)
    script.land()
    pieces = [one for one in on(script.project).clips() if one.line == script.lines[TWO]]
    assert [(one.source_start, one.source_length, one.gain) for one in pieces] == [
        (0, 52_800, -9.0),
        (52_800, 139_200, 0.0),
    ]
    assert script.voice() == places([(0, 2), (2.35, 3.45), (3.45, 6.35), (6.7, 8.7)])
    script.take(TWO, 1.0, (("bye", 0.1, 0.9),))
    script.land()
    assert script.voice() == places([(0, 2), (2.35, 3.35), (3.7, 5.7)])
    assert script.clip(TWO).gain == -9.0


def test_a_clip_that_was_copied_gets_the_take_in_both_places() -> None:
    script = Script()
    script.land(ONE)
    script.project = placing.duplicate(script.project, TIMELINE, [script.clip(ONE).id])
    take = script.take(ONE, 3.0)
    script.land(ONE)
    assert script.voice() == [(0, 3), (3, 6)]
    assert {one.take for one in on(script.project).clips()} == {take.id}


def test_what_is_anchored_to_a_line_moves_with_it_wherever_it_is() -> None:
    script = Script([clip(4.0, 4.5, name="early"), clip(15, 16, name="late")], markers=[])
    script.land()
    marker = Marker(
        "m", seconds(3.0)[0], anchor=Anchor(script.lines[THREE], seconds(3.0)[0] - script.clip(THREE).start)
    )
    script.project = marking.add_marker(script.project, TIMELINE, marker)
    script.project = marking.anchor(script.project, TIMELINE, "early", script.lines[THREE])
    script.project = marking.anchor(script.project, TIMELINE, "late", script.lines[ONE])
    script.take(TWO, 3.0)
    script.land()
    assert on(script.project).markers[0].at == seconds(4.0)[0]
    assert on(script.project).clip("early").start == seconds(5.0)[0]
    assert on(script.project).clip("late").start == seconds(15)[0]
    moved = placing.move(script.project, TIMELINE, [script.clip(THREE).id], 2 * TICKS)
    assert on(moved).markers[0].at == seconds(6.0)[0]
    assert on(moved).clip("early").start == seconds(7.0)[0]
    placed = placing.move(moved, TIMELINE, ["early"], TICKS)
    assert on(placed).clip("early").anchor == Anchor(script.lines[THREE], seconds(8.0)[0] - seconds(7.7)[0])


def test_a_copy_of_a_line_before_it_draws_nothing_there() -> None:
    script = Script(markers=[Marker("m", seconds(5)[0])])
    script.land()
    script.project = marking.anchor(script.project, TIMELINE, "m", script.lines[THREE])
    copy = replace(script.clip(THREE), id="copy", start=seconds(20)[0])
    script.project = placing.place(script.project, TIMELINE, [(on(script.project).tracks[0].id, copy)])
    script.project = placing.insert(
        script.project, TIMELINE, on(script.project).tracks[0].id, [replace(copy, id="teaser")], 0
    )
    (marker,) = on(script.project).markers
    assert marker.at == seconds(7)[0]
    assert marker.anchor == Anchor(script.lines[THREE], seconds(7)[0])
    script.project = placing.move(script.project, TIMELINE, ["copy"], TICKS)
    assert on(script.project).markers[0].at == seconds(7)[0]


def test_what_is_anchored_stays_when_the_first_piece_of_its_line_goes() -> None:
    script = Script(markers=[Marker("m", seconds(6)[0])])
    script.land()
    script.project = marking.anchor(script.project, TIMELINE, "m", script.lines[THREE])
    script.project = trimming.split(script.project, TIMELINE, seconds(5.7)[0])
    script.project = removing.remove(script.project, TIMELINE, [script.clip(THREE).id])
    (marker,) = on(script.project).markers
    assert (marker.at, marker.anchor) == (seconds(6)[0], Anchor(script.lines[THREE], seconds(0.3)[0]))


def test_an_anchored_clip_that_finds_no_room_stays_and_is_anchored_anew() -> None:
    script = Script([clip(4.0, 4.5, name="early"), clip(4.6, 6, name="wall")])
    script.land()
    script.project = marking.anchor(script.project, TIMELINE, "early", script.lines[THREE])
    voice = script.clip(THREE)
    script.project = placing.move(script.project, TIMELINE, [voice.id], TICKS)
    assert on(script.project).clip("early").start == seconds(4.0)[0]
    assert on(script.project).clip("early").anchor == Anchor(script.lines[THREE], seconds(4.0)[0] - seconds(5.7)[0])


def test_locked_speech_stays_and_says_so() -> None:
    script = Script()
    script.land()
    track = on(script.project).tracks[0].id
    script.project = arranging.lock_track(script.project, TIMELINE, track, True)
    script.take(TWO, 3.0)
    with pytest.raises(RequestError, match="“Voice” is locked"):
        script.land()
    script.project = edits.insert_line(script.project, 3, replace(script.project.script.lines[0], id="four"))
    script.lines.append("four")
    script.settings["four"] = {"speaker": "Emma"}
    script.take(3)
    script.land()
    assert script.voice() == [(0, 2), (2.35, 4.35), (4.7, 6.7)]
    assert script.voice("Emma") == [(7.05, 9.05)]
    assert following.behind(script.project, TIMELINE, script.placed()) == (script.lines[TWO],)


def test_clips_of_lines_that_left_the_script_stay_until_asked() -> None:
    script = Script()
    script.land()
    script.project = edits.remove_lines(script.project, [script.lines[TWO]])
    script.land(order=(ONE, THREE))
    assert script.voice() == [(0, 2), (2.35, 4.35), (4.7, 6.7)]
    assert [one.line for one in following.orphaned(script.project, TIMELINE)] == [script.lines[TWO]]
    after = following.remove_orphaned(script.project, TIMELINE)
    assert [(one.start / TICKS, one.line) for one in on(after).clips()] == [
        (0, script.lines[ONE]),
        (2.7, script.lines[THREE]),
    ]
    assert following.orphaned(after, TIMELINE) == ()
    assert following.remove_orphaned(after, TIMELINE) is after


def test_lines_that_moved_in_the_script_follow_when_asked() -> None:
    script = Script([clip(0, 30)], markers=[Marker("end", seconds(7)[0])])
    script.land()
    order = (THREE, ONE, TWO)
    assert script.land(order=order) is script.project
    assert following.displaced(script.project, TIMELINE, script.placed(*order)) == (script.lines[THREE],)
    script.project = following.follow_order(script.project, TIMELINE, script.placed(*order))
    lines = [one.line for one in on(script.project).tracks[0].clips]
    assert lines == [script.lines[number] for number in order]
    assert script.voice() == [(0, 2), (2.35, 4.35), (4.7, 6.7)]
    assert laid(script.project, "1") == [(0, 30)]
    assert following.displaced(script.project, TIMELINE, script.placed(*order)) == ()


def test_a_line_whose_clip_was_deleted_stays_away_unless_it_is_asked_for() -> None:
    script = Script()
    script.land()
    script.project = removing.remove(script.project, TIMELINE, [script.clip(TWO).id])
    script.take(ONE, 1.0)
    script.land(ONE)
    assert script.voice() == [(0, 1), (3.7, 5.7)]


def test_a_whole_audio_book_lands_in_linear_time() -> None:
    """Three thousand lines, then a new take of each: what is quadratic would take minutes."""
    start = edits.set_text(project(), "\n".join(f"Line {number}" for number in range(3000)))
    lines = [line.id for line in start.script.lines]

    def placed(length: int) -> list[Placed]:
        return [Placed(line, replace(make_take(line, "word"), samples=length, id=new_id())) for line in lines]

    landed = land(start, TIMELINE, placed(48_000))
    again = land(landed, TIMELINE, placed(96_000))
    ends = [one.end for one in on(again).tracks[0].clips]
    assert ends[-1] == 3000 * 2 * TICKS + 2999 * round(PAUSE * TICKS)
