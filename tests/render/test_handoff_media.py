"""Collected media: what an editor plays of a hand-off is the mix; names, handles, updates, and what goes wrong."""

import json
import os
import resource
import signal
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from audiostudio.errors import DiskFull, ReadOnly, RequestError, UnreadableMedia
from audiostudio.library.names import file_key, plain_file_name
from audiostudio.render.curves import shaped
from audiostudio.render.handoff import levels
from audiostudio.render.handoff.cuts import Cut, Lane, Plan
from audiostudio.render.handoff.folder import HandOff
from audiostudio.render.handoff.formats import FORMATS, Options
from audiostudio.render.handoff.report import Report
from audiostudio.sound.files import probe, read_sound
from audiostudio.timeline.project import AssetReference, Take, TakeWord, Transcript, VoiceChoice
from audiostudio.timeline.time import TICKS, FrameRate
from audiostudio.timeline.tracks import Channel, Effect, Fade, Setting, Shape, Timeline, Track
from tests.render.handing import BED, VOICE, Desk, S, clip, full_timeline, project


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("media"))


def played(report: Report) -> NDArray[np.float32]:
    """The sound that an editor makes of a hand-off: media at their places, with gains, fades and crossfades."""
    plan = report.plan
    out = np.zeros((2, plan.grid.samples(plan.end) + 48_000), np.float64)
    for lane in plan.lanes:
        for number, cut in enumerate(lane.cuts):
            if lane.audible and cut.enabled and not cut.piece.missing:
                _put(out, plan, lane, number, cut, read_sound(report.media_folder / cut.piece.name).samples)
    return out.astype(np.float32)


