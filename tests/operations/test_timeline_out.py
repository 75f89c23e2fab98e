"""A timeline leaves the studio: files on tracks, the mix, hand-offs, rights. Bodies of jobs run in this process."""

import json
import shutil
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiostudio import cli
from audiostudio.errors import MediaError, NotFound, ReadOnly, RequestError, StudioError
from audiostudio.jobs import JsonObject
from audiostudio.library import AssetKind, AssetSource, NewAsset
from audiostudio.library.imports import import_media
from audiostudio.operations.arranging import Placement, add_asset, content_of, frame_rate, new_project, shown
from audiostudio.operations.dragging import FOLDER, render_piece
from audiostudio.operations.handoff import export_timeline
from audiostudio.operations.mixing import mix_timeline
from audiostudio.operations.rights_sheet import rights_sheet
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.rights import Rights
from audiostudio.sound.files import Sound, probe, read_sound, write_sound
from audiostudio.sound.loudness import loudness
from audiostudio.timeline.editing import arranging, marking
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Content, Marker, Tempo

NC = Rights("CC-BY-NC-4.0", False, "“Bed” by Nino, CC BY-NC", "https://example.org/bed")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Studio, Path]]:
    """A project with a voice from 2 s on, 6 s long and silent between 4 and 5 s, over 15 s of music."""
    folder = tmp_path_factory.mktemp("film")
    studio = Studio(Profile(folder / "profile"))
    at = np.arange(44_100 * 6) / 44_100
    speaking = (at % 3 < 2).astype(np.float32)
    voice = (0.3 * np.sin(2 * np.pi * 180 * at)).astype(np.float32) * speaking
    write_sound(folder / "voice.wav", Sound(voice[None], 44_100))
    at = np.arange(48_000 * 15) / 48_000
    music = np.stack([0.2 * np.sin(2 * np.pi * 1_500 * at), 0.2 * np.sin(2 * np.pi * 1_503 * at)]).astype(np.float32)
    write_sound(folder / "music.mp3", Sound(music, 48_000), "mp3")
    place = new_project(folder / "Film")
    assets = [import_media(studio.library, folder / "voice.wav").asset]
    bed = NewAsset(
        AssetKind.MUSIC, AssetSource.UPLOADED, "Bed", NC, import_media(studio.library, folder / "music.mp3").asset.media
    )
    assets.append(studio.library.add(folder / "music.mp3", bed, move=False))
    add_asset(studio, place, assets[0], Placement("Narration", 2.0, fade_in=0.1))
    add_asset(studio, place, assets[1], Placement("Music", 0.0, gain=-6.0, fade_out=2.0))
    yield studio, place
    studio.close()


def run(body: Any, studio: Studio, request: JsonObject) -> JsonObject:
    steps = body(studio, request)
    shares = []
    while True:
        try:
            event = next(steps)
        except StopIteration as end:
            assert all(0 <= share <= 1 for share in shares)
            assert shares == sorted(shares), "progress never goes back"
            result: JsonObject = end.value
            return result
        if getattr(event, "fraction", None) is not None:
            shares.append(event.fraction)


def mix_request(place: Path, output: Path, **asked: Any) -> JsonObject:
    usual = {"timeline": None, "lufs": None, "duck": [], "stems": None, "first": None, "last": None, "tags": {}}
    return {"project": str(place), "output": str(output), "format": "wav", "cover": None} | usual | asked


def export_request(place: Path, folder: Path, **asked: Any) -> JsonObject:
    usual = {"timeline": None, "editor": "other", "version": "", "handles": 2.0, "whole": False, "absolute": False}
    return {"project": str(place), "folder": str(folder), "format": "otio"} | usual | asked


def test_files_come_to_stand_where_they_were_put(made):
    studio, place = made
    project = ProjectFile.read(place)
    data = shown(studio, place, project, project.timelines[0])["timeline"]
    voice, music = data["tracks"]
    assert (voice["name"], voice["content"], music["content"]) == ("Narration", "speech", "music")
    (clip,) = voice["clips"]
    assert (clip["start"], clip["end"], clip["fade_in"], clip["missing"]) == (2.0, 8.0, 0.1, False)
    assert music["clips"][0]["gain"] == -6.0
    assert music["clips"][0]["end"] == pytest.approx(15.0, abs=1e-3)
    assert data["tempo"] is None
    beats = replace(project.timelines[0], tempo=Tempo(98.5, TICKS, 3))
    data = shown(studio, place, project, beats)["timeline"]
    assert data["tempo"] == {"bpm": 98.5, "first": 1.0, "bar": 3}


