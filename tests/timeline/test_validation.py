"""Values that no edit makes, in a project file: said with their place, nothing lost, never a fault of the program."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audiostudio.errors import NewerFormat, ProjectDamaged
from audiostudio.timeline import edits
from audiostudio.timeline.editing import clipboard, marking
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.folder import ProjectFolder
from audiostudio.timeline.time import TICKS, FrameRate
from audiostudio.timeline.tracks import Automation, Channel, Effect, Marker, Point, Setting, Track, Transition
from audiostudio.timeline.validation import check
from tests.timeline.timelines import TIMELINE, clip, on, project

Json = dict[str, Any]


def film() -> Track:
    one = clip(1, 3, name="one", envelope=(Point(0, 0.0), Point(TICKS, -6.0)))
    two = clip(3, 5, name="two", effects=(Effect("e", "eq", (Setting("low", 2.0),)),))
    joint = Transition("joint", "one", "two", TICKS // 10, TICKS // 10)
    gain = Automation("gain", (Point(0, 0.0), Point(TICKS, -3.0)))
    return Track("speech", "Speech", clips=(one, two), transitions=(joint,), channel=Channel(automation=(gain,)))


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A closed project with two clips and a crossfade, saved twice."""
    made = project(film(), Track("music", "Music"), markers=[Marker("m", TICKS, "Intro")])
    check(made)
    with ProjectFile.store(tmp_path_factory.mktemp("validation"), made) as session:
        session.edit("Rename", lambda one: edits.rename_project(one, "Movie"))
    return session.path


@pytest.fixture
def path(saved: Path, tmp_path: Path) -> Path:
    return shutil.copytree(saved, tmp_path / "Film")


def changed(path: Path, change: Callable[[Json], object], part: Callable[[Json], Json]) -> bytes:
    """The project file after `change` of `part` of its timeline."""
    file = path / "project.json"
    data = json.loads(file.read_bytes())
    change(part(data["project"]["timelines"][0]))
    file.write_text(json.dumps(data), encoding="utf-8")
    return file.read_bytes()


def first_clip(timeline: Json) -> Json:
    found: Json = timeline["tracks"][0]["clips"][0]
    return found


def first_track(timeline: Json) -> Json:
    found: Json = timeline["tracks"][0]
    return found


def whole(timeline: Json) -> Json:
    return timeline


def put(**values: object) -> Callable[[Json], None]:
    return lambda part: part.update(values)


IMPOSSIBLE = [
    (first_clip, put(duration=-5), "at 0:00:01.000 on the track “Speech”"),
    (first_clip, put(duration=0), "has no place"),
    (first_clip, put(duration=10**22), "has no place"),
    (first_clip, put(start=-1), "has no place"),
    (first_clip, put(duration=3 * TICKS), "two clips lie on each other"),
    (first_clip, put(start=float("nan")), "tracks 1 clips 1 start: whole number expected"),
    (first_clip, put(media="nope"), "does not have"),
    (first_clip, put(source_start=-1), "plays nothing"),
    (first_clip, put(source_length=0), "plays nothing"),
    (first_clip, put(source_start=10**30), "plays nothing"),
    (first_clip, put(gain=1e308), "A gain lies between"),
    (first_clip, put(pitch=-1e308), "has no pitch"),
    (first_clip, put(fade_in=[-1, "linear"]), "has no fade"),
    (first_clip, put(envelope=[[0, 1e308]]), "A gain lies between"),
    (first_clip, put(envelope=[[5, 0.0], [0, 0.0]]), "in no order"),
    (first_clip, put(envelope=[[-(10**20), 0.0]]), "a point of the clip at"),
    (first_clip, put(id="two"), "two clips have one id"),
    (first_clip, put(id="\ud800"), "an id is no text"),
    (first_track, put(id="music"), "two tracks have one id"),
    (first_track, lambda track: track["clips"].reverse(), "two clips lie on each other"),
    (first_track, lambda track: track["transitions"][0].update(right="gone"), "lacks a clip"),
    (first_track, lambda track: track["transitions"][0].update(in_offset=-7), "has no length"),
    (first_track, lambda track: track["channel"].update(gain=4e3), "A gain lies between"),
    (first_track, lambda track: track["channel"].update(pan=-2), "Pan lies between"),
    (first_track, lambda track: track["channel"]["automation"][0].update(points=[[0, 1e300]]), "A gain lies between"),
    (first_track, lambda track: track["clips"][1]["effects"][0].update(settings=[["low", 1e300]]), "A setting"),
    (whole, put(sample_rate=0), "no sample rate"),
    (whole, put(sample_rate=7), "no sample rate"),
    (whole, put(frame_rate=[0, 0]), "no frame rate"),
    (whole, put(frame_rate=[-25, 1]), "no frame rate"),
    (whole, put(loudness=1e300), "no loudness"),
    (whole, put(tempo=[0.0, 0, 4]), "between 20 and 400 beats"),
    (whole, put(tempo=[120.0, 0, 0]), "bar has 1 to"),
    (whole, put(range=[5, 2]), "range lies nowhere"),
    (whole, lambda timeline: timeline["markers"][0].update(at=-1), "marker “Intro” is nowhere"),
    (whole, lambda timeline: timeline["master"].update(gain=1e308), "A gain lies between"),
]


