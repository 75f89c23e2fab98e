"""Edits of songs: what they keep, that they can be undone and journalled, and what a file must not hold."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.errors import NotFound, ProjectDamaged, RequestError
from audiostudio.music.plan import Brief, PartPlan, Plan, SectionPlan
from audiostudio.music.song import SLOTS, SlotVoice, Song, SungNote, VocalPart, Writing
from audiostudio.timeline import songs
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.history import History, Record, Steps
from audiostudio.timeline.journal import frame, replay
from audiostudio.timeline.project import Project, new_project
from audiostudio.timeline.schema import decode, encode

Edit = Callable[[Project], Project]
PLAN = Plan(
    "pop",
    120.0,
    "A minor",
    "4/4",
    30.0,
    3,
    (SectionPlan("verse", 8, 0.5, 1, chords=("Am", "F")), SectionPlan("chorus", 8, 0.8, 2)),
    (PartPlan("bass", "electric-bass"),),
)
NOTES = (SungNote(0, 240, 60, 0, 0, 0, "Hel"), SungNote(240, 240, 62, 0, 0, 1, "lo"))


def song(name: str = "one", **fields: object) -> Song:
    return replace(Song(name, title="Night train", prompt="calm"), **fields)  # type: ignore[arg-type]


def with_songs(*those: Song) -> Project:
    project = new_project("Film")
    for one in those:
        project = songs.add(project, one)
    return project


def _some(index: int, edit: Callable[[Project, str], Project], project: Project) -> Project:
    return edit(project, project.songs[index % len(project.songs)].id) if project.songs else project


def _melody(gaps: list[int]) -> tuple[SungNote, ...]:
    at, notes = 0, []
    for number, gap in enumerate(gaps):
        at += gap
        notes.append(SungNote(at, 120, 60 + gap % 12, 0, number, 0, "la"))
        at += 120
    return tuple(notes)


indices = st.integers(0, 5)
titles = st.text(max_size=12).filter(str.strip)
parts = st.lists(
    st.builds(
        VocalPart,
        st.sampled_from(SLOTS),
        st.sampled_from(songs.ROLES),
        st.lists(st.integers(0, 900), max_size=5).map(_melody),
    ),
    max_size=3,
).map(tuple)
any_song_edit = st.one_of(
    st.builds(
        lambda at, title, lyrics: lambda p: songs.add(p, Song(f"s{len(p.songs)}{title}", title, lyrics=lyrics), at),
        indices,
        titles,
        st.text(max_size=20),
    ).map(lambda edit: lambda p: edit(p) if len({one.id for one in p.songs}) < 6 else p),
    st.builds(lambda i, lyrics: partial(_some, i, lambda p, s: songs.change(p, s, lyrics=lyrics)), indices, st.text()),
    st.builds(lambda i, title: partial(_some, i, lambda p, s: songs.rename(p, s, title)), indices, titles),
    st.builds(lambda i: partial(_some, i, lambda p, s: songs.remove(p, {s})), indices),
    st.builds(
        lambda i, slot, voice: partial(_some, i, lambda p, s: songs.set_voice(p, s, slot, voice)),
        indices,
        st.sampled_from(SLOTS),
        st.sampled_from([None, "af_heart", "am_adam"]),
    ),
    st.builds(lambda i, those: partial(_some, i, lambda p, s: songs.set_vocals(p, s, those)), indices, parts),
    st.builds(lambda i, a: partial(_some, i, lambda p, s: songs.made(p, s, PLAN, [f"asset{a}"])), indices, indices),
    st.builds(lambda i, a: partial(_some, i, lambda p, s: songs.duplicate(p, s, f"copy{a}")), indices, indices),
)


def _tried(edit: Edit, project: Project) -> Project:
    """A refused edit leaves the project as it was: an id may be drawn twice."""
    try:
        return edit(project)
    except RequestError:
        return project


@given(st.lists(st.one_of(any_song_edit, st.sampled_from(["undo", "redo"])), max_size=20))
def test_songs_keep_their_rules_and_the_journal_tells_it_all(done: list[Edit | str]) -> None:
    start, journal = new_project("Film"), list[Record]()
    history = History(start, log=journal.append)
    for what in done:
        if isinstance(what, str):
            history.undo() if what == "undo" else history.redo()
            continue
        before = history.project
        after = history.edit("Edit", partial(_tried, what))
        assert len({one.id for one in after.songs}) == len(after.songs)
        for one in after.songs:
            songs.check(one)
            for part in one.vocals:
                assert all(a.start + a.length <= b.start for a, b in pairwise(part.notes))
        if after != before:
            assert history.undo()
            assert history.project == before
            assert history.redo()
            assert history.project == after
    document, _, whole = replay(b"".join(map(frame, journal)), encode(start), Steps())
    assert whole
    assert decode(Project, document) == history.project


def test_a_copy_has_its_own_title_and_was_not_made_yet() -> None:
    project = songs.made(with_songs(song(), song("other", title="Rain")), "one", PLAN, ["asset"])
    copied = songs.duplicate(project, "one", "copy")
    assert [(one.id, one.title, one.versions) for one in copied.songs] == [
        ("one", "Night train", ("asset",)),
        ("copy", "Night train 2", ()),
        ("other", "Rain", ()),
    ]
    assert songs.find(copied, "copy").plan == PLAN


def test_what_was_made_is_remembered_once_and_in_order() -> None:
    project = songs.made(songs.made(with_songs(song()), "one", None, ["a", "b"]), "one", PLAN, ["b", "c"])
    assert songs.find(project, "one").versions == ("a", "b", "c")
    assert songs.find(songs.made(project, "one", None, []), "one").plan == PLAN


def test_a_slot_has_one_voice() -> None:
    project = songs.set_voice(with_songs(song()), "one", "B", "am_adam")
    project = songs.set_voice(songs.set_voice(project, "one", "A", "af_heart"), "one", "B", "bf_emma")
    assert songs.find(project, "one").voices == (SlotVoice("A", "af_heart"), SlotVoice("B", "bf_emma"))
    assert songs.find(songs.set_voice(project, "one", "A", None), "one").voices == (SlotVoice("B", "bf_emma"),)


def test_notes_are_put_in_order() -> None:
    project = songs.set_vocals(with_songs(song()), "one", [VocalPart("A", "lead", NOTES[::-1])])
    assert songs.find(project, "one").vocals == (VocalPart("A", "lead", NOTES),)


def test_a_song_that_is_gone_is_said() -> None:
    with pytest.raises(NotFound, match="no longer in the project"):
        songs.rename(new_project("Film"), "one", "Other")
    with pytest.raises(RequestError, match="title"):
        songs.rename(with_songs(song()), "one", "  ")


def _note(**fields: Any) -> tuple[VocalPart, ...]:
    return (VocalPart("A", "lead", (NOTES[0], NOTES[1]._replace(**fields))),)


IMPOSSIBLE: dict[str, dict[str, object]] = {
    "before the beginning": {"vocals": _note(start=-1)},
    "of no length": {"vocals": _note(length=0)},
    "after the end of time": {"vocals": _note(length=10**12)},
    "no pitch": {"vocals": _note(pitch=128)},
    "no velocity": {"vocals": _note(velocity=0)},
    "no word": {"vocals": _note(word=-1)},
    "at once": {"vocals": _note(start=100)},
    "nobody sings": {"vocals": (VocalPart("D", "lead"),)},
    "two voices": {"voices": (SlotVoice("A", "a"), SlotVoice("A", "b"))},
    "no voice": {"voices": (SlotVoice("A", ""),)},
    "no way of writing": {"writing": "dictated"},
    "too fast": {"brief": Brief(bpm=4000.0)},
    "too long": {"brief": Brief(seconds=1e9)},
    "no metre": {"brief": Brief(metre="0/0")},
    "no key": {"plan": replace(PLAN, key="H minor")},
    "a million bars": {"plan": replace(PLAN, sections=(SectionPlan("verse", 10**6, 0.5, 1),))},
    "hours of bars": {"plan": replace(PLAN, sections=(SectionPlan("verse", 1500, 0.5, 1),) * 20)},
    "no sections": {"plan": replace(PLAN, sections=())},
    "a part of no role": {"plan": replace(PLAN, parts=(PartPlan("conductor", "piano"),))},
    "a thousand parts": {"plan": replace(PLAN, parts=(PartPlan("lead", "piano"),) * 1000)},
    "like itself": {"plan": replace(PLAN, sections=(SectionPlan("verse", 8, 0.5, 1, like=0),))},
    "no chord": {"plan": replace(PLAN, sections=(SectionPlan("verse", 8, 0.5, 1, chords=("Xm",)),))},
    "too loud": {"plan": replace(PLAN, parts=(PartPlan("bass", "bass", volume=1e6),))},
}


@pytest.mark.parametrize("fields", IMPOSSIBLE.values(), ids=IMPOSSIBLE.keys())
def test_what_cannot_be_is_refused_as_an_edit(fields: dict[str, object]) -> None:
    with pytest.raises(RequestError):
        songs.change(with_songs(song(writing=Writing.CUSTOM)), "one", **fields)


def test_what_cannot_be_is_refused_in_a_file_with_its_place(tmp_path: Path) -> None:
    good = with_songs(song(vocals=(VocalPart("A", "lead", NOTES),), plan=PLAN))
    with ProjectFile.store(tmp_path, good) as session:
        path = session.path
    with ProjectFile.open(path) as session:
        assert session.project.songs == good.songs
    text = (path / "project.json").read_text(encoding="utf-8")
    assert "Hel" in text
    bad = encode(replace(good, songs=(replace(good.songs[0], vocals=_note(start=100)),)))
    data = json.loads(text)
    data["project"]["songs"] = bad["songs"]
    (path / "project.json").write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(ProjectDamaged, match="Notes 1 and 2 of “Night train”"):
        ProjectFile.open(path)
