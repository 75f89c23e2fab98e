"""What a mix and a hand-off must not write over, names that nothing holds, projects that are not whole."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from audiostudio import cli
from audiostudio.errors import ProjectDamaged, RequestError, StorageError, StudioError
from audiostudio.library.imports import import_media
from audiostudio.operations.arranging import Placement, add_asset, new_project, shown
from audiostudio.operations.handoff import export_timeline
from audiostudio.operations.mixing import mix_timeline
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.render.handoff.formats import FORMATS
from audiostudio.sound.files import Sound, probe, read_sound, write_sound
from audiostudio.timeline.editing import arranging, marking, mixing
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Marker, Point
from tests.operations.test_timeline_out import export_request, mix_request, run

NAMES = ["<&>\"' \ud800\x01", "../../up", "a\nb: c, d", "CON", "🎬 ქართული \u202e", "x" * 300, " FF", "%20#?*|"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Studio, Path]]:
    """A second of sound on each of several tracks whose names, and a marker's, nothing was meant to hold."""
    folder = tmp_path_factory.mktemp("odd")
    studio = Studio(Profile(folder / "profile"))
    tone = (0.2 * np.sin(np.arange(48_000) / 20)).astype(np.float32)
    write_sound(folder / "voice.wav", Sound(tone[None], 48_000))
    asset = import_media(studio.library, folder / "voice.wav").asset
    place = new_project(folder / "Odd")
    for number, name in enumerate(NAMES):
        add_asset(studio, place, asset, Placement(name, number * 0.1))
    with ProjectFile.open(place) as session:
        timeline = session.project.timelines[0].id
        for number, name in enumerate(NAMES):
            mark = Marker(f"m{number}", number * 70_560_000, name, note=name, chapter=True)
            session.edit("Mark", lambda project, mark=mark: marking.add_marker(project, timeline, mark))
        clips = [track.clips[0].id for track in session.project.timelines[0].tracks]
        for clip, name in zip(clips, NAMES, strict=True):
            session.edit("Name", lambda project, clip=clip, name=name: renamed(project, clip, name))
        session.edit("Name", lambda project: replace(project, name='Odd "\udcff" <1>'))
    yield studio, place
    studio.close()


def renamed(project: Any, clip_id: str, name: str) -> Any:
    timeline = project.timelines[0]
    track = timeline.track_of(clip_id)
    clips = tuple(replace(clip, name=name) if clip.id == clip_id else clip for clip in track.clips)
    return replace(project, timelines=(timeline.with_track(replace(track, clips=clips)),))


@pytest.mark.long
@pytest.mark.parametrize("name", FORMATS)
def test_names_that_nothing_holds_are_handed_off(made, tmp_path, name):
    studio, place = made
    result = run(export_timeline, studio, export_request(place, tmp_path, format=name))
    assert result["read_back"]["differences"] == []
    assert result["clips"] == len(NAMES)
    media = list(Path(result["media"]).iterdir())
    assert len(media) == len(NAMES)
    assert all(tmp_path in path.parents for path in media)
    again = run(export_timeline, studio, export_request(place, tmp_path, format=name))
    assert (len(again["same"]), again["new"], again["changed"], again["put_aside"]) == (len(NAMES), [], [], [])


def test_a_folder_whose_name_is_no_text(made, tmp_path):
    studio, place = made
    folder = tmp_path / "out\udcff"
    for name in FORMATS:
        result = run(export_timeline, studio, export_request(place, folder, format=name, absolute=True))
        assert result["read_back"]["differences"] == []


def test_names_that_nothing_holds_are_mixed_with_stems_and_chapters(made, tmp_path):
    studio, place = made
    stems = tmp_path / "stems"
    asked = mix_request(place, tmp_path / "out.mp3", format="mp3", stems=str(stems), tags={"artist": "\udcff"})
    result = run(mix_timeline, studio, asked)
    assert len(list(stems.iterdir())) == len(NAMES)
    with av.open(str(tmp_path / "out.mp3")) as file:
        assert file.metadata["artist"] == "?"
        titles = [one["metadata"]["title"] for one in file.chapters()]
    assert len(titles) == result["chapters"] == len(NAMES)
    assert titles[5].startswith("xxx")
    assert titles[5].endswith("x…"), "FFmpeg writes no longer ones that could be read"
    assert all(probe(path).sample_rate == 48_000 for path in stems.iterdir())
    assert run(mix_timeline, studio, asked)["stems"] == result["stems"], "a mix may be made again"


