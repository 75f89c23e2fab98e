"""What can be asked of ElevenLabs beside speech, and speech into a project, over its interface on loopback."""

import json
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiostudio.engines.remote import trouble
from audiostudio.errors import KeyNeeded, NetworkError, NotFound, RequestError, StudioError, UnsupportedSetting
from audiostudio.jobs import JsonObject, Partial
from audiostudio.library import AssetKind, AssetSource
from audiostudio.operations.cloud import accounts, costs, jobs
from audiostudio.operations.generate import generate
from audiostudio.operations.preview import preview as speak_aloud
from audiostudio.operations.speech import Delivery
from audiostudio.operations.studio import Studio
from audiostudio.sound.files import read_sound
from tests.engines.elevenlabs_server import CLONE, GEORGE, HTML, KEY, ElevenLabsServer
from tests.engines.faulty_server import Answer

VOICE = f"elevenlabs/{GEORGE}"
DESCRIPTION = "An old sailor with a rough, warm voice who tells stories."


@pytest.fixture(autouse=True)
def little_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trouble, "FIRST_PAUSE", 0.02)


@pytest.fixture
def fetched(studio: Studio, server: ElevenLabsServer) -> ElevenLabsServer:
    run(jobs.voices, studio, {})
    server.asked.clear()
    return server


Body = Callable[[Studio, JsonObject], Generator[Any, None, JsonObject]]


def run(body: Body, studio: Studio, request: JsonObject) -> JsonObject:
    return told(body, studio, request)[0]


def told(body: Body, studio: Studio, request: JsonObject) -> tuple[JsonObject, list[Partial]]:
    """The result and the partials. A request is JSON."""
    events, partials = body(studio, json.loads(json.dumps(request))), []
    while True:
        try:
            event = next(events)
        except StopIteration as end:
            return json.loads(json.dumps(end.value)), partials
        if isinstance(event, Partial):
            partials.append(event)


def test_all_pages_of_voices_are_fetched_once_and_known_to_every_process(
    studio: Studio, server: ElevenLabsServer
) -> None:
    other = Studio(studio.profile)
    assert not [one for one in other.engines.voices() if one.engine == "elevenlabs"]
    result, partials = told(jobs.voices, studio, {})
    assert result == {"voices": {"elevenlabs": 212}, "failed": []}
    assert [one.data for one in partials] == [{"engine": "elevenlabs", "count": 212}]
    assert len(server.asked_for("/v2/voices")) == 3
    for one in (studio, other):
        george = one.engines.voice(VOICE)
        assert (george.name, george.language, george.gender, george.accent) == ("George", "en-gb", "male", "British")
        assert (george.age, george.category, george.use) == ("adult", "premium", "narrative story")
        assert "Storyteller" in george.description
        assert george.preview.startswith(server.address)
        assert one.engines.voice(f"elevenlabs/{CLONE}").category == "mine"
    other.close()


def test_models_and_plan_come_from_the_account(studio: Studio, fetched: ElevenLabsServer) -> None:
    manifest = studio.engines.manifest("elevenlabs")
    options = {one.name: one for one in manifest.capabilities.options}
    assert [value for value, _ in options["model"].choices] == [
        "eleven_v3",
        "eleven_multilingual_v2",
        "eleven_flash_v2_5",
    ]
    assert options["model"].default == "eleven_multilingual_v2"
    assert options["style"].only_for == (("model", ("eleven_multilingual_v2",)),)
    assert options["speaker_boost"].only_for == (("model", ("eleven_multilingual_v2",)),)
    assert options["emotion"].only_for == (("model", ("eleven_v3",)),)
    assert options["stability"].only_for == (("model", ("eleven_multilingual_v2", "eleven_flash_v2_5")),)
    assert manifest.rights.commercial is True


def test_a_free_plan_may_not_be_sold_and_wants_a_credit(studio: Studio, server: ElevenLabsServer) -> None:
    server.plan = "free"
    found = run(jobs.account, studio, {})
    assert (found["plan"], found["remaining"], found["at_once"]) == ("free", 98_800, 2)
    assert found["resets"] == "2027-01-15T08:00:00+00:00"
    rights = studio.engines.manifest("elevenlabs").rights
    assert rights.commercial is False
    assert "elevenlabs.io" in rights.credit