@pytest.mark.long
def test_a_mix_at_a_loudness_with_music_that_steps_back(made, tmp_path):
    studio, place = made
    plain = run(mix_timeline, studio, mix_request(place, tmp_path / "plain.wav", stems=str(tmp_path / "stems")))
    assert (plain["lufs"], plain["clipped"], plain["problems"]) == (None, 0, [])
    asked = mix_request(
        place, tmp_path / "out.wav", lufs=-14.0, duck=[["Music", "Narration"]], stems=str(tmp_path / "s")
    )
    result = run(mix_timeline, studio, asked)
    sound = read_sound(tmp_path / "out.wav")
    assert sound.samples.shape == (2, result["samples"])
    measured = loudness(sound)
    assert measured.integrated == pytest.approx(-14, abs=0.2)
    assert measured.true_peak <= -0.99
    assert result["lufs"] == pytest.approx(measured.integrated, abs=0.05)
    before, ducked = (read_sound(Path(one["stems"]["Music"])).samples for one in (plain, result))
    level = [20 * np.log10(np.abs(one[:, 3 * 48_000 : 4 * 48_000 - 9_600]).max()) for one in (before, ducked)]
    assert level[1] - level[0] == pytest.approx(-12, abs=0.5), "under speech"
    assert np.abs(before[:, :48_000] - ducked[:, :48_000]).max() < 1e-6, "before it"
    stems = sum(read_sound(Path(path)).samples for path in plain["stems"].values())
    assert np.abs(stems - read_sound(tmp_path / "plain.wav").samples).max() < 1e-6
    project = ProjectFile.read(place)
    assert not project.timelines[0].tracks[1].channel.automation, "drawn for this mix only"


def test_a_range_is_a_broadcast_wave_at_its_place(made, tmp_path):
    studio, place = made
    result = run(mix_timeline, studio, mix_request(place, tmp_path / "part.wav", first=2.5, last=4.0))
    assert result["seconds"] == 1.5
    data = (tmp_path / "part.wav").read_bytes()
    assert struct.unpack_from("<Q", data, data.index(b"bext") + 8 + 338) == (120_000,)
    with pytest.raises(RequestError, match="ends before"):
        run(mix_timeline, studio, mix_request(place, tmp_path / "x.wav", first=3.0, last=2.0))
    assert not (tmp_path / "x.wav").exists()


@pytest.mark.long
def test_markers_are_the_chapters_of_an_audio_book(made, tmp_path):
    studio, place = made
    copy = tmp_path / "Book"
    shutil.copytree(place, copy)
    with ProjectFile.open(copy) as session:
        timeline = session.project.timelines[0]
        marks = [Marker("a", 3 * 705_600_000, "Second", chapter=True), Marker("b", 4 * 705_600_000, "no chapter")]
        for mark in marks:
            session.edit("Mark", lambda project, mark=mark: marking.add_marker(project, timeline.id, mark))
    asked = mix_request(copy, tmp_path / "book.m4b", format="m4b", tags={"title": "A book", "artist": "Emma"})
    assert run(mix_timeline, studio, asked)["chapters"] == 2
    import av

    with av.open(str(tmp_path / "book.m4b")) as container:
        found = [(float(one["start"] * one["time_base"]), one["metadata"]["title"]) for one in container.chapters()]
        tags = dict(container.metadata)
    assert found == [(0.0, "Film"), (3.0, "Second")]
    assert (tags["title"], tags["artist"]) == ("A book", "Emma")
    assert "Nino" in tags["comment"], "whom to credit goes with the file"
    assert Rights.of_notice(tags["copyright"]).commercial is False, "and whether it may be sold"


@pytest.mark.long
@pytest.mark.parametrize("name", ["otio", "fcp7", "fcpxml", "edl", "aaf"])
def test_a_hand_off_through_the_library(made, tmp_path, name):
    """One medium is an MP3, the other at 44.1 kHz."""
    studio, place = made
    result = run(export_timeline, studio, export_request(place, tmp_path, format=name))
    assert result["read_back"]["differences"] == []
    assert (result["tracks"], result["clips"]) == (2, 2)
    files = sorted(path.name for path in Path(result["media"]).iterdir())
    assert files == ["Bed.wav", "voice.wav"]
    assert all(probe(path).sample_rate == 48_000 for path in Path(result["media"]).iterdir())
    assert result["rights"]["commercial"] is False
    again = run(export_timeline, studio, export_request(place, tmp_path, format=name))
    assert (again["same"], again["new"], again["changed"]) == (result["new"], [], [])


