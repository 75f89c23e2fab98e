"""Takes are read back and judged; those that are not good are made anew. Real speech, real ears."""

import json
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.errors import MissingMedia, ModelMissing
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import AssetKind, AssetSource, NewAsset
from audiostudio.operations.check import align_takes, check_file, check_takes
from audiostudio.operations.fix import fix
from audiostudio.operations.generate import generate
from audiostudio.operations.speech import SAMPLE_RATE
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.sound.files import Sound, read_sound, write_sound
from audiostudio.timeline.project import TakeCheck
from audiostudio.timeline.schema import decode
from tests.ui.own_voices import make_voice

TEXT = "The old lighthouse keeper counted the ships, and wrote down their names every evening."

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def engines(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineRegistry]:
    """Those that ship, and three that stumble: one can be given a seed, one a speed, one is asked again and again as
    services are. Each is loaded once."""
    folder = tmp_path_factory.mktemp("engines")
    stumbling(folder, "stumbler", seed=True)
    stumbling(folder, "hurrier", speed=[0.9, 1.03])
    stumbling(folder, "caller", remote=True)
    registry = EngineRegistry(ModelStore(models_dir), folder)
    yield registry
    registry.close()


def stumbling(folder: Path, name: str, **able: object) -> None:
    manifest = {
        "name": f"stumbling-{name}", "title": "Stumbling", "module": "tests.operations.stumbling", "version": "1",
        "kind": "speech", "models": ["hibari"],
        "rights": {"licence": "MIT", "commercial": True},
        "capabilities": {"languages": ["en-us"], "word_times": True, **able},
        "voices": [{"id": name, "name": name.title(), "language": "en-us", "gender": "neutral"}],
    }  # fmt: skip
    (folder / f"{name}.json").write_text(json.dumps(manifest))


@pytest.fixture
def studio(speaking_profile: Profile, studio: Studio, engines: EngineRegistry) -> Iterator[Studio]:
    """With engines that are loaded already."""
    studio.engines = engines
    yield studio
    del studio.engines


def run(work: Generator[Progress | Partial, None, JsonObject]) -> tuple[JsonObject, list[Partial]]:
    partials: list[Partial] = []
    fractions: list[float] = []
    while True:
        try:
            event = next(work)
        except StopIteration as end:
            assert all(0 <= one <= 1 for one in fractions)
            return end.value, partials
        if isinstance(event, Partial):
            partials.append(event)
        else:
            fractions.append(event.fraction or 0.0)


def line(text: str = TEXT, voice: str = "hibari_heart", **more: Any) -> JsonObject:
    return {"line": "l1", "text": text, "voice": voice, "language": "en-us", **more}


def made(studio: Studio, asked: JsonObject) -> JsonObject:
    """The line with its take."""
    _, partials = run(generate(studio, {"name": "Test", "project": "p1", "lines": [asked]}))
    return asked | {"asset": partials[0].data["asset"]}


def checked(studio: Studio, asked: JsonObject) -> JsonObject:
    _, (found, *_) = run(check_takes(studio, {"lines": [asked]}))
    return found.data


def brought(studio: Studio, path: Path, text: str) -> JsonObject:
    """A line whose take was recorded: nobody knows when its words sound."""
    asset = studio.library.add(path, NewAsset(AssetKind.VOICEOVER, AssetSource.RECORDED, "Recorded", text=text))
    return line(text, asset=asset.id, source="recorded")


@pytest.mark.long
def test_a_good_take_is_good(studio: Studio) -> None:
    text = "[speed 1.1]The old **lighthouse** keeper[/speed] counted 12 ships, [pause 2s] and wrote down their names."
    result, (found,) = run(check_takes(studio, {"lines": [made(studio, line(text))]}))
    assert result == {"checked": 1, "good": 1, "listen": 0, "bad": 0}
    assert (found.data["verdict"], found.data["reasons"]) == ("good", [])
    check = decode(TakeCheck, found.data["check"])
    assert check.word_errors <= 0.02
    assert check.clipped == 0
    assert 1.9 <= check.silence <= 2.5
    assert check.loudness is not None
    assert -30 < check.loudness < -12
    assert check.quality is not None
    assert check.quality > 2.7


