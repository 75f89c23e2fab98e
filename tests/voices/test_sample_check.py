"""Recordings checked and made better by the operations, with all models, judged by what lies in the files."""

import shutil
import sys
import wave
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from audiostudio.errors import RequestError, UnreadableMedia
from audiostudio.jobs import Partial, Progress
from audiostudio.operations.studio import Studio
from audiostudio.operations.voices import check, listening, prepare
from audiostudio.operations.voices.best import Phrase, best
from audiostudio.profile import Profile
from audiostudio.sound.files import Sound, read_sound, write_sound
from audiostudio.sound.loudness import loudness
from tests.voices.recordings import RATE, Clips, Floats, clipped, level, music, up_to, with_noise, with_room

Write = Callable[..., Path]


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[Studio]:
    """One for all, so that the models are loaded once; without speech recognition, which takes longest."""
    profile = Profile(tmp_path_factory.mktemp("samples"))
    profile.models.mkdir()
    for name in ("dnsmos", "speaker-encoder"):
        (profile.models / name).symlink_to(models_dir / name, target_is_directory=True)
    studio = Studio(profile)
    yield studio
    studio.close()


@pytest.fixture
def hearing_studio(speaking_profile: Profile) -> Iterator[Studio]:
    """With speech recognition."""
    studio = Studio(speaking_profile)
    yield studio
    studio.close()


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(name: str, *pieces: Floats, rate: int = RATE) -> Path:
        write_sound(tmp_path / name, Sound(np.concatenate(pieces)[np.newaxis], rate), name.rpartition(".")[2])
        return tmp_path / name

    return written


def silence(seconds: float) -> Floats:
    return np.zeros(round(seconds * RATE), np.float32)


def done(work: Any) -> tuple[dict[str, Any], list[Any]]:
    """The result of an operation, and what it told on the way."""
    told = []
    while True:
        try:
            told.append(next(work))
        except StopIteration as end:
            return end.value, told


def sample(studio: Studio, path: Path, **request: Any) -> dict[str, Any]:
    result, told = done(check.check(studio, {"files": [str(path)], "keep": False} | request))
    assert [one.data for one in told if isinstance(one, Partial)] == result["samples"]
    assert all(0 <= one.fraction <= 1 for one in told if isinstance(one, Progress) and one.fraction is not None)
    return dict(result["samples"][0])


def reasons(found: dict[str, Any]) -> dict[str, str]:
    return {one["measure"]: one["level"] for one in found["findings"] if one["level"] != "good"}


@pytest.mark.long
def test_a_clean_recording_is_good(studio: Studio, write: Write, clips: Clips) -> None:
    found = sample(studio, write("anna.wav", silence(0.5), clips.woman, silence(0.5)), language="en-gb")
    assert (found["verdict"], found["name"], found["speakers"], found["language"]) == ("good", "anna.wav", 1, "")
    assert found["score"] > 90
    assert found["seconds"] == pytest.approx(1 + len(clips.woman) / RATE, abs=0.01)
    assert found["speech"] > 0.8 * len(clips.woman) / RATE
    assert found["dnsmos"] > 2.8
    assert 150 < found["pitch"] < 260
    start, end = found["best"]
    assert 0 <= start < 1
    assert 6 < end - start <= 30


