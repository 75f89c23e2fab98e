"""Timeline files: written, read again through OpenTimelineIO, compared with the document; and what editors refuse."""

import itertools
import re
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from xml.etree import ElementTree as ET

import opentimelineio as otio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiostudio.errors import RequestError
from audiostudio.library.names import file_key, plain_file_name
from audiostudio.render.handoff import levels, readback
from audiostudio.render.handoff.aaf import write_aaf
from audiostudio.render.handoff.cuts import Plan
from audiostudio.render.handoff.edl import timecode
from audiostudio.render.handoff.fcp7 import fcp7
from audiostudio.render.handoff.folder import HandOff, _texts
from audiostudio.render.handoff.formats import FORMATS, Options, checked
from audiostudio.render.handoff.places import Places
from audiostudio.render.handoff.plan import plan
from audiostudio.timeline.time import FrameRate
from audiostudio.timeline.tracks import Channel, Effect, Fade, Point, Shape, Timeline, Track
from tests.render.handing import BED, EVERY_FORMAT, VOICE, S, clip, full_timeline, project, timelines


def written(timeline: Timeline, folder: Path, options: Options, there: bool = True) -> tuple[Plan, list[Path]]:
    """The timeline file alone, without its media."""
    names: dict[str, str] = {}

    def naming(key: str, name: str) -> str:
        return names.setdefault(key, plain_file_name(name, ".wav", len(names) + 1))

    options = checked(options)
    made = plan(project(timeline), timeline, options, lambda *_: there, naming)
    places = Places(folder / f"Main{options.kind.suffix}", folder / f"Main ({options.format}) media", options.absolute)
    files = HandOff(lambda _: None, None, plain_file_name, file_key)._targets(places, made)
    for path, text in _texts(made, places, files).items():
        path.write_bytes(text)
    if options.format == "aaf":
        write_aaf(made, places, files[0])
    return made, files


def xml(timeline: Timeline, folder: Path, **options: str) -> ET.Element:
    return ET.parse(written(timeline, folder, Options(**options))[1][0]).getroot()


@pytest.mark.long
@pytest.mark.parametrize(("name", "version"), EVERY_FORMAT)
@pytest.mark.parametrize(
    "rate", [FrameRate(25), FrameRate(30000, 1001), FrameRate(24000, 1001), FrameRate(60000, 1001)], ids=str
)
@pytest.mark.parametrize("whole", [False, True], ids=["used", "whole"])
def test_every_format_is_read_back_as_the_document(tmp_path, name, version, rate, whole):
    made, files = written(full_timeline(rate), tmp_path, Options(name, version=version, whole=whole))
    assert readback.differences(made, files) == []
    assert sum(len(lane.cuts) for lane in made.lanes) == (5 if made.options.kind.mutes else 4)


@pytest.mark.long
@pytest.mark.parametrize(
    ("name", "version"), [("otio", ""), ("fcp7", ""), ("fcpxml", "1.10"), ("edl", ""), ("aaf", "")]
)
def test_any_timeline_is_read_back(tmp_path, name, version):
    examples = 8 if name == "aaf" else 25

    @settings(max_examples=examples, suppress_health_check=list(HealthCheck))
    @given(timelines(), st.booleans(), st.sampled_from([0.0, 2.0]))
    def check(timeline: Timeline, whole: bool, handles: float) -> None:
        options = Options(name, version=version, whole=whole, handles=handles)
        if name == "aaf" and not any(
            not one.muted and not track.muted for track in timeline.tracks for one in track.clips
        ):
            with pytest.raises(RequestError, match="at least one clip"):
                written(timeline, tmp_path, options)
            return
        made, files = written(timeline, tmp_path, options)
        assert readback.differences(made, files) == []
        for lane in made.lanes:
            for before, after in itertools.pairwise(lane.cuts):
                assert before.end <= after.start
            for cut in lane.cuts:
                assert cut.source_start >= 0
                assert cut.source_start + int(cut.duration * cut.speed) <= made.grid.units(cut.piece.length)
                exact = Fraction(cut.clip.start, S) * made.grid.rate
                assert abs(cut.start - exact) <= 1, "no clip is moved by more than the grid"

    check()


