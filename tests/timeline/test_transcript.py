"""What clips say, what could be cut out of it, and the cuts."""

import json
import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.errors import RequestError
from audiostudio.timeline import tidying
from audiostudio.timeline.editing import arranging, cutting, removing
from audiostudio.timeline.history import History
from audiostudio.timeline.project import Media, Project, TakeWord, Transcript
from audiostudio.timeline.schema import decode, encode
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Clip
from audiostudio.timeline.transcript import Cut, Said, Speech, What
from tests.timeline.documents import make_take
from tests.timeline.timelines import MUSIC, TIMELINE, clip, project

RATE = 48_000


def said(text: str, gap: float = 0.1, language: str = "en", start: float = 5.0) -> Said:
    """Words of 0.3 s each, `gap` apart; `|` is a pause of half a second more."""
    words, at, place = [], start, 0
    for word in text.split():
        if word == "|":
            at += 0.5
            continue
        words.append(TakeWord(word, place, place + len(word), round(at * RATE), round((at + 0.3) * RATE)))
        at, place = at + 0.3 + gap, place + len(word) + 1
    return Said(clip(0, 20, name="c"), MUSIC, language, tuple(words))


def texts(cuts: list[Cut]) -> list[str]:
    return [cut.text for cut in cuts]


def shown(done: Project, track: int = 0) -> list[tuple[float, float, float]]:
    """Start, end and first second of the medium of each clip."""
    clips = done.timelines[0].tracks[track].clips
    return [(round(c.start / TICKS, 3), round(c.end / TICKS, 3), round(c.source_start / RATE, 3)) for c in clips]


def test_sounds_are_fillers_everywhere_and_phrases_where_they_are_set_off() -> None:
    assert texts(tidying.fillers(said("So ummm we sail, you know, at Uh, noon"))) == ["ummm", "you know,", "Uh,"]
    assert texts(tidying.fillers(said("Do you know what I mean by that"))) == []
    assert texts(tidying.fillers(said("we sail | you know | at noon"))) == ["you know"]
    assert texts(tidying.fillers(said("Wir, ähm, segeln, sozusagen, heute", language="de-DE"))) == [
        "ähm,",
        "sozusagen,",
    ]
    assert texts(tidying.slips(said("um um we sail"))) == ["um", "um"]
    assert texts(tidying.fillers(said("Мы ээээ плывём", language="ru"))) == ["ээээ"]
    assert tidying.fillers(said("um", language="tlh")) == []


def test_every_list_is_as_it_is_looked_for() -> None:
    assert {"de", "en", "es", "fr", "it", "pt", "ru"} <= set(tidying.languages())
    for language in tidying.languages():
        sounds, phrases = tidying.known_fillers(language)
        assert sounds
        assert phrases
        for sound in sounds:
            assert texts(tidying.fillers(said(f"xa {sound} xb", language=language))) == [sound], (language, sound)
        for phrase in map(" ".join, phrases):
            heard = said(f"xa, {phrase}, xb", language=language)
            assert texts(tidying.fillers(heard)) == [f"{phrase},"], (language, phrase)


def test_words_said_twice_lose_the_first_with_its_pause() -> None:
    (cut,) = tidying.repeats(said("and then | and then we we're sailing", gap=0.1))
    assert (cut.text, cut.what) == ("and then", What.REPEATED)
    assert cut.first / RATE == pytest.approx(5.0, abs=0.06)
    assert cut.last / RATE == pytest.approx(5.0 + 0.3 + 0.1 + 0.3 + 0.1 + 0.5, abs=0.06)
    assert tidying.repeats(said("It is. It is not")) == []
    assert tidying.repeats(said("10 10 boats")) == []
    assert tidying.repeats(said("we | | | we")) == []


@given(st.lists(st.tuples(st.sampled_from(["um", "noon", "you", "know,"]), st.integers(0, 9), st.integers(0, 3))))
def test_every_cut_is_heard_also_of_words_that_take_no_time_or_are_out_of_place(
    words: list[tuple[str, int, int]],
) -> None:
    """Recognition gives such words where nobody speaks: in music."""
    found = [
        TakeWord(text, 0, 0, first, first + length)
        for text, place, length in words
        for first in [(5 if place < 9 else 30) * RATE + place]
    ]
    heard = Said(clip(0, 20, name="c"), MUSIC, "en", tuple(found))
    assert all(len(removing.heard(heard.clip, MUSIC, [(cut.first, cut.last)])) == 1 for cut in tidying.slips(heard))


def test_silences_keep_a_little_where_sound_is_beside_them() -> None:
    one = clip(0, 10, name="c")  # seconds 5 to 15 of its medium
    quiet = [(round(a * RATE), round(b * RATE)) for a, b in [(1, 2), (4, 6), (8, 8.5), (9, 11), (14, 20)]]
    found = tidying.silences(one, MUSIC, quiet, least=0.8, keep=0.2)
    assert [(cut.first / RATE, cut.last / RATE) for cut in found] == [(5, 5.8), (9.2, 10.8), (14.2, 15)]
    assert all(cut.what is What.SILENCE for cut in found)
    assert tidying.silences(one, MUSIC, [(9 * RATE, 10 * RATE)], least=0.1, keep=0.5) == []


def test_what_goes_with_words_never_reaches_into_others() -> None:
    close = said("one two three", gap=0.02)
    cut = close.cut(1, 2)
    assert (cut.first, cut.last) == (close.words[1].start - 480, close.words[1].end + 480)
    assert close.at(close.words[1].start) == 1
    assert close.at(close.words[1].end + 10) is None