def test_silence_has_no_loudness(made, tmp_path):
    """What a job answers goes to another process as JSON, which knows no infinity."""
    studio, _ = made
    write_sound(tmp_path / "silence.wav", Sound(np.zeros((1, 48_000), np.float32), 48_000))
    asset = import_media(studio.library, tmp_path / "silence.wav").asset
    place = new_project(tmp_path / "Silent")
    add_asset(studio, place, asset, Placement("A", 0.0))
    result = run(mix_timeline, studio, mix_request(place, tmp_path / "out.wav", lufs=-14.0))
    assert json.dumps(result, allow_nan=False)
    assert (result["lufs"], result["true_peak"], result["target"], result["reached"]) == (None, None, -14, True)
    assert not np.any(read_sound(tmp_path / "out.wav").samples)


def test_two_tracks_of_one_name_are_two_stems(made, tmp_path):
    studio, place = made
    copy = shutil.copytree(place, tmp_path / "Twins")
    data = json.loads((copy / "project.json").read_bytes())
    for track in data["project"]["timelines"][0]["tracks"]:
        track["name"] = "Twin"
    (copy / "project.json").write_text(json.dumps(data))
    result = run(mix_timeline, studio, mix_request(copy, tmp_path / "out.wav", stems=str(tmp_path / "stems")))
    assert sorted(result["stems"].values()) == sorted(map(str, (tmp_path / "stems").iterdir()))
    assert len(result["stems"]) == len(NAMES)


def test_a_mix_never_takes_the_place_of_what_was_imported(made, tmp_path):
    """The library has a copy; but the user's own file is his only one."""
    studio, place = made
    original = place.parent / "voice.wav"
    before = original.read_bytes()
    with pytest.raises(RequestError, match="part of the mix"):
        run(mix_timeline, studio, mix_request(place, original))
    assert original.read_bytes() == before


def test_stems_never_take_the_place_of_what_no_mix_made(made, tmp_path):
    studio, place = made
    theirs = tmp_path / "CON –.wav"
    write_sound(theirs, Sound(np.zeros((1, 100), np.float32), 48_000))
    before = theirs.read_bytes()
    with pytest.raises(RequestError, match="is there already, and no mix made it"):
        run(mix_timeline, studio, mix_request(place, tmp_path / "out.wav", stems=str(tmp_path)))
    assert theirs.read_bytes() == before
    assert list(tmp_path.iterdir()) == [theirs]


def test_a_hand_off_stays_whole_while_its_media_are_away(made, tmp_path):
    """Updated without the drive that the media lie on, a timeline keeps what was collected before."""
    studio, place = made
    first = run(export_timeline, studio, export_request(place, tmp_path, format="fcp7"))
    source = studio.library.get(ProjectFile.read(place).media[0].asset.id).path
    aside = source.with_suffix(".away")
    source.rename(aside)
    try:
        again = run(export_timeline, studio, export_request(place, tmp_path, format="fcp7"))
        fresh = run(export_timeline, studio, export_request(place, tmp_path / "new", format="fcp7"))
    finally:
        aside.rename(source)
    assert (sorted(again["same"]), again["new"]) == (sorted(first["new"]), [])
    assert not [note for note in again["notes"] if note["kind"] == "offline"]
    assert again["read_back"]["differences"] == []
    assert len([note for note in fresh["notes"] if note["kind"] == "offline"]) == len(NAMES)