@pytest.mark.parametrize(
    ("name", "pattern", "other"),
    [
        ("otio", r'"value": 144000\.0', '"value": 144001.0'),
        ("fcp7", r"<end>50</end>", "<end>51</end>"),
        ("fcpxml", r'offset="1s"', 'offset="26/25s"'),
        ("edl", r"00:00:01:00 00:00:02:00$", "00:00:01:01 00:00:02:01"),
    ],
)
def test_what_is_not_as_it_should_be_is_told(tmp_path, name, pattern, other):
    """The comparison can fail: a clip is one unit off."""
    first = clip(VOICE, S, 3, 1, id="a")
    timeline = Timeline(
        "t", "Main", (Track("x", "Voice", clips=(first,)), Track("y", "Bed", clips=(clip(BED, 0, 3, 1),)))
    )
    made, files = written(timeline, tmp_path, Options(name, handles=3.0))
    for file in files:
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(pattern, other, text, count=1, flags=re.MULTILINE), encoding="utf-8")
    assert readback.differences(made, files)


def test_a_file_that_cannot_be_read_again_is_told(tmp_path):
    made, files = written(full_timeline(), tmp_path, Options("edl"))
    files[0].write_text("TITLE: x\n\n001  AX A C 00:00:00:00 nonsense\n", encoding="utf-8")
    assert "cannot be read again" in readback.differences(made, files)[0]


@pytest.mark.parametrize("name", FORMATS)
def test_zero_clips(tmp_path, name):
    empty = Timeline("t", "Main", (Track("x", "Voice"),))
    if name == "aaf":
        with pytest.raises(RequestError, match="at least one clip"):
            written(empty, tmp_path, Options(name))
        return
    made, files = written(empty, tmp_path, Options(name))
    assert readback.differences(made, files) == []


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("rate", [FrameRate(25), FrameRate(30000, 1001)], ids=str)
def test_a_day_long_timeline(tmp_path, name, rate):
    last = clip(VOICE, 24 * 3600 * S - 2 * S, 1, 1, id="last")
    timeline = Timeline(
        "t", "Main", (Track("x", "Voice", clips=(clip(VOICE, 0, 0, 1, id="first"), last)),), frame_rate=rate
    )
    made, files = written(timeline, tmp_path, Options(name))
    assert readback.differences(made, files) == []


def test_a_day_and_a_second_are_too_long_for_an_edl_only(tmp_path):
    timeline = Timeline("t", "Main", (Track("x", "Voice", clips=(clip(VOICE, 24 * 3600 * S, 0, 1),)),))
    with pytest.raises(RequestError, match="counts to 24 hours"):
        written(timeline, tmp_path, Options("edl"))
    made, files = written(timeline, tmp_path, Options("fcpxml"))
    assert readback.differences(made, files) == []


@pytest.mark.parametrize(
    "rate", [FrameRate(30000, 1001), FrameRate(60000, 1001), FrameRate(25), FrameRate(24000, 1001)]
)
def test_timecode_is_that_of_opentimelineio(rate):
    exact = float(Fraction(*rate))
    minute = round(exact) * 60
    frames = {at + near for at in range(0, 12 * minute, minute) for near in range(-5, 6)} | {
        0,
        17_982,
        107_892,
        2_589_407,
    }
    for frame in sorted(frame for frame in frames if 0 <= frame < 24 * 60 * minute):
        assert timecode(frame, rate) == otio.opentime.to_timecode(otio.opentime.RationalTime(frame, exact), exact)


def test_opentimelineio_499_no_speed_changes_in_final_cut_7_xml(tmp_path):
    """Resolve crashes on clips with a change of speed: the sound itself is made so."""
    made, files = written(full_timeline(), tmp_path, Options("fcp7"))
    text = files[0].read_text(encoding="utf-8").lower()
    assert "timeremap" not in text
    assert "speed" not in text
    (note,) = [note for note in made.notes if "speed × 1.500" in note.text]
    assert note.kind == "baked"


def test_opentimelineio_839_the_picture_has_a_format(tmp_path):
    """Without it Resolve loads no timeline, and says nothing."""
    about = xml(full_timeline(FrameRate(30000, 1001)), tmp_path, format="fcp7").find(
        "sequence/media/video/format/samplecharacteristics"
    )
    assert (about.findtext("width"), about.findtext("height")) == ("1920", "1080")
    assert (about.findtext("rate/timebase"), about.findtext("rate/ntsc")) == ("30", "TRUE")


def test_auto_editor_367_resolve_gets_a_version_that_it_reads(tmp_path):
    assert checked(Options("fcpxml", "resolve")).version == "1.10"
    assert xml(full_timeline(), tmp_path, format="fcpxml").get("version") == "1.10"
    with pytest.raises(RequestError, match=r"up to 1\.10"):
        checked(Options("fcpxml", "resolve", "1.11"))
    assert checked(Options("fcpxml", "final-cut", "1.13")).version == "1.13"
    with pytest.raises(RequestError, match="no version"):
        checked(Options("fcpxml", version="2.0"))