def test_the_rights_of_a_mix(made):
    studio, place = made
    project = ProjectFile.read(place)
    sheet = rights_sheet(studio.library, project, project.timelines[0])
    assert [source.name for source in sheet.sources] == ["Bed", "voice"]
    assert sheet.rights.commercial is False
    assert sheet.rights.credit == NC.credit
    assert sheet.warnings == ("“Bed” may not be sold (CC-BY-NC-4.0), so neither may what it is part of.",)
    assert sheet.unknown == ("voice",)
    text = sheet.text()
    assert "May it be sold? No." in text
    assert "“Bed” by Nino, CC BY-NC" in text
    timeline = project.timelines[0]
    silent = replace(timeline, tracks=(timeline.tracks[0], replace(timeline.tracks[1], muted=True)))
    assert rights_sheet(studio.library, project, silent).rights.commercial is None, "what is not heard does not count"
    empty = replace(timeline, tracks=())
    assert "nothing is heard" in rights_sheet(studio.library, project, empty).text()
    stranger = replace(project, media=tuple(replace(one, asset=replace(one.asset, id="gone")) for one in project.media))
    assert rights_sheet(studio.library, stranger, timeline).rights.commercial is None


def test_media_that_went_away_are_silent_and_said(made, tmp_path):
    studio, place = made
    project = ProjectFile.read(place)
    lost = studio.library.get(project.media[0].asset.id).path
    aside = lost.with_suffix(".away")
    lost.rename(aside)
    try:
        result = run(mix_timeline, studio, mix_request(place, tmp_path / "out.wav"))
        handed = run(export_timeline, studio, export_request(place, tmp_path))
    finally:
        aside.rename(lost)
    assert "voice" in result["problems"][0]["sentence"]
    assert (tmp_path / "out.wav").exists()
    assert [note["kind"] for note in handed["notes"] if "voice" in note["place"]] == ["offline"]
    assert handed["read_back"]["differences"] == []


def test_what_is_dragged_out_while_a_medium_is_away_is_not_taken_for_whole_later(made):
    studio, place = made
    project = ProjectFile.read(place)
    lost = studio.library.get(project.media[0].asset.id).path
    aside = lost.with_suffix(".away")
    request = {"project": str(place), "timeline": project.timelines[0].id, "clips": None}
    lost.rename(aside)
    try:
        with pytest.raises(MediaError, match="voice"):
            run(render_piece, studio, request)
    finally:
        aside.rename(lost)
    assert not list((studio.profile.library / FOLDER).glob("*.wav"))
    path = Path(run(render_piece, studio, request)["path"])
    voice = read_sound(path).samples[:, 144_000:148_800]
    assert np.abs(np.fft.rfft(voice[0]))[18] > 100  # of 180 Hz
    assert run(render_piece, studio, request)["path"] == str(path)