def test_a_key_is_checked_and_never_in_a_request_or_a_file(studio: Studio, server: ElevenLabsServer) -> None:
    assert accounts.state(studio, "elevenlabs").key_in == "file"
    assert run(jobs.check_key, studio, {"engine": "elevenlabs"})["account"]["plan"] == "creator"
    assert accounts.state(studio, "elevenlabs").usable
    accounts.set_key(studio, "elevenlabs", "wrong")
    assert not accounts.state(studio, "elevenlabs").usable, "another key may be another account"
    with pytest.raises(KeyNeeded):
        run(jobs.check_key, studio, {"engine": "elevenlabs"})
    accounts.set_key(studio, "elevenlabs", KEY)
    run(jobs.check_key, studio, {})
    files = [path for path in studio.profile.root.rglob("*") if path.is_file() and path.name != "keys.json"]
    assert files
    assert all(KEY.encode() not in path.read_bytes() for path in files)
    assert accounts.remove_key(studio, "elevenlabs")
    assert studio.engines.needs_key("elevenlabs")
    with pytest.raises(KeyNeeded):
        run(jobs.account, studio, {})


def test_nothing_is_asked_before_somebody_asks(studio: Studio, server: ElevenLabsServer) -> None:
    studio.engines.voices()
    studio.engines.load("elevenlabs")
    accounts.states(studio)
    costs.sound_effect(studio, 3.0)
    assert not server.asked


def test_a_sample_is_fetched_once_without_the_key(studio: Studio, fetched: ElevenLabsServer) -> None:
    for _ in range(2):
        result, partials = told(jobs.preview, studio, {"voice": VOICE})
        assert sum(part.arrays["audio"].shape[0] for part in partials) > 10_000
        assert result["seconds"] > 0.5
    assert len(fetched.asked) == 1
    with pytest.raises(RequestError):
        run(jobs.preview, studio, {"voice": f"elevenlabs/{CLONE}"})


def test_a_sample_that_is_a_web_page_is_not_kept(studio: Studio, fetched: ElevenLabsServer) -> None:
    fetched.fault(HTML, at="/samples/")
    with pytest.raises(NetworkError):
        run(jobs.preview, studio, {"voice": VOICE})
    assert run(jobs.preview, studio, {"voice": VOICE})["seconds"] > 0.5


def test_a_sound_that_is_none_is_a_sentence_and_not_kept(studio: Studio, fetched: ElevenLabsServer) -> None:
    junk = Answer(200, b"\x00\x01" * 5000, "audio/mpeg")
    for body, request, path in (
        (jobs.preview, {"voice": VOICE}, "/samples/"),
        (jobs.sound_effect, {"text": "rain"}, "sound-generation"),
    ):
        fetched.fault(junk, at=path)
        with pytest.raises(StudioError):
            run(body, studio, request)
        assert run(body, studio, request)["seconds"] > 0.5
    assert len(studio.library.search().assets) == 1
    assert not list(studio.library.workshop.iterdir())


@pytest.mark.long
def test_a_voice_is_designed_and_kept(studio: Studio, fetched: ElevenLabsServer) -> None:
    result = run(jobs.design, studio, {"description": DESCRIPTION})
    assert len(result["previews"]) == 3
    assert all(read_sound(Path(one["path"])).duration > 0.5 for one in result["previews"])
    first, *others = [one["id"] for one in result["previews"]]
    kept = run(jobs.keep_voice, studio, {"id": first, "name": "Sailor", "description": DESCRIPTION, "unwanted": others})
    voice = studio.engines.voice(kept["voice"])
    assert (voice.name, voice.category) == ("Sailor", "mine")
    assert fetched.asked[-1].body["played_not_selected_voice_ids"] == others


