"""Projects that earlier releases saved open for ever after. One folder for each is added at a release, and never
changed again."""

import json
import shutil
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from audiostudio.timeline import schema
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.project import (
    AssetReference,
    Cast,
    Line,
    Pronunciation,
    Role,
    TakeWord,
    VoiceChoice,
)
from audiostudio.timeline.schema import Extra, Notes, SchemaError, decode, encode, stored
from tests.conftest import ROOT

BASELINES = ROOT / "tests" / "data" / "projects"
GUIDE = VoiceChoice("af_heart:0.6+am_adam:0.4", 0.9, 3.0, "en-us")
GEORGE = VoiceChoice("bm_george")


def copy_of(name: str, tmp_path: Path) -> Path:
    return Path(shutil.copytree(BASELINES / name, tmp_path / name))


def test_the_project_that_0_1_saved(tmp_path: Path) -> None:
    with ProjectFile.open(copy_of("0.1 saved", tmp_path)) as session:
        project = session.project
        assert not session.recovered
        assert (project.name, project.language) == ("Tour", "en-gb")
        assert project.voice == VoiceChoice("bf_emma", 1.1, -2.0)
        assert project.cast == Cast((Role("Guide", GUIDE),))
        assert project.dictionary == (Pronunciation("GIF", "jif"),)
        assert project.text == "Welcome to the tour.\n\nName a price: £3.50 🎬\nგამარჯობა"
        first, _, price, _ = project.script.lines
        assert (first.speaker, first.chosen, price.voice, price.pause_after) == ("Guide", "take-1", GEORGE, 0.75)
        assert [line.text for line in project.script.cut] == ["A line to cut"]
        assert project.current_take(first) == project.takes[0]
        assert [take.removed for take in project.takes] == [False, False, True]
        take = project.takes[0]
        assert take.asset == AssetReference("asset-1", "ab" * 32, "2026-11-21 Tour – 1.wav")
        assert take.words[1] == TakeWord("to", 8, 10, 9600, 16800)
        assert (take.samples, take.sample_rate, take.recipe_key) == (38400, 48000, "k1")
        assert (session.history.undo_label, session.history.redo_label) == ("Rename", "Rename")
        while session.undo():
            pass
        assert session.project.script.lines == ()
        assert len(session.project.takes) == 3
        while session.redo():
            pass
        assert session.project == replace(project, name="Forgotten")


def test_the_project_that_0_1_left_when_it_crashed(tmp_path: Path) -> None:
    with ProjectFile.open(copy_of("0.1 crashed", tmp_path)) as session:
        assert session.recovered
        assert not session.torn
        project = session.project
        assert project.script.lines[0].text == "Welcome to the grand tour!"
        assert project.current_take(project.script.lines[0]) == project.takes[3]
        assert session.history.redo_label == "Voice"
        session.undo()
        assert session.project.script.lines[0].text == "Welcome to the tour."


def test_every_baseline_opens() -> None:
    for path in BASELINES.iterdir():
        assert ProjectFile.read(path).script.lines


@stored("Thing", 3)
@dataclass(frozen=True, slots=True)
class Thing:
    name: str
    parts: "tuple[Thing, ...]" = ()
    weight: float | None = None
    extra: Extra = ()


@pytest.fixture
def upgrades(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(schema.UPGRADES, ("Thing", 1), lambda data: {**data, "name": data["title"]})
    monkeypatch.setitem(
        schema.UPGRADES, ("Thing", 2), lambda data: {key: value for key, value in data.items() if key != "title"}
    )


@pytest.mark.usefixtures("upgrades")
def test_older_objects_are_lifted_one_version_at_a_time() -> None:
    notes = Notes()
    part = {"schema": "Thing.2", "name": "b", "title": "old", "weight": 2}
    thing = decode(Thing, {"schema": "Thing.1", "title": "a", "parts": [part], "more": [1]}, notes)
    assert thing == Thing("a", (Thing("b", weight=2.0),), extra=(("more", [1]),))
    assert notes == Notes(upgraded=True)
    assert decode(Thing, encode(thing)) == thing


def test_a_newer_object_is_read_and_noted() -> None:
    notes = Notes()
    assert decode(Thing, {"schema": "Thing.4", "name": "a", "new": 1}, notes) == Thing("a", extra=(("new", 1),))
    assert notes.newer == {"Thing.4"}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"name": "a"},
        {"schema": "Thing", "name": "a"},
        {"schema": "Thing.x", "name": "a"},
        {"schema": "Thing.٣", "name": "a"},
        {"schema": "Thing.0", "name": "a"},
        {"schema": "Thing.99999999999", "name": "a"},
        {"schema": "Other.3", "name": "a"},
        {"schema": "Thing.3"},
        {"schema": "Thing.3", "name": 1},
        {"schema": "Thing.3", "name": "a", "weight": "heavy"},
        {"schema": "Thing.3", "name": "a", "weight": float("nan")},
        {"schema": "Thing.3", "name": "a", "weight": 10**400},
        {"schema": "Thing.3", "name": "a", "parts": {}},
        {"schema": "Thing.3", "name": "a", "parts": [None]},
    ],
)
def test_anything_else_is_refused(data: object) -> None:
    with pytest.raises(SchemaError):
        decode(Thing, data)


def test_an_older_journal_is_followed_before_its_project_is_lifted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A program that called a line's text `said` crashed; the next release opens what it left."""
    monkeypatch.setitem(
        schema.UPGRADES,
        ("Line", 0),
        lambda data: {("text" if key == "said" else key): value for key, value in data.items()},
    )
    path = copy_of("0.1 saved", tmp_path)
    data = json.loads((path / "project.json").read_text(encoding="utf-8"))
    line = data["project"]["script"]["lines"][0]
    line["said"] = line.pop("text")
    line["schema"] = "Line.0"
    data["format"] = "an older one"
    (path / "project.json").write_text(json.dumps(data), encoding="utf-8")
    patch = [
        "fields",
        {"script": ["fields", {"lines": ["items", [[0, 0, ["fields", {"said": ["text", 0, "", "> "]}]]]]}]},
    ]
    body = json.dumps({"do": "edit", "label": "Typing", "patches": [patch]}).encode()
    journal = path / "recovery" / f"journal-{data['generation']}.log"
    journal.write_bytes(b"%08x %d %s\n" % (zlib.crc32(body), len(body), body))
    with ProjectFile.open(path) as session:
        assert session.recovered
        assert session.project.script.lines[0] == Line(
            line["id"], "> Welcome to the tour.", speaker="Guide", chosen="take-1"
        )
        assert session.history.undo_label is None
    assert '"Line.0"' not in (path / "project.json").read_text(encoding="utf-8")
