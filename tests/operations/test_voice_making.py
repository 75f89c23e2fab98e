"""From recordings to a voice: agreed to, learnt, kept, used, learnt again, shared. With real speech and real ears."""

import json
import os
import signal
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiostudio.engines.base import SpeechChunk, SpeechSettings
from audiostudio.engines.watermark import Watermarker
from audiostudio.errors import (
    EngineUnavailable,
    KeyNeeded,
    NotFound,
    RequestError,
    UnknownVoice,
    UnreadableMedia,
    UnsupportedSetting,
    WorkerDied,
)
from audiostudio.jobs import Job, JsonObject, Partial, Progress
from audiostudio.jobs.runner import Runner
from audiostudio.jobs.store import MemoryStore
from audiostudio.library import AssetSource
from audiostudio.operations import OPERATIONS
from audiostudio.operations.studio import Studio, worker_command
from audiostudio.operations.voices import consent
from audiostudio.operations.voices.keeping import find, voice_id
from audiostudio.operations.voices.usage import Usage, usage
from audiostudio.profile import Profile
from audiostudio.script.reading import read
from audiostudio.sound.files import Sound, SoundWriter, read_sound, write_sound
from audiostudio.sound.resample import resample
from tests.operations.learner import MANIFEST
from tests.voices.recordings import Clips

pytestmark = [pytest.mark.models, pytest.mark.long]

RATE = 48_000
PERMISSION = {
    "whose": "permission", "person": "Nina Berg", "date": "2025-11-02", "scope": "Audiobooks",
    "statement": "I agree that you make a voice of my recordings.",
}  # fmt: skip


def profile_with(models: Path, root: Path) -> Profile:
    """With an engine that learns at once."""
    profile = Profile(root)
    profile.engines.mkdir(parents=True)
    profile.models.symlink_to(models, target_is_directory=True)
    (profile.engines / "learner.json").write_text(json.dumps(MANIFEST))
    return profile