@pytest.mark.long
def test_a_take_that_says_something_else_is_found_out_with_the_places(studio: Studio) -> None:
    take = made(studio, line("The old keeper counted the green ships, and wrote down their names."))
    found = checked(studio, take | {"text": "The old lighthouse keeper counted the ships, and wrote down their names."})
    assert found["verdict"] == "listen"
    told = [(one["fault"], one["said"], one["heard"]) for one in found["differences"]]
    assert told == [("missing", "lighthouse", ""), ("added", "", "green")]
    assert found["differences"][0]["start"] == 8
    assert found["reasons"] == ["Not heard: “lighthouse”. Heard instead: “green”."]


@pytest.mark.long
def test_other_words_altogether_are_bad(studio: Studio) -> None:
    found = checked(studio, made(studio, line()) | {"text": "Nothing of this sentence was ever spoken by anybody."})
    assert found["verdict"] == "bad"
    assert decode(TakeCheck, found["check"]).word_errors > 0.5


@pytest.mark.long
def test_faults_of_the_sound_are_told(studio: Studio, tmp_path: Path) -> None:
    take = made(studio, line())
    sound = read_sound(studio.library.get(take["asset"]).path).samples[0]
    middle = len(sound) // 2
    silence = np.zeros(5 * SAMPLE_RATE, np.float32)
    broken = np.concatenate([silence[: 2 * SAMPLE_RATE], np.clip(sound * 12, -1, 1)[:middle], silence, sound[middle:]])
    write_sound(tmp_path / "broken.wav", Sound(broken[np.newaxis], SAMPLE_RATE))
    found = checked(studio, brought(studio, tmp_path / "broken.wav", TEXT))
    check = decode(TakeCheck, found["check"])
    assert found["verdict"] == "bad"
    assert check.clipped > 100
    assert check.silence == pytest.approx(5.0, abs=0.6)
    assert check.before == pytest.approx(2.0, abs=0.2)
    reasons = " ".join(found["reasons"])
    assert all(words in reasons for words in ("clipped", "silent for", "begins with 2"))


@pytest.mark.long
def test_a_recorded_take_gets_the_times_of_its_words(studio: Studio, tmp_path: Path) -> None:
    take = made(studio, line())
    own = studio.library.get(take["asset"])
    write_sound(tmp_path / "recorded.wav", read_sound(own.path))
    asked = brought(studio, tmp_path / "recorded.wav", TEXT)
    result, (found,) = run(align_takes(studio, {"lines": [asked]}))
    assert result == {"aligned": 1}
    words = found.data["words"]
    assert [word[0] for word in words] == TEXT.split()
    assert all(TEXT[start:end] == text for text, start, end, _, _ in words)
    assert studio.library.get(asked["asset"]).detail["words"] == words
    away = [abs(word[3] - true[3]) / SAMPLE_RATE for word, true in zip(words, own.detail["words"], strict=True)]
    assert np.median(away) < 0.12
    assert max(away) < 0.6
    again, none = run(align_takes(studio, {"lines": [asked]}))
    assert (again, none) == ({"aligned": 0}, [])


@pytest.mark.long
def test_the_language_of_a_file_is_found_out(studio: Studio, tmp_path: Path) -> None:
    take = made(studio, line())
    path = studio.library.get(take["asset"]).path
    result, _ = run(check_file(studio, {"audio": str(path), "text": TEXT, "language": ""}))
    assert (result["good"], result["verdict"], result["language"]) == (True, "good", "en")
    anything, _ = run(check_file(studio, {"audio": str(path), "text": None, "language": "en"}))
    assert anything["good"]
    assert "lighthouse" in anything["check"]["heard"]
    assert anything["differences"] == []


def test_what_cannot_be_checked_is_said(studio: Studio, profile: Profile, tmp_path: Path) -> None:
    take = made(studio, line())
    studio.library.get(take["asset"]).path.unlink()
    with pytest.raises(MissingMedia):
        checked(studio, take)
    deaf = Studio(Profile(tmp_path / "deaf"))
    write_sound(tmp_path / "x.wav", Sound(np.full((1, 48_000), 0.1, np.float32), SAMPLE_RATE))
    with pytest.raises(ModelMissing, match="Whisper"):
        run(check_file(deaf, {"audio": str(tmp_path / "x.wav"), "text": "x", "language": "en"}))
    deaf.close()