@pytest.mark.parametrize(
    ("body", "request_"),
    [
        (jobs.design, {"description": "too short"}),
        (jobs.design, {"description": DESCRIPTION, "text": "too short"}),
        (jobs.keep_voice, {"id": "x", "name": " ", "description": DESCRIPTION}),
        (jobs.sound_effect, {"text": " "}),
        (jobs.sound_effect, {"text": "rain", "seconds": 31}),
        (jobs.sound_effect, {"text": "rain", "influence": 1.5}),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_sent(
    studio: Studio, fetched: ElevenLabsServer, body: Body, request_: JsonObject
) -> None:
    with pytest.raises(RequestError):
        run(body, studio, request_)
    assert not fetched.asked


def test_a_sound_effect_comes_into_the_library(studio: Studio, fetched: ElevenLabsServer) -> None:
    asked = {"text": "Heavy rain on a tin roof", "seconds": 3.0, "influence": 0.6, "loop": True}
    result = run(jobs.sound_effect, studio, asked)
    asset = studio.library.get(result["asset"])
    assert (asset.kind, asset.source) == (AssetKind.SOUND_EFFECT, AssetSource.AI_VOICE)
    assert (asset.name, asset.sample_rate, asset.format) == ("Heavy rain on a tin roof", 48_000, "wav")
    assert read_sound(asset.path).duration == pytest.approx(3.0, abs=0.1)
    assert asset.rights.commercial is True
    assert asset.recipe == {"operation": "sound_effect", "engine": "elevenlabs", **asked}
    sent = fetched.asked[-1].body
    assert (sent["duration_seconds"], sent["prompt_influence"], sent["loop"]) == (3.0, 0.6, True)


def test_a_sound_effect_that_is_cut_leaves_nothing(studio: Studio, fetched: ElevenLabsServer) -> None:
    def cut(_: object, true: Callable[[], Answer]) -> Answer:
        answer = true()
        answer.cut_after = 2
        return answer

    fetched.fault(cut, times=20, at="sound-generation")
    with pytest.raises(NetworkError):
        run(jobs.sound_effect, studio, {"text": "rain"})
    assert studio.library.counts() == {}
    assert not list(studio.library.workshop.iterdir())
    assert len(fetched.asked_for("sound-generation")) == 1, "each time costs credits: the user says whether again"


def test_the_history_is_listed_fetched_once_and_deleted(studio: Studio, fetched: ElevenLabsServer) -> None:
    for text in ("The first thing.", "The second thing.", "Another one."):
        told(speak_aloud, studio, {"text": text, "voice": VOICE})
    page = run(jobs.history, studio, {"size": 2})
    assert [one["text"] for one in page["items"]] == ["Another one.", "The second thing."]
    assert page["items"][0]["credits"] == len("Another one.")
    rest = run(jobs.history, studio, {"size": 2, "after": page["after"]})
    assert [one["text"] for one in rest["items"]] == ["The first thing."]
    assert rest["after"] is None
    assert len(run(jobs.history, studio, {"search": "thing"})["items"]) == 2

    identity = page["items"][1]["id"]
    result = run(jobs.history_fetch, studio, {"ids": [identity]})
    asset = studio.library.get(result["assets"][0])
    assert asset.kind is AssetKind.VOICEOVER
    assert asset.rights.commercial is True
    assert read_sound(asset.path).duration > 0.5
    assert run(jobs.history_fetch, studio, {"ids": [identity]}) == {"assets": [], "known": [asset.id]}
    assert run(jobs.history_delete, studio, {"ids": [identity]}) == {"deleted": [identity]}
    with pytest.raises(NotFound):
        run(jobs.history_delete, studio, {"ids": [identity]})


TEXTS = ("A line. With two sentences, and 3 numbers!", "Another [pause 1s] line.", "Ünïcode 😀 and **bold** text.")


@pytest.mark.parametrize(
    "options", [(), (("emotion", "sad"), ("model", "eleven_v3")), (("model", "eleven_flash_v2_5"),)]
)
def test_the_cost_is_told_before_and_is_what_is_taken(
    studio: Studio, fetched: ElevenLabsServer, options: tuple[tuple[str, str], ...]
) -> None:
    deliveries = [Delivery(text, VOICE, options=options) for text in TEXTS] + [Delivery("Not this.", "tone")]
    (told_before,) = costs.cost(studio, deliveries)
    assert not fetched.asked
    before = fetched.used
    for delivery in deliveries:
        told(speak_aloud, studio, delivery.to_json())
    sent = [len(one.body["text"]) for one in fetched.asked_for("text-to-speech")]
    assert told_before.characters == sum(sent)
    assert told_before.credits == pytest.approx(fetched.used - before, abs=len(sent))
    assert (told_before.remaining, told_before.suffices) == (100_000 - before, True)


def test_a_cost_that_is_too_high_is_said(studio: Studio, fetched: ElevenLabsServer) -> None:
    fetched.used = 99_990
    run(jobs.account, studio, {})
    (found,) = costs.cost(studio, [Delivery("This is more than ten characters.", VOICE)])
    assert (found.remaining, found.suffices) == (10, False)
    assert costs.sound_effect(studio, 2.0).credits == 80
    with pytest.raises(StudioError) as caught:
        told(speak_aloud, studio, {"text": "This is more than ten characters.", "voice": VOICE})
    assert "10 credits remaining" in caught.value.sentence


def test_local_voices_cost_nothing(studio: Studio) -> None:
    assert costs.cost(studio, [Delivery("Hello.", "tone")]) == []


def test_takes_captions_and_library_are_as_with_local_voices(studio: Studio, fetched: ElevenLabsServer) -> None:
    lines = [{"line": str(n), "text": text, "voice": VOICE} for n, text in enumerate(("Hello there.", "Good bye now."))]
    request = {"project": "p", "name": "Film", "lines": lines}
    result, partials = told(generate, studio, request)
    assert result["made"] == 2
    takes = [studio.library.get(one.data["asset"]) for one in partials if one.kind == "take"]
    assert [[word[0] for word in take.detail["words"]] for take in takes] == [
        ["Hello", "there."],
        ["Good", "bye", "now."],
    ]
    assert all(take.rights.commercial is True and take.recipe["engine"] == "elevenlabs" for take in takes)  # type: ignore[index]
    voiceover = read_sound(studio.library.get(result["asset"]).path)
    assert np.abs(voiceover.samples).max() > 0.1
    fetched.asked.clear()
    assert told(generate, studio, request)[0]["made"] == 0
    assert not fetched.asked, "what is there is not asked for, and paid for, again"


def test_a_line_that_cannot_be_paid_leaves_the_earlier_ones(studio: Studio, fetched: ElevenLabsServer) -> None:
    fetched.used = fetched.limit - 20
    lines = [{"line": "1", "text": "Short one.", "voice": VOICE}, {"line": "2", "text": "x" * 40 + ".", "voice": VOICE}]
    with pytest.raises(StudioError):
        told(generate, studio, {"project": "p", "name": "Film", "lines": lines})
    assert len(studio.library.search().assets) == 0  # takes are not on the shelves
    fetched.used = 0
    assert told(generate, studio, {"project": "p", "name": "Film", "lines": lines})[0]["made"] == 1


def test_an_engine_of_this_computer_has_no_account(studio: Studio) -> None:
    with pytest.raises(UnsupportedSetting):
        run(jobs.check_key, studio, {"engine": "tone"})
    with pytest.raises(UnsupportedSetting):
        run(jobs.history, studio, {"engine": "tone"})


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/user/subscription", {"tier": "pro"}),
        ("/v1/user/subscription", None),
        ("/v1/models", [{"id": 1}]),
        ("/v1/models", "x"),
        ("/v2/voices", {"voices": [{"name": "A"}], "has_more": False}),
        ("/v2/voices", {"voices": "x"}),
        ("/v2/voices", []),
    ],
)
def test_an_answer_of_another_shape_is_a_sentence(
    studio: Studio, server: ElevenLabsServer, path: str, body: object
) -> None:
    server.fault(Answer(200, json.dumps(body).encode()), at=path)
    with pytest.raises(NetworkError):
        run(jobs.voices, studio, {})
    assert not [one for one in studio.engines.voices() if one.engine == "elevenlabs"]