def test_opentimelineio_742_projects_are_in_an_event_of_a_library(tmp_path):
    root = xml(full_timeline(), tmp_path, format="fcpxml")
    assert root.find("library/event/project/sequence/spine/gap") is not None


def test_media_stand_where_the_version_has_them(tmp_path):
    new = xml(full_timeline(), tmp_path, format="fcpxml", version="1.9")
    old = xml(full_timeline(), tmp_path, format="fcpxml", version="1.8")
    assert all(asset.get("src") is None for asset in new.iter("asset"))
    assert all(
        asset.find("media-rep").get("src").startswith("Main%20%28fcpxml%29%20media/") for asset in new.iter("asset")
    )
    assert all(asset.get("src") and asset.find("media-rep") is None for asset in old.iter("asset"))


def test_gains_are_bare_numbers_and_ducking_is_keyframes(tmp_path):
    """Resolve drops `-3dB`; Final Cut itself writes it."""
    bare = xml(full_timeline(), tmp_path, format="fcpxml")
    bed = next(one for one in bare.iter("asset-clip") if one.get("name").startswith("Bed"))
    volume = bed.find("adjust-volume")
    assert float(volume.get("amount")) == -2.0
    keyframes = [(one.get("time"), float(one.get("value"))) for one in volume.iter("keyframe")]
    start = Fraction(bed.get("start").rstrip("s"))
    places = [(Fraction(time.rstrip("s")) - start, value) for time, value in keyframes]
    assert places == [(0, -2), (1, -8), (2, -20), (6, -20), (7, -8), (10, -8)]
    assert (volume.find("param/fadeOut").get("type"), volume.find("param/fadeOut").get("duration")) == ("linear", "2s")
    own = xml(full_timeline(), tmp_path, format="fcpxml", editor="final-cut")
    assert {one.get("amount")[-2:] for one in own.iter("adjust-volume")} == {"dB"}


def test_levels_of_final_cut_7_are_amplitudes_at_frames_of_the_medium(tmp_path):
    root = xml(full_timeline(), tmp_path, format="fcp7")
    item = next(one for one in root.iter("clipitem") if one.findtext("name").startswith("Bed"))
    first = int(item.findtext("in"))
    frames = {int(one.findtext("when")) - first: float(one.findtext("value")) for one in item.iter("keyframe")}
    assert frames[0] == pytest.approx(10 ** (-2 / 20), abs=1e-4)
    assert frames[50] == pytest.approx(10 ** (-20 / 20), abs=1e-4)
    assert frames[250] == 0.0, "faded out"
    assert frames[225] == pytest.approx(10 ** (-8 / 20) / 2, abs=2e-3), "a linear fade, half way"
    assert max(float(one.text) for one in root.iter("value")) <= 3.98107


def test_stereo_is_two_linked_tracks_and_mono_one_in_final_cut_7(tmp_path):
    tracks = xml(full_timeline(), tmp_path, format="fcp7").findall("sequence/media/audio/track")
    mono, left, right = tracks
    assert [one.get("totalExplodedTrackCount") for one in tracks] == ["1", "2", "2"]
    assert [one.findtext("clipitem/sourcetrack/trackindex") for one in (left, right)] == ["1", "2"]
    assert {one.text for one in left.iter("linkclipref")} == {
        one.get("id") for one in (*left, *right) if one.tag == "clipitem"
    }
    assert len(mono.findall("clipitem")) == 4
    assert [one.findtext("enabled") for one in mono.findall("clipitem")] == ["TRUE", "TRUE", "FALSE", "TRUE"]


def test_every_medium_of_final_cut_7_has_an_id_of_its_own(tmp_path):
    clips = tuple([clip(VOICE, 2 * number * S, 0, 1, name=f"Take {number}", id=f"{number}") for number in range(240)])
    timeline = Timeline("t", "Main", (Track("x", "Voice", clips=clips),))
    made = plan(project(timeline), timeline, Options("fcp7"), lambda *_: True, lambda _, name: f"{name}.wav")
    root = ET.fromstring(fcp7(made, Places(tmp_path / "Main.xml", tmp_path / "Main media")))
    files = {one.get("id"): one.findtext("name") for one in root.iter("file")}
    assert sorted(files.values()) == sorted(f"Take {number}.wav" for number in range(240))