def _put(out: NDArray[np.float64], plan: Plan, lane: Lane, number: int, cut: Cut, sound: NDArray[np.float32]) -> None:
    before, after = lane.joint_after(number - 1), lane.joint_after(number)
    lead = before.before if before else 0
    rest = after.after if after else 0
    first = plan.grid.samples(cut.start - lead)
    last = plan.grid.samples(cut.end + rest)
    source = plan.grid.samples(cut.source_start - lead)
    part = sound[:, source : source + last - first].astype(np.float64)
    ticks = (np.arange(first, first + part.shape[1]) * (TICKS // 48_000)) - cut.clip.start
    line = cut.line if len(cut.line) > 1 else (*cut.line, *cut.line)
    part *= 10 ** (np.interp(ticks, [at for at, _ in line], [value for _, value in line]) / 20)
    for fade, since in ((cut.fade_in, ticks), (cut.fade_out, cut.clip.duration - ticks)):
        if fade.length:
            part *= shaped(fade.shape, since / fade.length)
    if before:
        part *= shaped(before.shape, np.arange(part.shape[1]) / plan.grid.samples(before.before + before.after))
    if after:
        part *= shaped(after.shape, np.arange(part.shape[1], 0, -1) / plan.grid.samples(after.before + after.after))
    out[:, first : first + part.shape[1]] += part


def treated_timeline(rate: FrameRate) -> Timeline:
    """The full one without its stretched clip, whose sound an editor makes; with pan and an effect."""
    timeline = full_timeline(rate)
    speech, music = timeline.tracks
    clips = (*speech.clips[:3], replace(speech.clips[3], duration=round(1.5 * S), pitch=0.0))
    effect = Effect("e", "highpass", (Setting("frequency", 200.0),))
    speech = replace(speech, clips=clips, channel=Channel(1.0, pan=-0.4))
    more = replace(
        clip(VOICE, 12 * S + 55, 3, 2, id="five"), effects=(effect,), fade_in=Fade(S // 2, Shape.LOGARITHMIC)
    )
    return replace(timeline, tracks=(speech, music, Track("t3", "More", clips=(more,))), master=Channel(-1.5))


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("rate", [FrameRate(25), FrameRate(30000, 1001)], ids=str)
def test_an_editor_hears_the_mix(tmp_path, desk, name, rate):
    """To the sample, also where cuts had to move to frames and 44.1 kHz became 48."""
    timeline = treated_timeline(rate)
    document = project(timeline)
    report = desk.hand_off(document, Options(name), tmp_path)
    assert report.differences == ()
    heard = played(report)
    mixed = desk.mix(document, timeline, heard.shape[1])
    # Cuts of formats that count frames lie up to half a frame away: there the neighbours' sound is heard.
    near = np.zeros(heard.shape[1], np.bool_)
    frame = round(48_000 * rate.ticks / TICKS) if FORMATS[name].framed else 4
    for one in timeline.clips():
        for at in (one.start, one.end):
            place = round(at * 48_000 / TICKS)
            near[max(0, place - frame) : place + frame] = True
    if name == "fcp7":  # the crossfade's curve lies on a frame as well
        joint = timeline.tracks[0].clips[1].start * 48_000 // TICKS
        near[joint - 6_000 - frame : joint + 6_000 + frame] = True
    difference = np.abs(heard - mixed).max(axis=0)
    assert np.abs(mixed).max() > 0.05
    assert difference[~near].max() < 2e-4
    assert near.mean() < 0.1


@pytest.mark.parametrize("name", FORMATS)
def test_media_are_pcm_at_48_khz_under_names_that_every_system_takes(tmp_path, desk, name):
    report = desk.hand_off(project(full_timeline()), Options(name), tmp_path)
    files = sorted(report.media_folder.iterdir())
    assert len(files) == (5 if FORMATS[name].mutes else 4)
    for file in files:
        info = probe(file)
        assert (info.codec, info.sample_rate) == ("pcm_s24le", 48_000)
        assert not set('<>:"/\\|?*') & set(file.name)
    assert {file.name for file in files} >= {"Zwei ünï.wav", "Bed – ღამე.wav", "Emma & friends 1.wav"}
    assert {file.suffix for file in tmp_path.iterdir() if file.is_file()} == {FORMATS[name].suffix, ".txt", ".json"}
    text = (tmp_path / f"Intro ({name}) report.txt").read_text(encoding="utf-8")
    assert "no difference" in text
    assert "Nobody has opened it in an editor yet." in text


def test_handles_reach_as_far_as_asked_and_as_there_is(tmp_path, desk):
    inner = clip(VOICE, 0, 4, 1, id="inner")
    first = clip(VOICE, 3 * S, 0, 1, id="first")
    timeline = Timeline("t", "Main", (Track("x", "Voice", clips=(inner, first)),))
    report = desk.hand_off(project(timeline), Options("fcpxml", handles=1.5), tmp_path)
    cuts = report.plan.lanes[0].cuts
    lengths = [read_sound(report.media_folder / cut.piece.name).duration for cut in cuts]
    assert lengths == [1 + 2 * 38 / 25, 1 + 38 / 25]
    assert [cut.source_start for cut in cuts] == [38, 0]
    sound = read_sound(report.media_folder / cuts[0].piece.name).samples[0]
    original = read_sound(desk.files["m1"], 48_000).samples[0]
    begin = 4 * 48_000 - 38 * 1920
    assert np.abs(sound - original[begin : begin + len(sound)]).max() < 1e-5


def test_whole_media_are_there_once(tmp_path, desk):
    plain = tuple(clip(VOICE, at * 2 * S + 999, at, 1, id=f"c{at}") for at in range(3))
    timeline = Timeline("t", "Main", (Track("x", "Voice", clips=plain),))
    report = desk.hand_off(project(timeline), Options("edl", whole=True), tmp_path)
    (file,) = report.media_folder.iterdir()
    assert read_sound(file).duration == pytest.approx(12, abs=0.05)
    assert report.differences == ()
    assert [cut.source_start for cut in report.plan.lanes[0].cuts] == [0, 25, 50]


def test_hundreds_of_cuts_from_one_place_are_all_written(tmp_path, desk):
    """More than a process may have open: a sound effect that is heard again and again."""
    short = tuple(clip(VOICE, at * S, 11.98, 0.02, id=f"c{at}") for at in range(230))
    timeline = Timeline("t", "Main", (Track("x", "Voice", clips=short),))
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (300, limits[1]))
    try:
        report = desk.hand_off(project(timeline), Options("otio", handles=0.1), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
    files = list(report.media_folder.iterdir())
    assert len(files) == 230
    assert max(file.stat().st_size for file in files) - min(file.stat().st_size for file in files) < 20, (
        "but for titles"
    )
    assert report.differences == ()


def test_missing_media_are_offline_clips_and_named(tmp_path, desk):
    gone = replace(VOICE, id="gone", asset=AssetReference("gone", "0" * 64, "old/lost.wav"), name="Lost one")
    timeline = Timeline(
        "t",
        "Main",
        (Track("x", "Voice", clips=(clip(gone, 0, 1, 1, id="lost"), clip(VOICE, 2 * S, 1, 1, id="there"))),),
    )
    for name in FORMATS:
        report = desk.hand_off(project(timeline, (VOICE, gone)), Options(name), tmp_path)
        assert report.differences == (), name
        (note,) = [note for note in report.notes if note.kind == "offline"]
        assert "old/lost.wav" in note.text
        assert len(list(report.media_folder.iterdir())) == 1
        assert [cut.piece.name for cut in report.plan.lanes[0].cuts] == ["Lost one.wav", "Emma & friends 1.wav"]


def test_a_second_export_keeps_names_and_files(tmp_path, desk):
    """The editor relinks: what did not change is not written, what changed has its old name."""
    timeline = full_timeline()
    first = desk.hand_off(project(timeline), Options("fcpxml"), tmp_path)
    assert len(first.written) == 5
    before = {file.name: file.stat() for file in first.media_folder.iterdir()}
    speech, music = timeline.tracks
    moved = tuple(replace(one, start=one.start + 4 * S) for one in speech.clips[2:])
    longer = replace(speech.clips[0], name="Another name")
    new = clip(VOICE, 8 * S, 9, 1, id="new", name="Zwei / ünï")
    changed = replace(speech, clips=(longer, speech.clips[1], new, moved[0]))
    bed = replace(music.clips[0], source_start=music.clips[0].source_start + 48_000)
    music = replace(music, clips=(bed,))
    second = desk.hand_off(project(replace(timeline, tracks=(changed, music))), Options("fcpxml"), tmp_path)
    assert second.differences == ()
    assert second.timeline_files == first.timeline_files
    assert second.written == ("Zwei ünï (2).wav",)
    assert second.changed == ("Bed – ღამე.wav",)
    assert len(second.same) == 3
    assert len(second.unused) == 1
    after = {file.name: file.stat() for file in second.media_folder.iterdir()}
    assert before.keys() <= after.keys(), "nothing is deleted"
    for name in (*second.same, *second.unused):
        assert after[name].st_mtime_ns == before[name].st_mtime_ns
    text = (tmp_path / "Intro (fcpxml) report.txt").read_text(encoding="utf-8")
    assert "changed, under the same name: Bed" in text
    assert "no longer used, still there" in text


def test_what_others_changed_is_put_aside_and_what_is_theirs_stays(tmp_path, desk):
    timeline = Timeline("t", "Main", (Track("x", "Voice", clips=(clip(VOICE, 0, 1, 1, id="a"),)),))
    (tmp_path / "Intro.otio").write_text("somebody else's")
    first = desk.hand_off(project(timeline), Options("otio"), tmp_path)
    assert [file.name for file in first.timeline_files] == ["Intro (2).otio"]
    assert (tmp_path / "Intro.otio").read_text() == "somebody else's"
    (file,) = first.media_folder.iterdir()
    file.write_bytes(b"edited elsewhere")
    first.timeline_files[0].write_text("edited too")
    second = desk.hand_off(project(timeline), Options("otio"), tmp_path)
    assert set(second.put_aside) == {f"{file.stem} (changed 1).wav", "Intro (2) (changed 1).otio"}
    assert file.with_name(f"{file.stem} (changed 1).wav").read_bytes() == b"edited elsewhere"
    assert second.differences == ()
    assert probe(file).codec == "pcm_s24le"
    other = replace(timeline, id="another", name="Main")
    third = desk.hand_off(project(other), Options("otio"), tmp_path)
    assert [file.name for file in third.timeline_files] == ["Intro (3).otio"]


def test_a_report_that_is_no_report_is_said(tmp_path, desk):
    (tmp_path / "Intro (otio) report.json").write_text("[1, 2")
    with pytest.raises(UnreadableMedia, match=r"report\.json is not a report"):
        desk.hand_off(project(full_timeline()), Options("otio"), tmp_path)


def test_captions_lie_beside_it(tmp_path, desk):
    words = (TakeWord("Hello", 0, 5, 44_100, 66_150), TakeWord("there.", 6, 12, 66_150, 88_200))
    take = Take("take", "line", VOICE.asset, "key", "Hello there.", VoiceChoice("tone"), 12 * 44_100, 44_100, words)
    one = clip(VOICE, 10 * S, 1, 3, id="one", take="take", line="line")
    timeline = Timeline("t", "Main", (Track("x", "Voice", clips=(one,)),))
    document = replace(project(timeline), takes=(take,))
    report = desk.hand_off(document, Options("otio"), tmp_path)
    assert [path.name for path in report.captions] == ["Intro.srt", "Intro.vtt"]
    assert "00:00:10,000 --> 00:00:11" in report.captions[0].read_text(encoding="utf-8")
    assert "Hello there." in report.captions[1].read_text(encoding="utf-8")


def test_captions_of_a_recording_that_was_listened_to(tmp_path, desk):
    words = (TakeWord("Once", 0, 4, 44_100, 66_150), TakeWord("upon", 5, 9, 66_150, 88_200))
    heard = Transcript(VOICE.id, "en", "Once upon", words)
    cut = clip(VOICE, 10 * S, 1.5, 3, id="one")
    timeline = Timeline("t", "Main", (Track("x", "Voice", clips=(cut,)),))
    report = desk.hand_off(replace(project(timeline), transcripts=(heard,)), Options("otio"), tmp_path)
    text = report.captions[0].read_text(encoding="utf-8")
    assert "00:00:10,000 --> 00:00:11" in text
    assert "upon" in text
    assert "Once" not in text, "that was cut away"


def test_captions_end_with_the_line_of_the_script(tmp_path, desk):
    def take(line, text):
        words = (TakeWord(text, 0, len(text), 0, 22_050),)
        return Take(f"take {line}", line, VOICE.asset, "key", text, VoiceChoice("tone"), 12 * 44_100, 44_100, words)

    clips = [
        clip(VOICE, at * S, 0, 1, id=line, take=f"take {line}", line=line) for at, line in enumerate(("one", "two"))
    ]
    timeline = Timeline("t", "Main", (Track("x", "Voice", clips=tuple(clips)),))
    document = replace(project(timeline), takes=(take("one", "Welcome"), take("two", "Hello")))
    report = desk.hand_off(document, Options("otio"), tmp_path)
    assert "Welcome\n\n" in report.captions[0].read_text(encoding="utf-8")


def test_what_was_heard_in_music_and_effects_is_no_caption(tmp_path, desk):
    heard = Transcript(BED.id, "en", "I'm", (TakeWord("I'm", 0, 3, BED.sample_rate, 2 * BED.sample_rate),))
    for content in ("music", "effects", "speech", "other"):
        track = Track("x", "Bed", content=content, clips=(clip(BED, 0, 0, 3, id="one"),))
        document = replace(project(Timeline("t", "Main", (track,))), transcripts=(heard,))
        report = desk.hand_off(document, Options("otio"), tmp_path / content)
        assert bool(report.captions) == (content in ("speech", "other")), content
        assert ("Captions: Intro.srt and Intro.vtt" in report.text()) == bool(report.captions)
        assert "1 track, 1 clip, 0 markers" in report.text()


def test_too_loud_is_told(tmp_path, desk):
    loud = clip(VOICE, 0, 1, 2, gain=24.0, id="loud")
    timeline = Timeline("t", "Main", (Track("x", "Voice", clips=(loud,)),))
    report = desk.hand_off(project(timeline), Options("edl"), tmp_path)
    assert any("louder than a file can hold" in note.text for note in report.notes)


def test_the_report_says_all_this_in_json(tmp_path, desk):
    report = desk.hand_off(project(full_timeline()), Options("aaf", "other"), tmp_path)
    data = json.loads((tmp_path / "Intro (aaf) report.json").read_text(encoding="utf-8"))
    assert data["read_back"] == {"by": report.reader, "differences": []}
    assert data["opened_in_an_editor"] is False
    assert {note["kind"] for note in data["notes"]} == {"baked", "left out"}


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="permissions")
def test_a_folder_that_cannot_be_written_is_said(tmp_path, desk):
    tmp_path.chmod(0o500)
    folder = tmp_path if os.geteuid() else Path("/sys/kernel")  # root may write anywhere but there
    try:
        with pytest.raises(ReadOnly):
            desk.hand_off(project(full_timeline()), Options("otio"), folder)
    finally:
        tmp_path.chmod(0o700)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_said_and_leaves_whole_files_only(tmp_path, desk):
    desk.prepared(VOICE, None), desk.prepared(BED, None)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, limits[1]))
    try:
        with pytest.raises(DiskFull):
            desk.hand_off(project(full_timeline()), Options("otio"), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    for file in tmp_path.rglob("*.wav"):
        read_sound(file)
    assert not (tmp_path / "Intro.otio").exists()
    report = desk.hand_off(project(full_timeline()), Options("otio"), tmp_path)
    assert report.differences == ()
    assert [path.name for path in report.timeline_files] == ["Intro.otio"]


def ended(steps: Generator[float, None, Report]) -> Report:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            report: Report = end.value
            return report


def test_a_cancelled_hand_off_leaves_whole_files_and_no_timeline(tmp_path, desk):
    document = project(full_timeline())

    def mixed(timeline: Timeline, samples: int) -> Iterator[NDArray[np.float32]]:
        yield desk.mix(document, timeline, samples)

    steps = HandOff(desk.source, mixed, plain_file_name, file_key).run(
        document, document.timelines[0], Options("otio"), tmp_path
    )
    shares = [next(steps) for _ in range(4)]
    steps.close()
    assert shares == sorted(shares)
    files = [file for file in tmp_path.rglob("*.*") if file.is_file()]
    assert [file.name for file in files if file.suffix != ".wav"] == ["Intro (otio) report.json"]
    assert not any(file.name.startswith(".") for file in files)
    whole = [file for file in files if file.suffix == ".wav"]
    assert whole
    for file in whole:
        read_sound(file)
    again = HandOff(desk.source, mixed, plain_file_name, file_key).run(
        document, document.timelines[0], Options("otio"), tmp_path
    )
    report = ended(again)
    assert [path.name for path in report.timeline_files] == ["Intro.otio"], "it goes on where it was stopped"
    assert set(report.same) == {file.name for file in whole}
    assert report.put_aside == ()


def test_a_killed_hand_off_goes_on_under_its_names(tmp_path, desk):
    timeline = Timeline("t", "Main", (Track("x", "Voice", clips=(clip(VOICE, 0, 1, 1, id="a"),)),))
    document = project(timeline)
    steps = HandOff(desk.source, lambda *_: iter(()), plain_file_name, file_key).run(
        document, timeline, Options("otio"), tmp_path
    )
    next(steps)
    begun = (tmp_path / "Intro (otio) report.json").read_bytes()
    (name,) = [one[0] for one in json.loads(begun)["kept"]["media"].values()]
    steps.close()
    # what kill -9 leaves: the note from the beginning, media without a record, a timeline without a report
    (tmp_path / "Intro (otio) report.json").write_bytes(begun)
    (tmp_path / "Intro (otio) media" / name).write_bytes(b"whole, but nobody knows")
    (tmp_path / "Intro.otio").write_text("{}")
    report = desk.hand_off(document, Options("otio"), tmp_path)
    assert [path.name for path in report.timeline_files] == ["Intro.otio"]
    assert (report.written, report.put_aside, report.differences) == ((name,), (), ())


def test_a_damaged_medium_is_said(tmp_path):
    broken = Desk(tmp_path / "media" if (tmp_path / "media").mkdir() is None else tmp_path)
    data = broken.files["m1"].read_bytes()
    broken.files["m1"].write_bytes(data[: len(data) // 4])
    one = Timeline("t", "Main", (Track("x", "Voice", clips=(clip(VOICE, 0, 8, 1, id="a"),)),))
    with pytest.raises(UnreadableMedia, match=r"1\.wav is damaged"):
        broken.hand_off(project(one), Options("otio"), tmp_path / "out")


def test_impossible_handles_are_refused(tmp_path, desk):
    with pytest.raises(RequestError, match="Handles"):
        desk.hand_off(project(full_timeline()), Options("otio", handles=-1.0), tmp_path)


def test_finer_lines_stay_the_same():
    line = (levels.Point(0, 0.0), levels.Point(S, -30.0))
    for at, value in levels.finely(line):
        assert value == pytest.approx(-30 * at / S, abs=1e-3)