@pytest.mark.long
def test_a_bad_take_is_made_anew_until_one_is_good(studio: Studio) -> None:
    take = made(studio, line(voice="stumbler"))
    result, partials = run(fix(studio, {"name": "Test", "project": "p1", "lines": [take], "tries": 4}))
    kinds = [one.kind for one in partials]
    assert kinds == ["check", "take", "check", "take", "check", "best"]
    verdicts = [one.data["verdict"] for one in partials if one.kind == "check"]
    assert verdicts[-1] == "good"
    assert "good" not in verdicts[:-1]
    best = partials[-1].data
    assert best == {"line": "l1", "asset": partials[-3].data["asset"], "verdict": "good", "tries": 2}
    assert result == {"lines": [best], "good": 1}
    assert studio.library.get(best["asset"]).recipe["seed"] == 2
    assert [one.chosen for one in studio.library.takes("p1", "l1")] == [False, False, True]
    again, nothing = run(fix(studio, {"name": "Test", "lines": [take | {"asset": best["asset"], "seed": 2}]}))
    assert [one.kind for one in nothing] == ["check", "best"]
    assert again["lines"][0]["tries"] == 0


@pytest.mark.long
def test_a_cloned_voice_that_swallows_words_is_asked_again_with_other_seeds(
    studio: Studio, models_dir: Path, tmp_path: Path
) -> None:
    stumbling(tmp_path, "cloner", seed=True, cloning="clone", word_times=False)
    studio.engines = EngineRegistry(ModelStore(models_dir), tmp_path, own=studio.voices)
    anna = make_voice(studio, "Anna", "clone", engine="stumbling-cloner").voice.id
    result, partials = run(fix(studio, {"name": "Test", "project": "p1", "lines": [line(voice=anna)], "tries": 4}))
    assert result["good"] == 1
    best = studio.library.get(result["lines"][0]["asset"])
    assert (best.recipe["voice"], best.recipe["seed"], best.recipe["revisions"]) == (anna, 2, [[anna, 1]])
    assert [one.data["verdict"] == "good" for one in partials if one.kind == "check"] == [False, False, True]
    studio.engines.close()


@pytest.mark.long
def test_the_best_is_kept_where_none_is_good(studio: Studio) -> None:
    result, partials = run(
        fix(studio, {"name": "Test", "project": "p1", "lines": [line(voice="stumbler")], "tries": 2})
    )
    errors = {one.data["asset"]: one.data["check"]["word_errors"] for one in partials if one.kind == "check"}
    assert len(errors) == 2
    assert result["good"] == 0
    assert errors[result["lines"][0]["asset"]] == min(errors.values())


@pytest.mark.long
def test_an_engine_without_seeds_says_it_a_little_faster_or_slower(studio: Studio) -> None:
    _, partials = run(fix(studio, {"name": "Test", "lines": [line(voice="hurrier")], "tries": 2}))
    assets = [one.data["asset"] for one in partials if one.kind == "check"]
    assert [studio.library.get(one).recipe["speed"] for one in assets] == [1.0, 0.98]


@pytest.mark.long
def test_the_best_of_a_services_takes_is_chosen_not_paid_for_once_more(studio: Studio, tmp_path: Path) -> None:
    write_sound(tmp_path / "x.wav", Sound(np.full((1, 48_000), 0.1, np.float32), SAMPLE_RATE))
    bad = studio.library.add(tmp_path / "x.wav", NewAsset(AssetKind.VOICEOVER, AssetSource.TTS, "Bad", text=TEXT))
    asked = line(voice="caller", asset=bad.id)
    result, partials = run(fix(studio, {"name": "Test", "project": "p1", "lines": [asked], "tries": 2}))
    judged = [one.data["asset"] for one in partials if one.kind == "check"]
    assert result["lines"][0]["asset"] == judged[1], "the takes are alike: the first is as good as the second"
    assert {one.data["asset"] for one in partials if one.kind == "take"} == set(judged[1:])
    assert [(one.asset.id, one.chosen) for one in studio.library.takes("p1", "l1")] == [
        (judged[1], True),
        (judged[2], False),
    ]


@pytest.mark.long
def test_a_recording_is_never_made_anew(studio: Studio, tmp_path: Path) -> None:
    write_sound(tmp_path / "x.wav", Sound(np.full((1, 48_000), 0.1, np.float32), SAMPLE_RATE))
    result, partials = run(fix(studio, {"name": "T", "lines": [brought(studio, tmp_path / "x.wav", TEXT)]}))
    assert [one.kind for one in partials] == ["check", "words", "best"]
    assert result["lines"][0]["verdict"] == "bad"