@pytest.mark.parametrize("name", ["../../up.wav", "", "..", "/etc/passwd", 5, None])
def test_a_report_cannot_lead_out_of_its_folder(made, tmp_path, name):
    studio, place = made
    folder = tmp_path / "in" / "side"
    run(export_timeline, studio, export_request(place, folder))
    (report,) = folder.glob("*.json")
    data = json.loads(report.read_bytes())
    data["kept"]["media"] = {key: [name, *rest] for key, (_, *rest) in data["kept"]["media"].items()}
    report.write_text(json.dumps(data))
    with pytest.raises(StudioError, match="not a report of a hand-off"):
        run(export_timeline, studio, export_request(place, folder))
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_damaged_project_is_said_by_every_command_and_stays_as_it_is(made, tmp_path, capsys):
    studio, place = made
    copy = shutil.copytree(place, tmp_path / "Damaged")
    data = json.loads((copy / "project.json").read_bytes())
    data["project"]["timelines"][0]["tracks"][0]["clips"][0]["duration"] = -5
    (copy / "project.json").write_text(json.dumps(data))
    before = (copy / "project.json").read_bytes()
    voice = str(place.parent / "voice.wav")
    for words in (
        ("project", "show", str(copy)),
        ("project", "add", str(copy), voice, "--track", "X", "--at", "9"),
        ("mix", str(copy), "-o", str(tmp_path / "out.wav")),
        ("export", str(copy), "--to", "otio", "-o", str(tmp_path / "out")),
        ("rights", str(copy)),
    ):
        code = cli.main(cli.parse(["--profile", str(studio.profile.root), *words]))
        said = capsys.readouterr()
        assert (code, said.out) == (ProjectDamaged.exit_code, "")
        assert "is damaged (the clip at 0:00:00.000 on the track" in said.err
        assert "Restore the version in" in said.err
    assert (copy / "project.json").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Damaged"]