def command(capsys: pytest.CaptureFixture[str], studio: Studio, *words: str) -> tuple[int, str, str]:
    try:
        code = cli.main(cli.parse(["--profile", str(studio.profile.root), *words]))
    except SystemExit as end:
        code = int(str(end.code))
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.mark.long
@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("project", "new", "{film}"), 2, "is there already"),
        (("project", "new", "{new}", "--fps", "12.34"), 2, "12.34"),
        (("project", "add", "{film}", "{film}/none.wav", "--track", "X", "--at", "1"), 3, "There is no file"),
        (("project", "add", "{film}", "{voice}", "--track", "X", "--at", "-1"), 2, "between 0 and"),
        (("project", "add", "{film}", "{voice}", "--track", "X", "--at", "nan"), 2, "between 0 and"),
        (("project", "add", "{film}", "{voice}", "--track", " ", "--at", "1"), 2, "needs a name"),
        (
            ("project", "add", "{film}", "{voice}", "--track", "X", "--at", "1", "--from", "3", "--to", "2"),
            2,
            "Nothing is left",
        ),
        (("project", "add", "{film}/nowhere", "{voice}", "--track", "X", "--at", "1"), 4, "There is no project"),
        (("project", "show", "{film}", "--timeline", "B"), 4, "no timeline “B”"),
        (("mix", "{film}", "-o", "{new}/x.xyz"), 2, "x.xyz does not end"),
        (("mix", "{film}", "-o", "{new}/x.mp3", "--format", "alac"), 2, "ends in .mp3"),
        (("mix", "{film}", "-o", "{film}"), 2, "not the name of a file"),
        (("mix", "{film}", "-o", "{new}/x.wav", "--lufs", "0"), 2, "no loudness"),
        (("mix", "{film}", "-o", "{new}/x.wav", "--lufs", "3"), 2, "no loudness"),
        (("export", "{film}", "-o", "{new}", "--to", "premiere"), 2, "--for premiere"),
        (("mix", "{film}", "-o", "{new}/x.wav", "--duck", "Music"), 2, "names no two tracks"),
        (("mix", "{film}", "-o", "{new}/x.wav", "--duck", "Musik:Narration"), 4, "no track “Musik”"),
        (("mix", "{film}", "-o", "{new}/x.wav", "--from", "-1"), 2, "range lies between"),
        (("mix", "{film}", "-o", "{new}/x.wav", "--to", "1e300"), 2, "range lies between"),
        (("mix", "{film}", "-o", "{new}/x.wav", "--to", "1e12"), 2, "range lies between"),
        (("mix", "{film}", "-o", "{new}/Music.wav", "--stems", "{new}"), 2, "the mix and a stem"),
        (("project", "add", "{film}", "{film}", "--track", "X", "--at", "1"), 3, "is a folder"),
        (("project", "add", "{film}", "{voice}", "--track", "X", "--at", "1", "--fade-in", "1e300"), 2, "lie between"),
        (("project", "add", "{film}", "{voice}", "--track", "X", "--at", "1", "--gain", "nan"), 2, "number of dB"),
        (("project", "add", "{film}", "{voice}", "--track", "X", "--at", "1", "--from", "9"), 2, "lasts 6.00 s"),
        (("export", "{film}", "--to", "otio", "-o", "{voice}"), 2, "is a file"),
        (("export", "{film}", "--to", "otio", "-o", ""), 2, "No folder is named"),
        (("export", "{film}", "--to", "xges", "-o", "{new}"), 2, "xges"),
        (("rights", "{new}"), 4, "There is no project"),
    ],
)
def test_what_cannot_be_is_a_sentence_and_changes_nothing(made, tmp_path, capsys, words, code, sentence):
    studio, place = made
    names = {"film": str(place), "new": str(tmp_path / "new"), "voice": str(place.parent / "voice.wav")}
    before = ProjectFile.read(place)
    found, out, err = command(capsys, studio, *(word.format(**names) for word in words))
    assert (found, out) == (code, "")
    assert sentence in err
    assert ProjectFile.read(place) == before
    assert not (tmp_path / "new").exists()


def test_a_mix_never_takes_the_place_of_what_it_is_made_of(made, tmp_path):
    """Nor of anything else of the library, nor, with its stems, of a file beside the project that a clip plays."""
    studio, place = made
    voice = studio.library.get(ProjectFile.read(place).media[0].asset.id).path
    other = studio.library.media / "other.wav"
    other.write_bytes(b"other")
    before = voice.read_bytes()
    link = tmp_path / "link.wav"
    link.symlink_to(voice)
    for output in (voice, link, other):
        with pytest.raises(RequestError, match=r"part of the mix|belongs to the library"):
            run(mix_timeline, studio, mix_request(place, output))
    assert (voice.read_bytes(), other.read_bytes()) == (before, b"other")
    other.unlink()


@pytest.mark.long
def test_an_export_warns_of_what_may_not_be_sold(made, tmp_path, capsys):
    studio, place = made
    code, out, err = command(capsys, studio, "rights", str(place))
    assert (code, err) == (0, "")
    assert "May it be sold? No." in out
    words = ("export", str(place), "--to", "edl", "-o", str(tmp_path / "out"), "--json")
    code, out, err = command(capsys, studio, *words)
    assert code == 0
    assert err.startswith("Warning: “Bed” may not be sold (CC-BY-NC-4.0)")
    assert json.loads(out)["rights"]["warnings"] == [err.removeprefix("Warning: ").strip()]
    code, out, err = command(capsys, studio, "project", "show", str(place))
    assert "Narration (speech)" in out
    assert "-6 dB" in out


def test_a_project_without_a_timeline_says_so(made, tmp_path, capsys):
    studio, _ = made
    with ProjectFile.create(tmp_path, "Bare") as session:
        bare = session.path
    assert command(capsys, studio, "project", "show", str(bare))[0] == 0
    code, _, err = command(capsys, studio, "mix", str(bare), "-o", str(tmp_path / "x.wav"))
    assert code == 2
    assert "has no timeline yet" in err


