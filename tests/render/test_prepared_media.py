import numpy as np
import pytest

from audiostudio.errors import MediaError, MissingMedia
from audiostudio.jobs import Partial
from audiostudio.operations.preparing import conformed, prepare, preparing
from audiostudio.operations.studio import Studio
from audiostudio.render.media import PreparedMedia
from audiostudio.sound.conform import Treatment
from audiostudio.sound.files import Sound, write_sound
from audiostudio.timeline.project import AssetReference, Media
from tests.render.mixing import RATE, channel, clip, drained, effect, noise, rms, tone, track


@pytest.fixture
def studio(profile):
    made = Studio(profile)
    yield made
    made.close()


def test_what_does_not_fit_is_prepared_by_a_job_and_then_heard(bench, studio):
    """One at another rate, one compressed, one cut short, one that is gone, one that holds nothing."""
    folder = bench.folder
    write_sound(folder / "a.mp3", Sound(np.tile(tone(440, 2.0, rate=44_100), (2, 1)), 44_100), "mp3")
    write_sound(folder / "b.wav", Sound(tone(660, 2.0, rate=44_100)[np.newaxis], 44_100))
    write_sound(folder / "c.flac", Sound(noise(1, 3.0), RATE), "flac")
    (folder / "c.flac").write_bytes((folder / "c.flac").read_bytes()[:400_000])
    (folder / "e.ogg").write_bytes(b"OggS" + bytes(500))
    for name in ("a.mp3", "b.wav", "c.flac", "d.wav", "e.ogg"):
        rate = 44_100 if name in ("a.mp3", "b.wav") else RATE
        bench.media.append(Media(name, AssetReference(name, "", name), 2 * rate, rate, 2))
    fits = bench.sound(noise(2))

    def where(media):
        path = folder / media.asset.path
        return path if path.exists() else None

    store = PreparedMedia(where, conformed(studio))
    project = bench.project(*(track(clip(media), name=media.id) for media in bench.media))
    timeline = project.timelines[0]
    bench.open = store
    with bench.mix(project) as mix:
        assert np.array_equal(mix.render(0, RATE), noise(2))
        assert {problem.media for problem in mix.problems} == {"a.mp3", "b.wav", "c.flac", "d.wav", "e.ogg"}
        asked = store.unprepared(project, timeline)
        assert {one.media.id for one in asked} == {"a.mp3", "b.wav", "c.flac", "e.ogg"}
        events = []
        work = prepare(studio, preparing(asked))
        result = drained(work, events.append)
        told = {event.data["media"]: event for event in events if isinstance(event, Partial)}
        assert result["prepared"] == 3
        assert [one["media"] for one in result["refused"]] == ["e.ogg"]
        assert told["b.wav"].data["note"] == ""
        assert "c.flac" in told["c.flac"].data["note"]
        assert store.notes(project, timeline) == [told["c.flac"].data["note"]]
        assert [one.media.id for one in store.unprepared(project, timeline)] == ["e.ogg"]
        mix.retry_media()
        assert rms(mix.render(0, RATE) - noise(2)) > -30
        assert {problem.media for problem in mix.problems} == {"d.wav", "e.ogg"}
    with bench.mix(project, only=["b.wav"]) as mix:
        assert rms(mix.render(0, 2 * RATE)) == pytest.approx(rms(tone(660)), abs=0.1)
    assert fits.id not in {one.media.id for one in asked}


def test_noise_is_taken_off_once_for_each_recording(bench, studio):
    """What a clip or its track asks for; the strongest holds."""
    media = bench.sound(noise(1, 0.5))
    project = bench.project(
        track(clip(media), clip(media, 2 * RATE), name="one", channel=channel(effect("denoise", reduction=12.0))),
        track(clip(media, effects=(effect("denoise", reduction=12.0),)), name="two"),
        track(clip(media), name="three"),
    )
    store = PreparedMedia(lambda one: bench.folder / one.asset.path, conformed(studio))
    asked = store.unprepared(project, project.timelines[0])
    assert [one.treatment for one in asked] == [Treatment(RATE, 12.0)]
    with pytest.raises(MediaError, match="not prepared"):
        store(media, Treatment(RATE, 12.0))


def test_missing_media_say_so(studio):
    store = PreparedMedia(lambda _: None, conformed(studio))
    with pytest.raises(MissingMedia, match="gone"):
        store(Media("x", AssetReference("x", "", "x.wav"), 1, RATE, 1, "Rain"), Treatment(RATE))