def test_a_crossfade_is_carried_where_the_format_knows_its_shape(tmp_path):
    root = xml(full_timeline(), tmp_path, format="fcp7")
    (joint,) = root.iter("transitionitem")
    assert joint.findtext("effect/name") == "Cross Fade (+3dB)"
    assert joint.findtext("alignment") == "center"
    timeline = otio.adapters.read_from_file(str(written(full_timeline(), tmp_path, Options("otio"))[1][0]))
    (found,) = timeline.find_children(descended_from_type=otio.schema.Transition)
    assert (found.in_offset.value, found.out_offset.value) == (4_800, 4_800)
    made, _ = written(full_timeline(), tmp_path, Options("aaf"))
    assert ["crossfade" in " ".join(cut.baked) for cut in made.lanes[0].cuts] == [True, True, False]


def test_otio_keeps_speed_and_in_its_metadata_everything_else(tmp_path):
    timeline = otio.adapters.read_from_file(str(written(full_timeline(), tmp_path, Options("otio"))[1][0]))
    clips = {one.metadata["audiostudio"]["id"]: one for one in timeline.find_clips()}
    (warp,) = clips["four"].effects
    assert warp.time_scalar == 1.5
    assert clips["four"].source_range.duration.value == 48_000
    assert clips["one"].metadata["audiostudio"]["gain"] == -3.0
    assert clips["one"].source_range.start_time.rate == 48_000
    assert timeline.tracks[1].metadata["audiostudio"]["automation"]["ducking"][1][1] == -12.0
    assert [(one.name, one.color, one.comment) for one in timeline.tracks.markers] == [
        ("Start here", "RED", ""),
        ("Then & there", "GREEN", "a note"),
    ]
    assert all(one.media_reference.target_url.startswith("Main%20%28otio%29%20media/") for one in clips.values())


def test_an_edl_is_one_list_for_each_track_with_the_markers_in_the_first(tmp_path):
    _, files = written(full_timeline(FrameRate(30000, 1001)), tmp_path, Options("edl"))
    assert [file.name for file in files] == ["Main – Narration.edl", "Main – Music.edl"]
    first, second = [file.read_text(encoding="utf-8") for file in files]
    assert "FCM: DROP FRAME" in first
    assert "* LOC: 00:00:02;00 RED     Start here" in first
    assert "LOC" not in second
    assert first.count("* FROM CLIP NAME:") == 3, "the muted clip is not heard"
    assert re.search(r"^001 {2}AX {7}AA", second, re.MULTILINE)


def test_what_a_format_cannot_carry_is_baked_or_told(tmp_path):
    timeline = full_timeline()
    speech, music = timeline.tracks
    effect = Effect("e", "eq")
    deaf = Effect("d", "compressor", source="t2")
    speech = replace(speech, channel=Channel(pan=0.3, effects=(effect, deaf)))
    timeline = replace(timeline, tracks=(speech, music), master=Channel(-1.0, effects=(effect,)), loudness=-14.0)
    made, _ = written(timeline, tmp_path, Options("fcpxml"))
    texts = {note.text for note in made.notes if "Narration" in note.place and note.kind == "baked"}
    assert any("the effect eq, pan, gain, fade in (linear)" in text for text in texts), texts
    left = {note.text for note in made.notes if note.kind == "left out"}
    assert "the effect compressor, which listens to another track" in left
    assert "the loudness of -14 LUFS: set it in the editor" in left
    assert any("the effect eq: mix to a file" in text for text in left)
    bed = made.lanes[1].cuts[0]
    assert not bed.baked, "the format has levels and a linear fade"
    assert bed.line[0].value == -3.0, "with the master's gain"


@pytest.mark.parametrize(("name", "rate"), [("edl", FrameRate(12)), ("fcp7", FrameRate(25, 2))], ids=str)
def test_a_rate_that_a_format_has_not_is_refused(tmp_path, name, rate):
    with pytest.raises(RequestError, match="Choose another rate or format"):
        written(full_timeline(rate), tmp_path, Options(name))
    assert list(tmp_path.iterdir()) == []


def test_lines_add_up():
    line = levels.summed(-3.0, [(Point(10, 0.0), Point(20, -6.0)), (Point(0, 1.0),), ()], 30)
    assert line == (Point(0, -2.0), Point(10, -2.0), Point(20, -8.0), Point(30, -8.0))
    assert levels.summed(1.0, [(Point(50, 0.0), Point(60, -6.0))], 30) == (Point(0, 1.0),)
    faded = levels.with_fades(line, Fade(8, Shape.LINEAR), Fade(0), 30)
    assert faded[0] == Point(0, levels.QUIETEST)
    assert dict(faded)[4] == pytest.approx(-2 - 6.0206, abs=1e-3)
    steps = levels.finely((Point(0, 0.0), Point(100, -9.0)))
    assert [value for _, value in steps] == [0.0, -3.0, -6.0, -9.0]