def test_the_cost_of_a_line_with_two_voices_is_exact(studio: Studio, fetched: ElevenLabsServer) -> None:
    mine = f"[voice elevenlabs/{1:020}]Mine.[/voice]"
    text = f"One here. [voice tone]And this is local.[/voice] Two here. {mine} [pause 1s] End."
    delivery = Delivery(text, VOICE, options=(("emotion", "sad"), ("model", "eleven_v3")))
    (told_before,) = costs.cost(studio, [delivery])
    told(speak_aloud, studio, delivery.to_json())
    sent = [one.body["text"] for one in fetched.asked_for("text-to-speech")]
    assert len(sent) > 2
    assert "local" not in "".join(sent)
    assert told_before.characters == sum(map(len, sent))


def test_a_voice_speaks_its_own_language_also_one_that_no_local_voice_speaks(
    studio: Studio, fetched: ElevenLabsServer
) -> None:
    voice = f"elevenlabs/{0:020}"
    assert studio.engines.voice(voice).language == "de"
    assert "de" in studio.engines.manifest("elevenlabs").capabilities.languages
    assert "ru" not in studio.engines.manifest("elevenlabs").capabilities.languages, "these models do not"
    flash = [["model", "eleven_flash_v2_5"]]
    told(speak_aloud, studio, {"text": "Schönen Tag, 3 Äpfel bitte!", "voice": voice, "options": flash})
    sent = fetched.asked_for("text-to-speech")[-1].body
    assert (sent["text"], sent["language_code"]) == ("Schönen Tag, 3 Äpfel bitte!", "de")