def test_takes_and_transcripts_tell_what_clips_say() -> None:
    take = replace(make_take("line", "So we sail"), samples=RATE)
    of_take = Media(take.asset.id, take.asset, RATE, RATE, 1, "Take")
    document = project([clip(0, 1, name="a"), clip(1, 2, first=30, name="b")])
    known = Clip("t", of_take.id, 3 * TICKS, TICKS // 10, 0, 4_800, take=take.id)
    track = replace(document.timelines[0].tracks[0], clips=(*document.timelines[0].tracks[0].clips, known))
    document = replace(
        document,
        media=(*document.media, of_take),
        takes=(take,),
        timelines=(replace(document.timelines[0], tracks=(track,)),),
    )
    assert Speech(document).unheard(track) == [MUSIC]
    words = (TakeWord("Hello", 0, 5, 5 * RATE, 5 * RATE + 9_600), TakeWord("sea", 6, 9, 40 * RATE, 41 * RATE))
    document = replace(document, transcripts=(Transcript("music", "en", "Hello sea", words),))
    found = Speech(document).of_track(track)
    assert [[word.text for word in one.words] for one in found] == [["Hello"], [], ["So"]]
    assert [one.language for one in found] == ["en", "en", take.voice.language or document.language]
    assert Speech(document).unheard(track) == []


def test_a_transcript_is_no_undo_step_and_survives_undo_of_its_medium() -> None:
    history = History(project([clip(0, 10, name="a")]))
    without = replace(history.project, media=(), timelines=())
    history = History(without)
    full = project([clip(0, 10, name="a")])
    history.edit("Import", lambda p: replace(p, media=full.media, timelines=full.timelines))
    transcript = Transcript("music", "en", "Hi", (TakeWord("Hi", 0, 2, 0, 4_800),))
    history.set_transcripts(transcript)
    assert history.undo_label == "Import"
    assert history.undo()
    assert history.project.transcripts == (transcript,)
    assert history.redo()
    better = replace(transcript, text="Ho")
    history.set_transcripts(better)
    assert history.project.transcript("music") == better
    history.forget_transcripts("nobody", "music")
    assert history.project.transcripts == ()
    assert history.undo_label == "Import"
    history.set_transcripts(better)
    stored = json.loads(json.dumps(encode(history.project)))
    assert decode(Project, stored) == history.project


def test_cuts_go_through_linked_tracks_and_close_up() -> None:
    document = project([clip(0, 10, name="voice")], [clip(0, 10, name="camera", first=20)], [clip(12, 14, name="bed")])
    document = arranging.group(document, TIMELINE, ["voice", "camera"])
    done = cutting.make(document, TIMELINE, [Cut("voice", 6 * RATE, 7 * RATE, What.WORDS)])
    assert shown(done) == [(0, 1, 5), (1, 9, 7)]
    assert shown(done, 1) == [(0, 1, 20), (1, 9, 22)]
    assert shown(done, 2) == [(11, 13, 5)]
    both = [
        Cut(name, second * RATE, (second + 1) * RATE, What.WORDS) for name, second in (("voice", 6), ("camera", 21))
    ]
    assert shown(cutting.make(document, TIMELINE, both)) == shown(done)


def test_cuts_of_several_tracks_are_one_edit_whatever_their_order() -> None:
    document = project([clip(0, 10, name="a"), clip(10, 20, first=30, name="b")], [clip(2, 12, name="c", first=40)])
    cuts = [
        Cut("a", 6 * RATE, 7 * RATE, What.SILENCE),
        Cut("c", 45 * RATE, 46 * RATE, What.FILLER, "um"),
        Cut("b", 32 * RATE, 34 * RATE, What.SILENCE),
        Cut("gone", 0, RATE, What.SILENCE),
    ]
    done = cutting.make(document, TIMELINE, cuts)
    cuts.reverse()
    assert shown(cutting.make(document, TIMELINE, cuts)) == shown(done)
    played = sum(end - start for track in (0, 1) for start, end, _ in shown(done, track))
    assert played == pytest.approx(30 - 4, abs=0.001)
    with pytest.raises(RequestError, match="play nothing"):
        cutting.make(document, TIMELINE, cuts[:1])
    with pytest.raises(RequestError, match="locked"):
        cutting.make(arranging.lock_track(document, TIMELINE, "1", True), TIMELINE, cuts)


@pytest.mark.long
@given(st.integers(0, 2**32), st.floats(0.05, 1.0))
def test_shortened_silences_leave_all_sound_and_are_not_proposed_again(seed: int, keep: float) -> None:
    chance = random.Random(seed)
    at, quiet = 5 * RATE, []
    for _ in range(8):
        first = at + chance.randrange(1, 2 * RATE)
        at = first + chance.randrange(1, 2 * RATE)
        quiet.append((first, at))
    document = project([clip(0, 30, name="a")])
    cuts = tidying.silences(document.timelines[0].tracks[0].clips[0], MUSIC, quiet, 0.8, keep)
    for cut in cuts:
        assert any(first <= cut.first < cut.last <= last for first, last in quiet)
    if not cuts:
        return
    done = cutting.make(document, TIMELINE, cuts)
    clips = done.timelines[0].tracks[0].clips
    gone = sum(cut.last - cut.first for cut in cuts)
    assert sum(one.source_length for one in clips) == 30 * RATE - gone
    assert all(left.end == right.start for left, right in pairwise(clips))
    again = [tidying.silences(one, MUSIC, quiet, 0.8, keep) for one in clips]
    assert not any(again)
