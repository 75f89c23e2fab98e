"""What lines ask for beside their words, measured in the files that come of it."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from audiostudio.errors import MissingMedia, StudioError, UnknownVoice
from audiostudio.jobs import JsonObject, Partial, Progress
from audiostudio.library import recipe_key
from audiostudio.operations import script
from audiostudio.operations.export import spoken_words
from audiostudio.operations.generate import generate
from audiostudio.operations.preview import preview, warm
from audiostudio.operations.speech import Delivery, Recorder, chunks, recipe
from audiostudio.operations.studio import Studio
from audiostudio.performance import PitchPoint, Voicing
from audiostudio.profile import Profile
from audiostudio.sound.files import SoundWriter, read_sound
from audiostudio.timeline import edits
from audiostudio.timeline.project import (
    Project,
    Pronunciation,
    Slot,
    TakeSource,
    VoiceChoice,
    VoiceOption,
    WordPerformance,
    new_project,
)
from tests.conftest import Whisper, word_errors

RATE = 48_000
TONE = VoiceChoice("tone")


def run(studio: Studio, asked: JsonObject) -> tuple[JsonObject, list[Partial]]:
    events, partials = generate(studio, asked), []
    while True:
        try:
            event = next(events)
        except StopIteration as end:
            return end.value, partials
        if isinstance(event, Partial):
            partials.append(event)


def project_of(*texts: str) -> Project:
    return edits.set_text(new_project("Film", voice=TONE), "\n".join(texts))


def ids(project: Project) -> list[str]:
    return [line.id for line in project.script.lines]


def with_takes(project: Project, partials: list[Partial]) -> Project:
    lines = {line.id: project.voice_of(line) for line in project.script.lines}
    for partial in partials:
        if partial.kind == "take":
            take = script.made_take(partial.data, lines[partial.data["line"]])
            if not script.has_take(project.takes_of(take.line), take):
                project = edits.add_take(project, take)
    return project


def starts(studio: Studio, result: JsonObject) -> list[int]:
    return [line["start"] for line in studio.library.get(result["asset"]).detail["lines"]]


def test_every_line_has_a_current_take_afterwards_and_nothing_is_made_twice(studio: Studio) -> None:
    project = project_of("One amber garden.", "Two candles burn.", "", "Three islands.")
    project = edits.set_slot(project, ids(project)[3], Slot(9.0, 12.0))
    project = edits.set_word_performance(project, ids(project)[0], WordPerformance(1, "amber", Voicing(pitch=2.0)))
    project = edits.set_pronunciation(project, "candles", "kendels")
    applying = script.Pronouncing(project)
    first, partials = run(studio, script.request(project, None, applying))
    assert first["lines"] == [ids(project)[0], ids(project)[1], ids(project)[3]]
    project = with_takes(project, partials)
    assert project.current_takes(applying).keys() == set(first["lines"])
    assert project.current_takes(applying)[ids(project)[1]].pronunciations == project.dictionary
    again, partials = run(studio, script.request(project, None, applying))
    assert again["lines"] == []
    assert again["asset"] == first["asset"]
    assert with_takes(project, partials) == project


def test_a_recipe_without_new_settings_is_that_of_the_first_release(studio: Studio) -> None:
    made = recipe(studio, Delivery("Hello [pause 1s] there.", "tone", "en-us", 1.25, -2.0, 3))
    assert made == {
        "operation": "speech", "engine": "tone", "engine_version": "1", "models": [], "text": "Hello [pause 1s] there.",
        "voice": "tone", "language": "en-us", "speed": 1.25, "pitch": -2.0, "seed": 3, "sample_rate": 48_000,
    }  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"energy": 2.0},
        {"intonation": 0.0},
        {"options": (("stability", "0.5"),)},
        {"performance": (WordPerformance(0, "Hello", Voicing(seconds=1.0)),)},
        {"pronunciations": (Pronunciation("Hello", "hallo"),)},
        {"text": "[speed 1.2]Hello[/speed]"},
    ],
)
def test_everything_that_changes_the_sound_changes_the_recipe(studio: Studio, change: dict[str, object]) -> None:
    plain = Delivery("Hello", "tone", "en-us")
    changed = replace(plain, **change)  # type: ignore[arg-type]
    assert recipe_key(recipe(studio, plain)) != recipe_key(recipe(studio, changed))
    assert Delivery.from_json(changed.to_json()) == changed


def test_a_voice_choice_asks_for_all_it_has() -> None:
    voice = VoiceChoice("tone", 1.1, -1.0, "en-gb", -3.0, 0.5, (VoiceOption("seed", "12"), VoiceOption("style", "0.1")))
    asked = Delivery.from_json(script.delivery("Hello", voice))
    assert asked == Delivery("Hello", "tone", "en-gb", 1.1, -1.0, 12, -3.0, 0.5, (("style", "0.1"),))


def test_one_line_only_and_everything_else_untouched(studio: Studio) -> None:
    project = project_of("One.", "Two.", "Three.")
    one, two, three = ids(project)
    result, partials = run(studio, script.request(project, None, only=[two]))
    assert (result["lines"], result["asset"]) == ([two], None)
    project = with_takes(project, partials)
    assert project.current_takes().keys() == {two}
    _, partials = run(studio, script.request(project, None))
    project = with_takes(project, partials)
    changed = edits.set_line_text(edits.set_line_text(project, one, "Uno."), two, "Dos.")
    result, partials = run(studio, script.request(changed, None, only=[two]))
    assert (result["lines"], result["asset"]) == ([two], None)
    assert {partial.data["line"] for partial in partials} == {two, three}


def test_another_take_of_a_line_is_made_though_there_is_one(studio: Studio) -> None:
    project = project_of("One.", "Two.")
    one, two = ids(project)
    _, partials = run(studio, script.request(project, None))
    project = with_takes(project, partials)
    result, partials = run(studio, script.request(project, None, only=[two], again=[two]))
    assert result["lines"] == [two]
    assert result["asset"]
    project = with_takes(project, partials)
    old, new = project.takes_of(two)
    assert old.asset.id != new.asset.id
    chosen = edits.choose_take(project, two, old.id)
    result, partials = run(studio, script.request(chosen, None))
    assert result["made"] == 0
    assert {partial.data["asset"] for partial in partials} == {project.takes_of(one)[0].asset.id, old.asset.id}


def test_a_recording_is_used_as_it_is(studio: Studio) -> None:
    project = project_of("One.", "Two.")
    one, two = ids(project)
    _, partials = run(studio, script.request(project, None))
    recorded = replace(with_takes(project, partials).takes_of(two)[0], source=TakeSource.RECORDED)
    project = edits.add_take(project, recorded)
    moved = edits.set_word_performance(
        edits.set_default_voice(project, replace(TONE, speed=0.5)), two, WordPerformance(0, "Two.", Voicing(pitch=3.0))
    )
    result, partials = run(studio, script.request(moved, None))
    assert result["lines"] == [one]
    assert partials[1].data["asset"] == recorded.asset.id
    assert partials[1].data["source"] == "recorded"
    assert len(with_takes(moved, partials).takes_of(two)) == 1
    studio.library.get(recorded.asset.id).path.unlink()
    with pytest.raises(MissingMedia, match="Line 2: The recording is gone"):
        run(studio, script.request(moved, None))


def test_pauses_before_and_slots_put_lines_where_they_belong(studio: Studio) -> None:
    project = project_of("One.", "Two.", "Three.")
    one, two, three = ids(project)
    project = edits.set_pause_before(edits.set_pause(project, one, 0.25), two, 1.5)
    project = edits.set_slot(project, three, Slot(20.0, 23.0))
    result, takes = run(studio, script.request(project, None))
    first = takes[0].data["samples"]
    assert starts(studio, result) == [0, first + round(1.75 * RATE), 20 * RATE]
    sound = read_sound(studio.library.get(result["asset"]).path).samples[0]
    assert not sound[first : first + round(1.75 * RATE)].any()
    assert np.array_equal(sound[20 * RATE :], read_sound(studio.library.get(takes[2].data["asset"]).path).samples[0])


def test_a_line_too_long_for_its_slot_is_spoken_as_fast_as_it_needs(studio: Studio) -> None:
    text = "Seven little boats are sailing over the silver water tonight."
    project = project_of(text, text, text)
    one, two, three = ids(project)
    _, takes = run(studio, script.request(project, None, only=[one]))
    natural = takes[0].data["samples"] / RATE
    project = edits.set_slot(project, one, Slot(1.0, 1.0 + natural + 2))
    project = edits.set_slot(project, two, Slot(10.0, 10.0 + natural / 1.5))
    project = edits.set_slot(project, three, Slot(30.0, 30.0 + natural / 4))
    result, takes = run(studio, script.request(project, None))
    lengths = [take.data["samples"] / RATE for take in takes]
    assert lengths[0] == pytest.approx(natural)
    assert natural / 1.5 * 0.97 < lengths[1] <= natural / 1.5
    assert natural / 4 < lengths[2] < natural / 1.5
    fits = [line["fit"] for line in studio.library.get(result["asset"]).detail["lines"]]
    assert fits[0]["factor"] == 1.0 < fits[1]["factor"] < 1.6 < 3.5 < fits[2]["factor"]
    assert fits[0]["over"] == fits[1]["over"] == 0
    assert fits[2]["over"] == pytest.approx(lengths[2] - natural / 4, abs=0.001)
    made = with_takes(project, takes)
    assert len(made.current_takes()) == 3
    assert len(edits.set_slot(made, two, Slot(40.0, 40.0 + natural / 1.5)).current_takes()) == 3


@pytest.mark.models
def test_the_melody_is_kept_with_a_take_and_a_drawn_one_is_heard_in_it(speaking_profile: Profile) -> None:
    studio = Studio(speaking_profile)
    try:
        project = edits.set_text(new_project("Film", voice=VoiceChoice("hibari_heart")), "My garden is amber now.")
        (line,) = ids(project)
        drawn = Voicing(curve=(PitchPoint(0.0, 150.0), PitchPoint(1.0, 300.0)), seconds=1.0, gap=0.4)
        redrawn = edits.set_word_performance(project, line, WordPerformance(1, "garden", drawn))
        details = []
        for one in (project, redrawn):
            result, (take,) = run(studio, script.request(one, None))
            assert result["made"] == 1
            details.append(studio.library.get(take.data["asset"]).detail)
    finally:
        studio.close()
    for detail in details:
        hop, hz = detail["melody"]["hop"], np.array(detail["melody"]["hz"])
        assert len(hz) * hop == pytest.approx(detail["samples"], abs=2 * hop)
        assert ((hz == 0) | ((hz > 40) & (hz < 700))).all()
    (_, _, _, start, end), (_, _, _, after, _) = details[1]["words"][1:3]
    assert (end - start) / RATE == pytest.approx(1.0, abs=0.03)
    assert (after - end) / RATE == pytest.approx(0.4, abs=0.03)
    inside = hz[int(start / hop) : int(end / hop)]
    places = np.flatnonzero(inside)
    assert len(places) > 20
    wanted = 150.0 * 2 ** (places / len(inside))
    assert np.median(np.abs(1200 * np.log2(inside[places] / wanted))) < 40


@pytest.mark.long
@pytest.mark.models
def test_speech_fits_its_slot_to_the_sample_and_can_be_understood(speaking_profile: Profile, whisper: Whisper) -> None:
    text = "Nobody expected the museum to open again before the summer."
    studio = Studio(speaking_profile)
    try:
        project = edits.set_text(new_project("Film", voice=VoiceChoice("hibari_heart")), f"{text}\n{text}")
        one, two = ids(project)
        _, takes = run(studio, script.request(project, None, only=[one]))
        natural = takes[0].data["samples"]
        wanted = round(natural / RATE / 1.3, 2)
        project = edits.set_slot(project, two, Slot(8.0, 8.0 + wanted))
        _, takes = run(studio, script.request(project, None))
        assert 0.95 * wanted * RATE < takes[1].data["samples"] <= wanted * RATE
        assert 1.0 <= takes[1].data["fit"]["factor"] <= 1.31  # pauses give way before words
        heard = whisper(studio.library.get(takes[1].data["asset"]).path)
    finally:
        studio.close()
    assert word_errors(text, heard) <= 0.1


def test_gaps_are_closed_or_kept(studio: Studio) -> None:
    project = project_of("One two three four five six.", "Seven.", "Eight nine.")
    one = ids(project)[0]
    first, _ = run(studio, script.request(project, None))
    shorter = edits.set_line_text(project, one, "One.")
    closed, _ = run(studio, script.request(shorter, None))
    kept, _ = run(studio, script.request(shorter, None) | {"keep_places": first["asset"]})
    assert starts(studio, kept) == starts(studio, first)
    assert starts(studio, closed)[1] < starts(studio, first)[1]
    longer = edits.set_line_text(project, one, project.line(one).text * 2)
    pushed, takes = run(studio, script.request(longer, None) | {"keep_places": first["asset"]})
    end = takes[0].data["samples"] + round(0.35 * RATE)
    assert starts(studio, pushed)[1] == end
    assert starts(studio, pushed)[2] == max(starts(studio, first)[2], end + takes[1].data["samples"] + 16_800)


def test_a_line_that_cannot_be_made_is_named_and_need_not_stop_the_others(studio: Studio) -> None:
    project = project_of("One.", "", "Two.", "Three.")
    project = edits.set_line_voice(project, ids(project)[2], VoiceChoice("nobody"))
    with pytest.raises(UnknownVoice, match="Line 3: There is no voice “nobody”"):
        run(studio, script.request(project, None))
    result, partials = run(studio, script.request(project, None) | {"go_on": True})
    assert result["lines"] == [ids(project)[3]]
    assert result["takes"] == 2
    assert [problem["number"] for problem in result["problems"]] == [3]
    assert [one.kind for one in partials] == ["take", "problem", "take"]
    assert "nobody" in StudioError.from_json(result["problems"][0]).sentence


@pytest.mark.parametrize("words", ["[language de]Two.[/language]", "Two."])
def test_what_is_wrong_with_a_line_that_is_not_to_be_made_stops_no_other(studio: Studio, words: str) -> None:
    project = project_of("One.", words, "Three.")
    if words == "Two.":
        project = edits.set_line_voice(project, ids(project)[1], VoiceChoice("nobody"))
    result, partials = run(studio, script.request(project, None, only=[ids(project)[2]]))
    assert (result["lines"], result["asset"]) == ([ids(project)[2]], None)
    assert [(one.kind, one.data["line"]) for one in partials] == [("take", ids(project)[2])]


def test_a_take_is_heard_also_when_its_voice_is_no_longer_here(studio: Studio) -> None:
    project = project_of("One.", "Two.")
    _, partials = run(studio, script.request(project, None))
    asked = script.request(with_takes(project, partials), None)
    asked["lines"][0] |= {"voice": "nobody"}  # of a service whose key was taken out
    asked["lines"][1] |= {"text": "Three.", "take": None}
    result, partials = run(studio, asked)
    assert result["lines"] == [ids(project)[1]]
    assert [line["text"] for line in studio.library.get(result["asset"]).detail["lines"]] == ["One.", "Three."]


def test_phonemes_are_kept_with_a_take(studio: Studio) -> None:
    result, (take,) = run(studio, script.request(project_of("Amber garden."), None))
    detail = studio.library.get(take.data["asset"]).detail
    assert ["".join(one[0] for one in word) for word in detail["phonemes"]] == ["Amber", "garden"]
    for (_, _, _, first, last), phonemes in zip(detail["words"], detail["phonemes"], strict=True):
        assert (phonemes[0][1], phonemes[-1][2]) == (first, last)
    assert "phonemes" not in studio.library.get(result["asset"]).detail["lines"][0]


def test_a_recorded_line_has_captions_too(studio: Studio) -> None:
    result, _ = run(studio, script.request(project_of("Amber garden gate."), None))
    asset = studio.library.get(result["asset"])
    words = spoken_words(studio, asset)
    take = asset.detail["lines"][0]["take"]
    assert [[word.text, round(word.start_seconds * RATE), round(word.end_seconds * RATE)] for word in words] == [
        [word, start, end] for word, _, _, start, end in studio.library.get(take).detail["words"]
    ]
    studio.library.update_detail(take, {"words": []})
    spread = spoken_words(studio, asset)
    assert [word.text for word in spread] == ["Amber", "garden", "gate."]
    assert spread[-1].end_seconds == pytest.approx(asset.duration, abs=0.01)
    studio.library.bin([take])
    studio.library.purge([take])
    assert spoken_words(studio, asset) == spread


@pytest.mark.models
def test_voices_of_several_engines_speak_one_text_in_exact_times(speaking_profile: Profile) -> None:
    text = "Amber garden. [voice hibari_heart]This is somebody else.[/voice] [pause 0.5s] Candle island. Dune."
    studio = Studio(speaking_profile)
    try:
        made = list(chunks(studio, Delivery(text, "tone", "en-us")))
        alone = list(chunks(studio, Delivery("This is somebody else.", "hibari_heart", "en-us")))
        path = speaking_profile.root / "out.wav"
        with SoundWriter(path, RATE) as writer:
            recorder = Recorder(writer)
            for chunk in made:
                recorder.add(chunk)
            recorder.finish()
    finally:
        studio.close()
    at = 0
    for chunk in made:
        assert chunk.start == at
        assert chunk.sample_rate == 24_000
        at += len(chunk.audio)
    words = recorder.words
    assert [text[word.source_start : word.source_end] for word in words] == [word.text for word in words]
    sound = read_sound(path).samples[0]
    assert len(sound) == recorder.samples
    spoken = sum(len(chunk.audio) for chunk in alone) * 2
    first = next(word for word in words if word.text == "This")
    last = next(word for word in words if word.text == "Candle")
    gap = words[1].end + round(0.35 * RATE)
    assert abs(first.start - gap) < 0.15 * RATE
    turn = gap + spoken
    assert not np.abs(sound[turn + 480 : turn + RATE // 2 - 480]).max() > 1e-3
    assert abs(last.start - (turn + RATE // 2)) <= 0.06 * RATE


def test_a_voice_that_is_not_there_is_told_with_its_place(studio: Studio) -> None:
    with pytest.raises(UnknownVoice, match=r"\(line 2, character 20\)"):
        chunks(studio, Delivery("Hello there.\nAnd now [voice bob]me.[/voice]", "tone", "en-us"))


def test_a_line_that_only_pauses_is_heard_in_a_preview_as_in_the_voiceover(studio: Studio) -> None:
    project = project_of("One.", "[pause 1.5s]", "Two.")
    asked = script.request(project, None)
    result, takes = run(studio, asked)
    begins = starts(studio, result)[1] - takes[0].data["samples"]
    sounds = [one for one in preview(studio, {"lines": asked["lines"]}) if isinstance(one, Partial)]
    one, gap, two = (event.arrays["audio"] for event in sounds)
    assert len(gap) / sounds[0].data["sample_rate"] == pytest.approx(begins / RATE, abs=1e-4)
    assert not gap.any()
    assert one.any()
    assert two.any()


def test_warming_makes_ready_what_speaks_and_gives_no_sound(tmp_path: Path) -> None:
    studio = Studio(Profile(tmp_path))
    asked = {"text": "One two.", "voice": "tone", "language": "en-us"}
    assert not [event for event in warm(studio, asked) if not isinstance(event, Progress)]
    assert "tone" in studio.engines._loaded
    studio.close()


def test_a_preview_of_lines_speaks_them_with_their_pauses(studio: Studio) -> None:
    project = project_of("One.", " ", "Two three.")
    project = edits.set_pause(project, ids(project)[0], 1.0)
    asked = {"lines": script.request(project, None)["lines"]}
    sounds = [event for event in preview(studio, asked) if not isinstance(event, Progress)]
    whole = np.concatenate([event.arrays["audio"] for event in sounds])
    first = len(sounds[0].arrays["audio"])
    assert not whole[first : first + 24_000].any()
    assert whole[first + 24_000 :].any()
    said = [(event.data["line"], word[0]) for event in sounds for word in event.data["words"]]
    assert said == [(ids(project)[0], "One."), (ids(project)[2], "Two"), (ids(project)[2], "three.")]