def test_adding_to_a_project_that_is_open_elsewhere_is_refused(made):
    studio, place = made
    asset = studio.library.get(ProjectFile.read(place).media[0].asset.id)
    with ProjectFile.open(place), pytest.raises(ReadOnly):
        add_asset(studio, place, asset, Placement("More", 20.0))


def test_no_room_is_said_unless_it_is_made(made, tmp_path):
    studio, place = made
    copy = tmp_path / "Copy"
    shutil.copytree(place, copy)
    asset = studio.library.get(ProjectFile.read(place).media[0].asset.id)
    with pytest.raises(RequestError, match="There is no room"):
        add_asset(studio, copy, asset, Placement("Narration", 3.0))
    add_asset(studio, copy, asset, Placement("Narration", 3.0, mode="overwrite", first=1.0, last=2.0))
    with ProjectFile.open(copy) as session:
        (speech, _) = session.project.timelines[0].tracks
        assert [round(clip.duration / 705_600_000, 3) for clip in speech.clips] == [1.0, 1.0, 4.0]
        assert session.undo()
        assert len(session.project.timelines[0].tracks[0].clips) == 1


def test_fades_longer_than_the_clip_are_refused(made):
    studio, place = made
    asset = studio.library.get(ProjectFile.read(place).media[0].asset.id)
    with pytest.raises(RequestError, match="fades are longer"):
        add_asset(studio, place, asset, Placement("More", 20.0, fade_in=4.0, fade_out=4.0))


@pytest.mark.parametrize(("text", "rate"), [("25", (25, 1)), ("29.97", (30000, 1001)), ("24000/1001", (24000, 1001))])
def test_frame_rates_are_exact(text, rate, tmp_path):
    assert tuple(frame_rate(text)) == rate
    place = new_project(tmp_path / "P", text)
    assert tuple(ProjectFile.read(place).timelines[0].frame_rate) == rate


@pytest.mark.parametrize("text", ["", "0", "x", "1/0", "1000", "-25", "12.5"])
def test_what_is_no_frame_rate_is_refused(text):
    with pytest.raises(RequestError, match="no frame rate"):
        frame_rate(text)


def test_tracks_are_for_what_they_are_called():
    assert [content_of(name) for name in ("Voice-over", "Music bed", "SFX", "Track 4")] == [
        Content.SPEECH,
        Content.MUSIC,
        Content.EFFECTS,
        Content.OTHER,
    ]


def test_a_timeline_is_found_by_its_name(made, tmp_path):
    studio, place = made
    copy = tmp_path / "Two"
    shutil.copytree(place, copy)
    with ProjectFile.open(copy) as session:
        first = session.project.timelines[0].id
        session.edit("Duplicate", lambda project: arranging.duplicate_timeline(project, first, "Short"))
    result = run(export_timeline, studio, export_request(copy, tmp_path / "out", timeline="Short"))
    assert [Path(path).name for path in result["files"]] == ["Film – Short.otio"]
    with pytest.raises(NotFound, match="no timeline “Long”"):
        run(export_timeline, studio, export_request(copy, tmp_path / "out", timeline="Long"))


def test_a_full_disk_or_closed_folder_ends_an_export_in_a_sentence(made, tmp_path):
    studio, place = made
    (tmp_path / "file").write_text("x")
    with pytest.raises(StudioError, match="a file, not a folder"):
        run(export_timeline, studio, export_request(place, tmp_path / "file" / "in"))


@pytest.mark.long
def test_the_terms_of_what_was_spoken_go_with_its_file(made, tmp_path, capsys):
    """From `speak` through a mix of its file and on into another project."""
    studio, _ = made
    words = ("speak", "One two three.", "--voice", "tone", "-o", str(tmp_path / "said.flac"), "--profile")
    assert cli.main(cli.parse([*words, str(studio.profile.root)])) == 0
    for number, source in enumerate(("said.flac", "0.mp3")):
        project = str(tmp_path / f"project {number}")
        assert command(capsys, studio, "project", "new", project)[0] == 0
        add = ("project", "add", project, str(tmp_path / source), "--track", "Voice", "--at", "0")
        assert command(capsys, studio, *add)[0] == 0
        found = json.loads(command(capsys, studio, "rights", project, "--json")[1])
        wanted = studio.engines.resolve("tone")[0].rights
        assert (found["licence"], found["commercial"]) == (wanted.licence, wanted.commercial)
        assert found["unknown"] == []
        assert command(capsys, studio, "mix", project, "-o", str(tmp_path / f"{number}.mp3"))[0] == 0