@pytest.mark.long
def test_what_nobody_can_learn_from_is_refused_with_the_reason(studio: Studio, write: Write, clips: Clips) -> None:
    fake = write("x.wav", silence(1)).with_name("program.wav")
    shutil.copyfile(sys.executable, fake)
    for path, measure in (
        (write("silence.wav", silence(8)), "level"),
        (write("music.wav", music(8)), "music"),
        (write("noise.wav", with_noise(silence(8), -25)), "speech"),
        (write("half.wav", clips.woman[: RATE // 2]), "speech"),
        (write("noisy.wav", with_noise(clips.woman[: 8 * RATE], -16)), "snr"),
        (write("clipped.wav", clipped(clips.woman[: 8 * RATE], 24)), "clipped"),
        (fake, "file"),
        (fake.with_name("gone.wav"), "file"),
    ):
        found = sample(studio, path)
        assert found["verdict"] == "refused", path.name
        assert found["score"] <= 25
        assert reasons(found).get(measure) == "refuse", (path.name, found["findings"])
        assert found["findings"][0]["hint"]


@pytest.mark.long
def test_a_telephone_and_a_bare_room_are_told(studio: Studio, write: Write, clips: Clips) -> None:
    call = sample(studio, write("call.wav", up_to(clips.woman, 3400)[::6].copy(), rate=8000))
    assert call["verdict"] == "poor"
    assert call["bandwidth"] <= 4000
    assert reasons(call)["bandwidth"] == "warn"
    room = sample(studio, write("room.wav", with_room(clips.woman, 0.8, 0)))
    assert room["verdict"] in ("usable", "poor"), room["findings"]
    assert reasons(room)["reverberation"] == "warn"
    over = clips.woman + music(14)[: len(clips.woman)] * np.float32(level(clips.woman))
    assert "music" in reasons(sample(studio, write("over.wav", over)))


@pytest.mark.long
def test_two_speakers_are_refused_and_the_best_part_has_one(studio: Studio, write: Write, clips: Clips) -> None:
    path = write("two.wav", clips.woman, silence(0.6), clips.man)
    found = sample(studio, path)
    assert found["verdict"] == "refused"
    assert reasons(found)["speakers"] == "refuse"
    turn = len(clips.woman) / RATE
    assert found["others"][0][0] == pytest.approx(turn, abs=2.0)
    assert "best" in found["offers"]
    assert found["best"][1] < turn + 0.5
    result, _ = done(prepare.prepare(studio, {"file": str(path), "offers": ["best"]}))
    assert result["sample"]["speakers"] == 1
    assert result["sample"]["verdict"] != "refused"
    assert result["before"]["verdict"] == "refused"


def test_noise_in_the_pauses_is_nobodys_voice(studio: Studio, write: Write, clips: Clips) -> None:
    quiet = np.concatenate([silence(2), clips.woman * np.float32(0.05), silence(4)])
    assert sample(studio, write("noise.wav", with_noise(quiet, -62)))["speakers"] == 1


@pytest.mark.long
def test_another_language_warns(hearing_studio: Studio, write: Write, clips: Clips) -> None:
    found = sample(hearing_studio, write("es.wav", clips.spanish), language="en-us")
    assert found["language"] == "es"
    assert reasons(found)["language"] == "warn"
    assert any("Spanish, not English" in one["sentence"] for one in found["findings"])


@pytest.mark.long
def test_all_samples_together(studio: Studio, write: Write, clips: Clips) -> None:
    half = len(clips.woman) // 2
    own = [write("1.wav", clips.woman[:half]), write("2.wav", clips.woman[half:])]
    files = [str(path) for path in [*own, write("none.wav", silence(3))]]
    result, told = done(check.check(studio, {"files": files, "keep": True}))
    assert [one.data["name"] for one in told if isinstance(one, Partial)] == ["1.wav", "2.wav", "none.wav"]
    assert result["together"]["speakers_agree"] is True
    assert result["together"]["verdict"] == "usable"
    assert result["together"]["seconds"] == pytest.approx(sum(one["speech"] for one in result["samples"]), abs=0.1)
    stranger = write("stranger.wav", clips.man)
    again, told = done(check.check(studio, {"files": [*files, str(stranger)], "keep": True}))
    assert again["together"]["speakers_agree"] is False
    assert "stranger.wav" in again["together"]["sentence"]
    assert again["samples"][:2] == result["samples"][:2]
    heard = {one.message for one in told if isinstance(one, Progress)}
    assert not [message for message in heard if "1.wav" in message], "what was kept is not listened to again"
    write("1.wav", clips.man)
    changed, _ = done(check.check(studio, {"files": files[:1], "keep": True}))
    assert changed["samples"][0] != result["samples"][0], "another file of the same name is"


def test_of_a_long_recording_only_the_beginning_is_heard(
    studio: Studio, write: Write, clips: Clips, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "MOST_SPEECH", 6.0)
    path = write("long.wav", *[clips.woman] * 4)
    listener = listening.Listener(studio)
    found, _ = done(listener.listen(path))
    assert found.measures.seconds == pytest.approx(4 * len(clips.woman) / RATE, abs=0.1)
    assert 6 <= found.measures.looked < 12
    assert found.best is not None
    assert found.best[1] <= found.measures.looked + 0.2


def test_the_sound_of_a_film_may_end_before_its_picture(studio: Studio, tmp_path: Path, clips: Clips) -> None:
    path = tmp_path / "film.mp4"
    with av.open(str(path), "w") as film:
        picture = film.add_stream("libx264", rate=5)
        picture.width, picture.height, picture.pix_fmt = 64, 64, "yuv420p"
        sound = film.add_stream("aac", rate=RATE, layout="mono")
        for number in range(12 * 5):
            frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), number, np.uint8), "rgb24")
            film.mux(picture.encode(frame))
        film.mux(picture.encode(None))
        frame = av.AudioFrame.from_ndarray(clips.woman[np.newaxis, : 7 * RATE], "fltp", "mono")
        frame.sample_rate = RATE
        film.mux(sound.encode(frame))
        film.mux(sound.encode(None))
    found = sample(studio, path)
    assert found["seconds"] == pytest.approx(7, abs=0.1)
    assert found["speech"] > 5
    assert "seconds" not in reasons(found)