@pytest.mark.parametrize(("part", "change", "said"), IMPOSSIBLE)
def test_an_impossible_value_is_damage_with_its_place(
    path: Path, part: Callable[[Json], Json], change: Callable[[Json], object], said: str
) -> None:
    damaged = changed(path, change, part)
    with pytest.raises(ProjectDamaged, match=said) as told:
        ProjectFile.read(path)
    assert str(ProjectFile.versions(path)[0].path) in told.value.hint
    assert (path / "project.json").read_bytes() == damaged


def test_it_is_mended_without_loss(path: Path) -> None:
    before = ProjectFile.read(path)
    damaged = changed(path, put(duration=-5), first_clip)
    with ProjectFile.restore(path) as session:
        assert session.project == before
    assert damaged in [kept.read_bytes() for kept in (path / "backups").glob("replaced*.json")]


@pytest.mark.parametrize(
    ("part", "change"),
    [
        (first_track, put(kind="hologram")),
        (first_track, put(content="hologram")),
        (first_clip, put(fade_out=[TICKS, "wobbly"])),
        (first_clip, put(anchor=["gone", 5])),
        (first_clip, put(group="alone")),
        (whole, lambda timeline: timeline["tracks"][0]["clips"][1]["effects"][0].update(kind="hologram")),
        (whole, put(hologram=5)),
    ],
)
def test_what_is_only_unknown_is_kept(path: Path, part: Callable[[Json], Json], change: Callable[[Json], None]) -> None:
    changed(path, change, part)
    before = ProjectFile.read(path)
    with ProjectFile.open(path) as session:
        session.edit("Rename", lambda one: edits.rename_project(one, "Again"))
        assert session.undo()
        assert session.project == before


def test_what_a_newer_program_allows_is_newer_and_not_damaged(path: Path) -> None:
    changed(path, put(schema="Timeline.99", sample_rate=0), whole)
    with pytest.raises(NewerFormat):
        ProjectFile.read(path)


def test_a_journal_that_leads_to_nothing_whole_costs_only_itself(path: Path) -> None:
    """A change that no edit makes, in a record that is whole: the version before it comes back."""
    session = ProjectFile.open(path)
    saved = session.project
    timeline = on(saved)
    bad = replace(timeline, frame_rate=FrameRate(0, 0))
    session.edit("Break", lambda one: replace(one, timelines=(bad,)))
    session.flush()
    session.close(discard=True)
    with pytest.raises(ProjectDamaged, match="no frame rate"):
        ProjectFile.open(path)
    assert ProjectFolder(path).load(recover=False).project == saved
    with ProjectFile.open_without_recovering(path) as session:
        assert session.project == saved
    with ProjectFile.restore(path) as session:
        assert session.project == saved
    assert len(list((path / "backups").glob("journal-*.log"))) >= 1


def test_a_step_that_was_damaged_cannot_be_undone_and_that_is_said(path: Path) -> None:
    with ProjectFile.open(path) as session:
        session.edit("Mark", lambda one: marking.add_marker(one, TIMELINE, Marker("n", 2 * TICKS, "Later")))
    (history,) = (path / "recovery").glob("history-*.json")
    history.write_text(history.read_text(encoding="utf-8").replace('"Later"', '"Sooner"'), encoding="utf-8")
    with ProjectFile.open(path) as session:
        before = session.project
        with pytest.raises(ProjectDamaged, match="“Mark” cannot be undone"):
            session.undo()
        assert session.project is before
        session.edit("Rename", lambda one: edits.rename_project(one, "Again"))
        assert session.undo()
        assert session.project == before


def test_a_hostile_clipboard_holds_no_clips() -> None:
    made = project(film())
    text = clipboard.copy(made, TIMELINE, ["one", "two"]).to_text()
    for bad in (
        text.replace('"gain": 0.0', '"gain": 1e308'),
        text.replace('"left": "one"', '"left": "gone"'),
        text.replace("[705600000, -6.0]", "[705600000, 1e308]"),
        text.replace('"duration": 1411200000', '"duration": -4'),
    ):
        assert bad != text
        with pytest.raises(clipboard.RequestError, match="holds no clips"):
            clipboard.Fragment.from_text(bad)
    assert clipboard.Fragment.from_text(text).duration == 4 * TICKS