@pytest.mark.parametrize(
    "words",
    [
        ("project", "new", "{long}"),
        ("project", "show", "{long}"),
        ("project", "add", "{odd}", "{long}", "--track", "X", "--at", "0"),
        ("mix", "{odd}", "-o", "{long}.wav"),
        ("mix", "{odd}", "-o", "out.wav", "--cover", "{long}"),
        ("mix", "{odd}", "-o", "out.wav", "--stems", "{long}"),
        ("export", "{odd}", "--to", "edl", "-o", "{long}"),
        ("rights", "{long}"),
    ],
)
def test_a_name_that_no_disk_takes(made, tmp_path, capsys, words):
    studio, place = made
    names = {"long": str(tmp_path / ("x" * 300)), "odd": str(place)}
    code = cli.main(cli.parse(["--profile", str(studio.profile.root), *(word.format(**names) for word in words)]))
    assert code == StorageError.exit_code
    assert "is too long for its disk" in capsys.readouterr().err


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("mix", "{odd}", "-o", "{new}/x.wav", "--from", "nan"), "two numbers of seconds"),
        (("mix", "{odd}", "-o", "{new}/x.wav", "--to", "inf"), "two numbers of seconds"),
        (("mix", "{odd}", "-o", "{new}/x.wav", "--lufs", "nan"), "no loudness"),
        (("mix", "{odd}", "-o", "{new}/x.mp3", "--cover", "/dev/zero"), "/dev/zero is no file"),
        (("export", "{odd}", "--to", "edl", "-o", "{new}", "--handles", "nan"), "number of seconds"),
        (("export", "{odd}", "--to", "edl", "-o", "{new}", "--handles", "inf"), "number of seconds"),
        (("export", "{odd}", "--to", "edl", "-o", "{new}", "--handles", "1e308"), "between 0 and 3600"),
        (("project", "add", "{odd}", "/dev/zero", "--track", "X", "--at", "0"), "/dev/zero is no file"),
    ],
)
def test_numbers_that_are_none_and_files_without_an_end(made, tmp_path, capsys, words, said):
    studio, place = made
    names = {"new": str(tmp_path / "new"), "odd": str(place)}
    code = cli.main(cli.parse(["--profile", str(studio.profile.root), *(word.format(**names) for word in words)]))
    assert code in (2, 3)
    assert said in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_automation_elsewhere_makes_no_sound_anew(made, tmp_path):
    """However much of it there is: a clip knows what moves near it."""
    studio, place = made
    copy = shutil.copytree(place, tmp_path / "Copy")

    def ducked(*points: Point) -> None:
        with ProjectFile.open(copy) as session:
            timeline = session.project.timelines[0]
            speech = timeline.tracks[0].id
            session.edit("Draw", lambda one: mixing.set_automation(one, timeline.id, speech, "ducking", points))
            session.edit("Draw", lambda one: mixing.set_automation(one, timeline.id, None, "ducking", points))

    near = (Point(0, -3.0), Point(TICKS // 2, -9.0), Point(TICKS, -9.0))
    ducked(*near, Point(500 * TICKS, -9.0), Point(600 * TICKS, 0.0))
    run(export_timeline, studio, export_request(copy, tmp_path / "out"))
    ducked(*near, Point(500 * TICKS, -9.0), Point(700 * TICKS, -20.0))
    again = run(export_timeline, studio, export_request(copy, tmp_path / "out"))
    assert (len(again["same"]), again["changed"]) == (len(NAMES), [])
    ducked(Point(0, -3.0), Point(TICKS // 2, -6.0), *near[2:], Point(500 * TICKS, -9.0))
    changed = run(export_timeline, studio, export_request(copy, tmp_path / "out"))
    assert len(changed["changed"]) == len(NAMES)


def test_a_file_in_the_way_of_a_project(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(StorageError, match="is a file, not a folder"):
        new_project(tmp_path / "file" / "P")
    assert (tmp_path / "file").read_text() == "x"


@pytest.mark.long
def test_unknown_kinds_are_shown_and_mixed_without_them(made, tmp_path):
    studio, place = made
    copy = shutil.copytree(place, tmp_path / "Copy")
    data = json.loads((copy / "project.json").read_bytes())
    tracks = data["project"]["timelines"][0]["tracks"]
    tracks[0]["kind"], tracks[1]["content"] = "hologram", "hologram"
    (copy / "project.json").write_text(json.dumps(data))
    project = ProjectFile.read(copy)
    told = shown(studio, copy, project, project.timelines[0])["timeline"]["tracks"]
    assert [told[0]["kind"], told[1]["content"]] == ["hologram", "hologram"]
    assert run(mix_timeline, studio, mix_request(copy, tmp_path / "out.wav"))["problems"] == []
    for name in FORMATS:
        result = run(export_timeline, studio, export_request(copy, tmp_path / name, format=name))
        assert (result["clips"], result["read_back"]["differences"]) == (len(NAMES) - 1, [])


@pytest.mark.parametrize("path", ["x" * 5000, "../../../../etc/passwd", "/etc/passwd", "a\0b", "\ud800", ".", ""])
def test_media_whose_path_leads_nowhere_or_elsewhere_are_missing(made, tmp_path, path):
    studio, place = made
    copy = shutil.copytree(place, tmp_path / "Copy")
    data = json.loads((copy / "project.json").read_bytes())
    for media in data["project"]["media"]:
        media["asset"].update(path=path, id="gone")
    (copy / "project.json").write_text(json.dumps(data))
    project = ProjectFile.read(copy)
    told = shown(studio, copy, project, project.timelines[0])["timeline"]["tracks"]
    assert all(clip["missing"] for track in told for clip in track["clips"])
    mixed = run(mix_timeline, studio, mix_request(copy, tmp_path / "out.wav"))
    assert "is gone" in mixed["problems"][0]["sentence"]
    handed = run(export_timeline, studio, export_request(copy, tmp_path / "out"))
    assert len([note for note in handed["notes"] if note["kind"] == "offline"]) == len(NAMES)


def test_two_timelines_of_a_project_do_not_share_a_hand_off(made, tmp_path):
    studio, place = made
    copy = shutil.copytree(place, tmp_path / "Two")
    with ProjectFile.open(copy) as session:
        first = session.project.timelines[0].id
        session.edit("Duplicate", lambda project: arranging.duplicate_timeline(project, first, "\ud800/"))
        names = [timeline.id for timeline in session.project.timelines]
    files = {run(export_timeline, studio, export_request(copy, tmp_path, timeline=name))["files"][0] for name in names}
    assert len(files) == 2