def test_a_file_that_was_cut_short_is_judged_as_far_as_it_goes(studio: Studio, write: Write, clips: Clips) -> None:
    path = write("cut.wav", clips.woman)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    found = sample(studio, path)
    assert reasons(found).get("file") == "warn"
    assert found["speech"] > 4


@pytest.mark.long
def test_offers_make_it_better_and_keep_the_original(studio: Studio, write: Write, clips: Clips) -> None:
    quiet = np.concatenate([silence(3), clips.woman[: 7 * RATE], silence(4), clips.woman[7 * RATE :]])
    path = write("own.flac", with_noise(quiet * np.float32(0.2), -52))
    original = path.read_bytes()
    request = {"file": str(path), "offers": ["normalise", "denoise", "trim"]}
    result, told = done(prepare.prepare(studio, request))
    assert {"trim", "denoise", "normalise"} <= set(result["before"]["offers"])
    assert path.read_bytes() == original
    made = read_sound(Path(result["path"]))
    assert (made.sample_rate, made.channels) == (RATE, 1)
    assert made.duration < len(quiet) / RATE - 5
    assert loudness(made).integrated == pytest.approx(-23, abs=0.5)
    assert result["sample"]["snr"] > result["before"]["snr"] + 10
    assert result["sample"]["score"] > result["before"]["score"]
    assert result["sample"]["offers"] == []
    fractions = [one.fraction for one in told if isinstance(one, Progress) and one.fraction is not None]
    assert fractions == sorted(fractions)
    again, _ = done(prepare.prepare(studio, request))
    assert again == result


@pytest.mark.long
def test_what_is_trimmed_is_the_sound_itself(studio: Studio, write: Write, clips: Clips) -> None:
    """Cut, not changed: each sample of the result lies in the original."""
    path = write("trim.wav", silence(2), clips.woman[: 6 * RATE], silence(3))
    whole = read_sound(path).samples[0]
    result, _ = done(prepare.prepare(studio, {"file": str(path), "offers": ["trim"]}))
    made = read_sound(Path(result["path"])).samples[0]
    assert 5 * RATE < len(made) < 7 * RATE
    piece = made[2 * RATE : 2 * RATE + 4000]
    squares = np.convolve(whole**2, np.ones(len(piece)), "valid")
    at = int(np.argmin(squares - 2 * np.correlate(whole, piece, "valid")))
    np.testing.assert_allclose(whole[at : at + 4000], piece, atol=1e-6)


def test_what_cannot_be_prepared_says_why(studio: Studio, write: Write) -> None:
    path = write("empty.wav", silence(2))
    with pytest.raises(UnreadableMedia, match="nothing to hear"):
        done(prepare.prepare(studio, {"file": str(path), "offers": ["trim"]}))
    for offers in ([], ["polish"]):
        with pytest.raises(RequestError):
            done(prepare.prepare(studio, {"file": str(path), "offers": offers}))


def test_a_bad_wav_header_is_no_sound(studio: Studio, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "empty.wav"), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
    (tmp_path / "text.mp3").write_text("This is no sound.")
    for name in ("empty.wav", "text.mp3"):
        assert sample(studio, tmp_path / name)["verdict"] == "refused"


def test_the_best_part_is_whole_phrases_of_worth() -> None:
    phrases = [
        Phrase(0.0, 4.0, 0.2),
        Phrase(5.0, 12.0, 0.9),
        Phrase(12.5, 18.0, 0.9),
        Phrase(19.0, 22.0, 0.0),
        Phrase(23.0, 30.0, 0.8),
    ]
    (start, end), *_ = best(phrases, 14.0)
    assert (start, end) == pytest.approx((4.85, 18.15))
    (start, end), *_ = best(phrases, 8.0)
    assert (start, end) == pytest.approx((4.85, 12.15))
    assert best([Phrase(1.0, 60.0, 0.5)], 30.0) == [pytest.approx((0.85, 30.85))]
    assert best([], 30.0) == []
    assert best([Phrase(0.0, 5.0, 0.0)], 30.0) == []