@pytest.fixture(scope="module")
def studio(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """One for all: what listens is loaded once. Every test has voices of its own."""
    studio = Studio(profile_with(models_dir, tmp_path_factory.mktemp("making") / "profile"))
    yield studio
    studio.close()


@pytest.fixture(scope="module")
def recordings(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Samples of a woman and of a man, silence, and a phrase that the woman speaks."""
    folder = tmp_path_factory.mktemp("recordings")
    clips = Clips(studio.engines)
    sounds = {"woman": clips.woman, "man": clips.man, "silence": np.zeros(8 * RATE, np.float32)}
    for name, sound in sounds.items():
        write_sound(folder / f"{name}.wav", Sound(sound[np.newaxis], RATE))
    return {name: folder / f"{name}.wav" for name in sounds}


@pytest.fixture(scope="module")
def nina(studio: Studio, recordings: dict[str, Path]) -> str:
    """The id of a voice; it may be made again."""
    return str(do(studio, "voice.create", **asked("Nina", recordings["woman"]))["voice"])


def spoken(studio: Studio, text: str, path: Path) -> Path:
    """The woman says it."""
    chunks = list(studio.engines.load("hibari").speak(read(text, "en-us"), SpeechSettings("hibari_heart")))
    audio = np.concatenate([chunk.audio for chunk in chunks])
    write_sound(path, Sound(resample(audio[np.newaxis], chunks[0].sample_rate, RATE), RATE))
    return path


def run(work: Generator[Progress | Partial, None, JsonObject]) -> JsonObject:
    fractions: list[float] = []
    while True:
        try:
            event = next(work)
        except StopIteration as end:
            assert fractions == sorted(fractions)
            found: JsonObject = end.value
            json.dumps(found)
            return found
        if isinstance(event, Progress) and event.fraction is not None:
            fractions.append(event.fraction)


def do(studio: Studio, operation: str, **request: Any) -> JsonObject:
    return run(OPERATIONS[operation].body(studio, request))


def asked(name: str, *samples: Path, **more: Any) -> JsonObject:
    given = [{"path": str(path), "name": path.name} for path in samples]
    return {"name": name, "engine": "learner", "language": "en-us", "samples": given, "consent": PERMISSION, **more}


def nothing_in_the_making(studio: Studio) -> bool:
    return not list(studio.profile.voices.glob(".new-*"))


def test_ones_own_voice_from_the_phrase_to_the_library(
    studio: Studio, recordings: dict[str, Path], tmp_path: Path
) -> None:
    phrase = consent.issue(studio, "en-us", "Nina Berg")
    recording = spoken(studio, phrase["text"], tmp_path / "phrase.wav")
    given = {
        "whose": "own",
        "person": "Nina Berg",
        "scope": "My films",
        "phrase": phrase["id"],
        "recording": str(recording),
    }
    card = {"description": "Calm", "tags": ["calm", "calm", " "]}
    made = do(studio, "voice.create", **asked("Own Nina", recordings["woman"], consent=given, card=card))
    kept = studio.voices.get(made["voice"])
    assert (kept.card.name, kept.card.tags, kept.card.gender) == ("Own Nina", ("calm",), "female")
    assert kept.voice.consent.statement == phrase["text"]
    assert kept.voice.consent.agreement > 0.9
    assert kept.voice.consent.similarity > 0.85
    assert kept.voice.rights.licence == "Learner licence AND yours"
    assert kept.voice.rights.commercial is False
    found = kept.voice.found
    assert 150 < found["pitch_low"] < found["pitch"] < found["pitch_high"] < 350
    assert 1.5 < found["rate"] < 5
    folder = studio.voices.path(kept.voice.id)
    assert read_sound(folder / kept.voice.samples[0].file).duration == pytest.approx(
        kept.voice.samples[0].seconds, 1e-3
    )
    assert read_sound(folder / kept.voice.consent.recording).duration > 3
    studio.voices.verify(kept.voice.id)
    assert nothing_in_the_making(studio)

    again = do(studio, "voice.create", **asked("Own Nina again", recordings["woman"], consent=given))
    assert [one["voice"] for one in again["alike"]] == [made["voice"]]
    other = spoken(studio, phrase["text"] + " And more.", tmp_path / "other.wav")
    with pytest.raises(RequestError, match="already used with another recording"):
        do(studio, "voice.create", **asked("X", recordings["woman"], consent=given | {"recording": str(other)}))

    assert voice_id(studio, "own nina") == made["voice"]
    assert usage(studio, made["voice"]) == Usage(0, None)
    lines = [{"line": "l1", "text": "Good morning.", "voice": made["voice"], "speed": 1.0, "pitch": 0.0}]
    take = studio.library.get(do(studio, "speech.generate", name="Morning", lines=lines)["asset"])
    assert take.rights.commercial is False
    used = usage(studio, made["voice"])
    assert used.count == 1
    assert used.last is not None


@pytest.mark.parametrize(
    "case", ["other words", "silence", "a sample", "an older phrase", "another speaker", "a clone"]
)
def test_what_is_no_consent_is_refused_with_its_reason(
    studio: Studio, recordings: dict[str, Path], tmp_path: Path, case: str
) -> None:
    phrase = consent.issue(studio, "en-us")
    samples, recording = [str(recordings["woman"])], tmp_path / "phrase.wav"
    reason = {
        "other words": "does not say the phrase",
        "silence": "Nothing is said",
        "a sample": "is one of the samples",
        "an older phrase": "These words of the phrase were not heard",
        "another speaker": "by another voice than the samples",
        "a clone": "by a cloned voice",
    }[case]
    if case == "other words":
        spoken(studio, "Please make a voice for me, whatever it takes, and make it soon.", recording)
    elif case == "silence":
        recording = recordings["silence"]
    elif case == "a sample":
        recording = recordings["woman"]
    elif case == "an older phrase":
        before = phrase["text"]
        phrase = consent.issue(studio, "en-us")
        while set(words_of(phrase)) & set(words_of({"text": before})):
            phrase = consent.issue(studio, "en-us")
        spoken(studio, before, recording)
    else:
        spoken(studio, phrase["text"], recording)
        if case == "a clone":
            marked_again(studio, recording)
        else:
            samples = [str(recordings["man"])]
    answer = do(studio, "voice.consent", phrase=phrase["id"], recording=str(recording), samples=samples)
    assert not answer["accepted"]
    assert reason in answer["sentence"]
    assert answer["hint"]


def marked_again(studio: Studio, path: Path) -> None:
    """What a cloned voice would have said: with the mark."""
    sound = read_sound(path)
    chunk = SpeechChunk(np.ascontiguousarray(sound.samples[0]), sound.sample_rate, 0)
    audio = np.concatenate([one.audio for one in Watermarker(studio.models).mark(iter([chunk]))])
    write_sound(path, Sound(audio[np.newaxis], sound.sample_rate))


def words_of(phrase: JsonObject) -> list[str]:
    return [one.strip(" .") for one in phrase["text"].rpartition(":")[2].split(",")]


@pytest.mark.long
def test_a_sample_that_cannot_work_is_refused_with_its_reason(studio: Studio, recordings: dict[str, Path]) -> None:
    count = len(studio.voices.voices())
    with pytest.raises(RequestError, match=r"^silence\.wav: .+"):
        do(studio, "voice.create", **asked("Silent", recordings["silence"]))
    with pytest.raises(RequestError, match="somebody else"):
        do(studio, "voice.create", **asked("Two", recordings["woman"], recordings["man"]))
    assert len(studio.voices.voices()) == count
    assert nothing_in_the_making(studio)


@pytest.mark.long
def test_a_permission_goes_with_the_voice(studio: Studio, recordings: dict[str, Path], tmp_path: Path) -> None:
    document = tmp_path / "Permission.PDF"
    document.write_bytes(b"%PDF-1.7 I agree.")
    given = {**PERMISSION, "statement": "", "document": str(document), "commercial": True}
    made = do(studio, "voice.create", **asked("Permitted", recordings["woman"], consent=given, keep_samples=False))
    kept = studio.voices.get(made["voice"])
    assert (studio.voices.path(kept.voice.id) / kept.voice.consent.document).read_bytes() == document.read_bytes()
    assert kept.voice.rights.licence == "Learner licence AND by permission of Nina Berg"
    assert kept.voice.samples[0].file == ""
    assert not list(studio.voices.path(kept.voice.id).rglob("*.flac"))


def test_learnt_again_with_more_of_the_same_person(
    studio: Studio, nina: str, recordings: dict[str, Path], models_dir: Path, tmp_path: Path
) -> None:
    before = studio.voices.get(nina)
    do(studio, "voice.share", voice=nina, path=str(tmp_path / "1.asvoice"), samples=False)
    text = "Whenever it rains in the mountains, the river carries branches and stones past our little house."
    more = spoken(studio, text, tmp_path / "more.wav")
    again = do(studio, "voice.retrain", voice=nina, samples=[{"path": str(more), "name": "more.wav"}])
    assert (again["revision"], again["voice"]) == (before.voice.revision + 1, nina)
    kept = studio.voices.get(nina)
    assert [one.name for one in kept.voice.samples] == [*(one.name for one in before.voice.samples), "more.wav"]
    assert kept.voice.made_by["samples"] == len(before.voice.samples) + 1
    assert kept.voice.consent == before.voice.consent
    with pytest.raises(RequestError, match="another speaker"):
        do(studio, "voice.retrain", voice=nina, samples=[{"path": str(recordings["man"]), "name": "man.wav"}])
    assert studio.voices.get(nina) == kept

    do(studio, "voice.share", voice=nina, path=str(tmp_path / "2.asvoice"), samples=False)
    there = Studio(profile_with(models_dir, tmp_path / "there"))
    for name, known, revision in (("1", False, 0), ("2", False, 1), ("1", True, 1)):
        brought = do(there, "voice.import", path=str(tmp_path / f"{name}.asvoice"))
        assert (brought["known"], brought["revision"]) == (known, before.voice.revision + revision)
    assert len(there.voices.voices()) == 1
    there.close()


def test_cancelled_while_it_learns_nothing_is_left(studio: Studio, recordings: dict[str, Path]) -> None:
    request = asked("Cancelled", recordings["woman"], options={"hold": "1"})
    work = OPERATIONS["voice.create"].body(studio, request)
    assert any(isinstance(event, Progress) and event.message == "Holding" for event in work)
    work.close()
    assert "Cancelled" not in [one.card.name for one in studio.voices.voices()]
    assert nothing_in_the_making(studio)


def test_killed_while_it_learns_the_worker_is_told_and_swept_up(studio: Studio, recordings: dict[str, Path]) -> None:
    runner = Runner(OPERATIONS, lambda: studio, worker_command(studio.profile), MemoryStore())
    try:
        request = asked("Killed", recordings["woman"], options={"hold": "1"})
        handle = runner.submit(Job("voice.create", request, "Make a voice"))
        for event in handle.events():
            if isinstance(event, Progress) and event.message == "Holding":
                os.kill(worker_pid(), signal.SIGKILL)
                break
        outcome = handle.wait()
        assert isinstance(outcome.error, WorkerDied)
    finally:
        runner.close()
    assert "Killed" not in [one.card.name for one in Studio(studio.profile).voices.voices()]
    with studio.voices.new():
        pass
    assert nothing_in_the_making(studio)


def worker_pid() -> int:
    for path in Path("/proc/self/task").glob("*/children"):
        for pid in path.read_text().split():
            if b"audiostudio.worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(pid)
    raise AssertionError("no worker runs")


def test_shared_and_imported_it_speaks_elsewhere(studio: Studio, nina: str, models_dir: Path, tmp_path: Path) -> None:
    picture = tmp_path / "nina.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    kept = studio.voices.set_picture(nina, picture)
    file = tmp_path / "Shared.asvoice"
    do(studio, "voice.share", voice=nina, path=str(file), samples=True)
    assert do(studio, "voice.import", path=str(file))["known"]

    there = Studio(profile_with(models_dir, tmp_path / "there"))
    brought = do(there, "voice.import", path=str(file))
    assert (brought["voice"], brought["known"], brought["person"]) == (nina, False, "Nina Berg")
    assert brought["rights"] == kept.voice.rights.to_json()
    assert brought["signer"] == kept.signer
    assert brought["samples"] == len(kept.voice.samples)
    brought_picture = there.voices.picture(nina)
    assert brought_picture is not None
    assert brought_picture.read_bytes() == picture.read_bytes()
    do(
        there,
        "speech.file",
        text="Hello.",
        voice=nina,
        output=str(tmp_path / "o.wav"),
        format="wav",
        captions=[],
    )
    assert read_sound(tmp_path / "o.wav").duration > 0.1
    assert do(there, "voice.import", path=str(file))["known"]
    there.voices.throw_away(nina)
    with pytest.raises(RequestError, match="lies in the bin"):
        do(there, "voice.import", path=str(file))
    there.close()

    (tmp_path / "there" / "engines" / "learner.json").unlink()
    without = Studio(Profile(tmp_path / "there"))
    with pytest.raises(EngineUnavailable, match="“learner”, which is not here"):
        do(without, "voice.import", path=str(file))
    without.close()


def test_a_recording_is_said_again_in_the_voice(studio: Studio, nina: str, recordings: dict[str, Path]) -> None:
    before_it = usage(studio, nina).count
    said = do(studio, "voice.convert", file=str(recordings["man"]), voice=nina)
    asset = studio.library.get(said["asset"])
    before, after = read_sound(recordings["man"]), read_sound(asset.path)
    assert after.samples.shape == before.samples.shape
    assert np.abs(after.samples - before.samples / 2).max() < 1e-3
    assert (asset.source, asset.name) == (AssetSource.CLONED, "man – Nina")
    assert asset.rights.licence == "Learner licence AND by permission of Nina Berg"
    assert usage(studio, nina).count == before_it + 1


def test_no_recording_is_said_again_in_part(studio: Studio, nina: str, tmp_path: Path) -> None:
    long = tmp_path / "long.wav"
    with SoundWriter(long, 8000, 1, "wav") as writer:
        for _ in range(601):
            writer.write(np.zeros((1, 8000), np.float32))
    with pytest.raises(RequestError, match=r"long\.wav is too long"):
        do(studio, "voice.convert", file=str(long), voice=nina)


WRONG: dict[str, tuple[Callable[[JsonObject], JsonObject], type[Exception], str]] = {
    "no name": (lambda one: one | {"name": "  "}, RequestError, "cannot be the name"),
    "a name like a mix": (lambda one: one | {"name": "a:1+b:2"}, RequestError, "cannot be the name"),
    "an engine that cannot": (lambda one: one | {"engine": "hibari"}, UnsupportedSetting, "cannot make a voice"),
    "no engine": (lambda one: one | {"engine": "nothing"}, NotFound, "no engine"),
    "no samples": (lambda one: one | {"samples": []}, RequestError, "0 samples"),
    "a language it does not speak": (lambda one: one | {"language": "ka"}, RequestError, "does not speak Georgian"),
    "no consent": (lambda one: one | {"consent": {}}, RequestError, "whose voice"),
    "no consent at all": (lambda one: one | {"consent": None}, RequestError, "not written as it should be"),
    "nobody's": (lambda one: one | {"consent": PERMISSION | {"person": " "}}, RequestError, "lacks “person”"),
    "no day": (lambda one: one | {"consent": PERMISSION | {"date": ""}}, RequestError, "lacks “date”"),
    "no real day": (lambda one: one | {"consent": PERMISSION | {"date": "soon"}}, RequestError, "“soon” is no date"),
    "a day to come": (lambda one: one | {"consent": PERMISSION | {"date": "2999-01-01"}}, RequestError, "day to come"),
    "no scope": (lambda one: one | {"consent": PERMISSION | {"scope": ""}}, RequestError, "lacks “scope”"),
    "no words": (lambda one: one | {"consent": PERMISSION | {"statement": "ok"}}, RequestError, "needs a document"),
    "no phrase": (lambda one: one | {"consent": {"whose": "own", "person": "N"}}, RequestError, "lacks “phrase”"),
    "numbers": (lambda one: one | {"consent": PERMISSION | {"person": 7}}, RequestError, "not written as it should be"),
    "sold perhaps": (lambda one: one | {"consent": PERMISSION | {"commercial": "yes"}}, RequestError, "“commercial”"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_asked_wrongly_is_said_at_once(studio: Studio, recordings: dict[str, Path], case: str) -> None:
    change, error, words = WRONG[case]
    with pytest.raises(error, match=words):
        next(OPERATIONS["voice.create"].body(studio, change(asked("Wrong", recordings["woman"]))))


def test_a_service_without_its_key_is_told_before_anything_else(studio: Studio, recordings: dict[str, Path]) -> None:
    work = OPERATIONS["voice.create"].body(studio, asked("Remote", recordings["woman"], engine="elevenlabs"))
    assert next(work) == Progress(0.0, "Loading ElevenLabs")
    with pytest.raises(KeyNeeded):
        next(work)


def test_two_voices_have_two_names(studio: Studio, nina: str, recordings: dict[str, Path]) -> None:
    with pytest.raises(RequestError, match="already a voice called “Nina”"):
        do(studio, "voice.create", **asked("nina", recordings["woman"]))
    assert find(studio, "NINA").voice.id == nina
    with pytest.raises(UnknownVoice, match="Triplet"):
        find(studio, "Triplet")


def test_a_program_called_wav_is_refused_and_not_run(studio: Studio, tmp_path: Path) -> None:
    program = tmp_path / "nina.wav"
    program.write_bytes(b"MZ\x90\x00" + bytes(5000))
    with pytest.raises((RequestError, UnreadableMedia), match=r"nina\.wav"):
        do(studio, "voice.create", **asked("Program", program))


def test_what_is_written_meanwhile_is_not_lost(studio: Studio, recordings: dict[str, Path], nina: str) -> None:
    """Making a voice takes minutes: others are named and cards are written while it is made."""
    before = studio.voices.get(nina).card
    work = OPERATIONS["voice.create"].body(studio, asked("Twin", recordings["woman"]))
    until(work, "Listening")
    studio.voices.write_card(nina, replace(before, name="Twin"))
    made = run(work)
    assert made["name"] == "Twin 2"
    studio.voices.write_card(nina, before)

    asked_again = {"voice": made["voice"], "samples": asked("", recordings["woman"])["samples"]}
    work = OPERATIONS["voice.retrain"].body(studio, asked_again)
    until(work, "Listening")
    studio.voices.write_card(made["voice"], replace(studio.voices.get(made["voice"]).card, tags=("late",)))
    assert run(work)["revision"] == 2
    assert studio.voices.get(made["voice"]).card.tags == ("late",)


def until(work: Generator[Progress | Partial, None, JsonObject], message: str) -> None:
    while not (isinstance(event := next(work), Progress) and event.message.startswith(message)):
        pass
