"""The plain parts of the tab: what is made, what sounds when, which voices are found. No window."""

import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.engines.environments.store import Environments
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.timeline import edits
from audiostudio.timeline.project import (
    LINE_PAUSE,
    AssetReference,
    Project,
    Slot,
    Take,
    TakeWord,
    VoiceChoice,
    new_project,
)
from audiostudio.ui.speech.differing import difference
from audiostudio.ui.speech.line_menu import use_take
from audiostudio.ui.speech.marks import characters, marks, utf16
from audiostudio.ui.speech.script import (
    LineState,
    ScriptState,
    first_sentence,
    has_take,
    preview_lines,
    request,
)
from audiostudio.ui.speech.voiceover import RATE, Voiceover
from audiostudio.ui.speech.voices import Filter, VoiceList, by_category, mixed, parts_of, preview_choice, unfetched
from tests.ui.own_voices import make_voice
from tests.ui.speaking import sentence


def take_of(project: Project, number: int, seconds: float = 1.0, voice: VoiceChoice | None = None) -> Take:
    line = project.script.lines[number]
    samples = round(seconds * RATE)
    words = line.text.split()
    step = samples // max(1, len(words))
    places = tuple(
        TakeWord(word, line.text.index(word), line.text.index(word) + len(word), n * step, n * step + step // 2)
        for n, word in enumerate(words)
    )
    asset = AssetReference(f"asset-{line.text}", "hash", "a.wav")
    return Take(
        f"take-{number}-{random.random()}", line.id, asset, line.text, line.text, voice or project.voice_of(line),
        samples, RATE, places,
    )  # fmt: skip


def made(project: Project, *numbers: int) -> Project:
    for number in numbers:
        project = edits.add_take(project, take_of(project, number))
    return project


def project_of(*texts: str) -> Project:
    return edits.set_text(new_project("P"), "\n".join(texts))


def test_each_line_has_its_state() -> None:
    project = made(project_of("One.", "", "Two.", "[pause 1s]", "Three."), 0, 2)
    state = ScriptState(project)
    lines = project.script.lines
    assert [state.state(line) for line in lines] == [
        LineState.MADE, LineState.EMPTY, LineState.MADE, LineState.EMPTY, LineState.NEW,
    ]  # fmt: skip
    state.follow(edits.set_line_text(project, lines[2].id, "Two and a half."))
    state.set_making([lines[4].id])
    assert state.state(state.project.script.lines[2]) is LineState.CHANGED
    assert state.state(state.project.script.lines[4]) is LineState.MAKING
    state.set_making([])
    state.set_failed(state.project.script.lines[4])
    assert state.state(state.project.script.lines[4]) is LineState.FAILED
    changed = edits.set_line_text(state.project, lines[4].id, "Three, again.")
    state.follow(changed)
    assert state.state(changed.script.lines[4]) is LineState.NEW


def test_another_voice_makes_all_lines_that_follow_it_anew() -> None:
    project = made(project_of("One.", "Two.", "Three."), 0, 1, 2)
    own = edits.set_line_voice(project, project.script.lines[1].id, project.voice_of(project.script.lines[1]))
    changed = edits.set_default_voice(own, VoiceChoice("am_adam"))
    assert [line.text for line in ScriptState(changed).unmade()] == ["One.", "Three."]
    assert ScriptState(project).unmade() == []


def test_figures_count_what_is_made_exactly_and_estimate_the_rest() -> None:
    project = made(project_of("One two three.", "🙂", "Four five."), 0)
    one = ScriptState(project).summary()
    assert (one.characters, one.words, one.lines, one.unmade) == (len(project.text), 6, 2, 1)
    assert 1.0 < one.seconds < 4.0


def test_the_length_of_what_is_all_made_is_that_of_the_voiceover() -> None:
    project = made(project_of("One two.", "[pause 0.5s]", "Three.", "", "Four."), 0, 2, 4)
    state = ScriptState(edits.set_pause(project, project.script.lines[2].id, 1.5))
    assert state.summary().unmade == 0
    assert state.summary().seconds == pytest.approx(Voiceover.of(state).seconds)


def test_the_length_of_a_dubbing_is_that_of_its_slots() -> None:
    project = project_of("One.", "Two.", "Three.")
    ids = [line.id for line in project.script.lines]
    for number, slot in ((0, Slot(2.0, 4.0)), (1, Slot(2.5, 4.5))):
        project = edits.set_slot(project, ids[number], slot)
    for number in range(3):
        fitted = project.script.lines[number].fit
        project = edits.add_take(project, replace(take_of(project, number), fitted=fitted))
    state = ScriptState(project)
    assert state.summary().unmade == 0
    assert state.summary().seconds == pytest.approx(2.0 + 1.0 + 1.0 + LINE_PAUSE + 1.0)
    assert Voiceover.of(state).seconds == pytest.approx(state.summary().seconds)


def test_a_take_the_project_knows_is_not_added_twice() -> None:
    project = project_of("One.")
    take = take_of(project, 0)
    assert has_take([take], take_of(project, 0))
    assert not has_take([take], take_of(project, 0, voice=VoiceChoice("am_adam")))


def test_requests_hold_every_line_with_its_own_voice_and_pause() -> None:
    project = project_of("One.", "", "Two.")
    two = project.script.lines[2].id
    project = edits.set_pause(edits.set_line_voice(project, two, VoiceChoice("am_adam", 1.5, -2.0)), two, 1.25)
    first, second = request(project, Path("harbour"))["lines"]
    assert (first["text"], first["voice"], first["language"], first["pause_after"]) == (
        "One.",
        "af_heart",
        "en-us",
        None,
    )
    assert (second["voice"], second["speed"], second["pitch"], second["pause_after"]) == ("am_adam", 1.5, -2.0, 1.25)


def test_an_earlier_take_comes_back_with_words_and_voice() -> None:
    project = made(project_of("One."), 0)
    old = project.takes[0]
    project = edits.set_default_voice(edits.set_line_text(project, old.line, "Another."), VoiceChoice("am_adam"))
    back = use_take(project, old)
    assert back.text == "One."
    assert back.current_take(back.script.lines[0]) is old
    assert back.voice == project.voice
    again = use_take(edits.set_default_voice(back, VoiceChoice("af_heart")), old)
    assert again.script.lines[0].voice is None


def test_the_first_sentence_is_the_first_that_can_be_spoken() -> None:
    assert first_sentence(project_of("", "🙂", "[pause 1s] Hello there, friend. And more.")) == "Hello there, friend."
    assert first_sentence(project_of("", "…")) == ""


def test_a_preview_is_whole_lines() -> None:
    project = project_of("One.", "Two.", "Three.")
    assert [line.text for line in preview_lines(project, 1)] == ["Two.", "Three."]
    assert preview_lines(project, 3) == []
    long = project_of(*["word " * 100] * 50)
    assert 1 <= len(preview_lines(long, 0)) < 4


def test_a_voiceover_puts_takes_one_after_the_other() -> None:
    project = made(project_of("One two.", "[pause 0.5s]", "Three.", "Four."), 0, 2)
    voiceover = Voiceover.of(ScriptState(project))
    first, second = voiceover.places
    assert (first.start, second.start) == (0, RATE + round(0.85 * RATE))
    assert voiceover.missing == 1
    assert voiceover.at(0.1).word.text == "One"
    assert voiceover.at(0.3).word is None
    assert voiceover.at(1.2) is None
    assert voiceover.at(voiceover.seconds) is None
    assert voiceover.start_of(project.script.lines[2].id) == second.start / RATE
    assert [word.text for word in voiceover.words()] == ["One", "two.", "Three."]
    longer = Voiceover.of(ScriptState(made(project, 3)))
    assert longer.goes_on(voiceover)
    assert not voiceover.goes_on(longer)


@given(st.text(), st.data())
def test_places_in_qt_s_counting_are_places_in_characters(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    assert utf16(text, offset) == len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2


@given(st.text(alphabet="ab\n", max_size=40), st.text(alphabet="ab\n", max_size=40))
def test_what_differs_between_two_texts_is_found(old: str, new: str) -> None:
    start, end = difference(old, new)
    assert old[:start] == new[:start]
    assert start + end <= min(len(old), len(new))
    assert old[:start] + new[start : len(new) - end] + old[len(old) - end :] == new


def test_marks_tell_pauses_from_what_is_not_understood() -> None:
    pause, value, problem = marks("🙂 [pause 500ms] and [shout]")
    assert (pause.kind, pause.start, pause.end) == ("pause", 3, 16)
    assert (value.kind, value.start, value.end) == ("argument", 10, 15)
    assert (problem.kind, problem.start, problem.end) == ("problem", 21, 28)
    assert "[shout]" in problem.message


def test_a_voice_that_is_not_there_is_marked_where_its_name_stands() -> None:
    found = marks("[voice nobody]Hi[/voice] [voice tone]ho[/voice]", frozenset({"tone"}))
    (problem,) = [mark for mark in found if mark.kind == "problem"]
    assert "nobody" in problem.message


@given(st.text(max_size=40), st.data())
def test_places_of_qt_are_places_of_characters(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    assert characters(text, utf16(text, offset)) == offset


@pytest.fixture
def voices(profile: Profile) -> VoiceList:
    return VoiceList(Studio(profile))


def test_voices_are_found_by_any_of_their_words(voices: VoiceList) -> None:
    assert "af_bella" in [voice.id for voice in voices.found(Filter("bella"))]
    assert {voice.accent for voice in voices.found(Filter("BRITISH female"))} == {"British"}
    assert {voice.gender for voice in voices.found(Filter(gender="male"))} == {"male"}
    assert {voice.language for voice in voices.found(Filter(language="hi"))} == {"hi"}
    assert voices.found(Filter(sentence())) == []
    assert [v.id for v in voices.found(Filter(favourites=True), frozenset({"am_adam"}))] == ["am_adam"]
    assert len(voices.found(Filter())) == len(voices.voices) >= 56


def test_a_mix_is_written_as_engines_read_it(voices: VoiceList) -> None:
    mix = mixed("af_heart", "am_adam", 0.4)
    assert parts_of(mix) == [("af_heart", pytest.approx(0.6)), ("am_adam", pytest.approx(0.4))]
    assert voices.engine(mix).name == "kokoro"
    assert voices.title(mix) == "Heart 60% + Adam 40%"
    assert mixed("af_heart", "am_adam", 0.0) == mixed("af_heart", "af_heart", 0.5) == "af_heart"
    assert parts_of("no voice at all:") == [("no voice at all:", 1.0)]


def test_a_voice_of_another_language_speaks_its_own(voices: VoiceList) -> None:
    project = project_of("Hello.")
    assert preview_choice(voices, project.voice, project.language, "am_adam").language == "en-us"
    hindi = next(voice.id for voice in voices.voices if voice.language == "hi")
    assert preview_choice(voices, project.voice, project.language, hindi).language == "hi"
    assert voices.chosen_with(VoiceChoice(hindi, language="hi"), "af_heart", "en-us").language is None
    kept = voices.chosen_with(VoiceChoice("af_heart", 1.5, 3.0), "am_adam", "en-us")
    assert (kept.speed, kept.pitch) == (1.5, 3.0)


def test_what_a_voice_needs_is_named_before_it_speaks(voices: VoiceList) -> None:
    assert [model.name for model in unfetched(voices, ["af_heart", "tone", "am_adam"])] == ["kokoro", "kokoro-voices"]
    assert voices.missing("tone") == ()
    assert voices.missing("of nobody") == ()


def test_instant_speech_uses_an_instant_voice_of_the_language(voices: VoiceList) -> None:
    english, hindi = VoiceChoice("af_heart", 1.2, language="en-us"), VoiceChoice("hf_alpha", language="hi")
    assert voices.instant(english) == VoiceChoice("hibari_heart", 1.2, 0.0, "en-us")
    assert voices.instant(hindi) == hindi
    assert voices.instant(VoiceChoice("tone")) == VoiceChoice("tone")


def test_own_voices_stand_first_and_no_voice_is_offered_twice(profile: Profile, environments: Environments) -> None:
    profile.engines.mkdir(parents=True)
    (profile.engines / "torch").symlink_to(environments.folder / "torch", target_is_directory=True)
    studio = Studio(profile)
    own = make_voice(studio, "Maya")
    voices = VoiceList(studio)
    offered = voices.found(Filter())
    assert [voice for voice in voices.voices if voice.engine == "kokoro-torch"]
    assert not [voice for voice in offered if voice.engine == "kokoro-torch"]
    groups = by_category(offered)
    assert [name for name, _ in groups][:2] == ["mine", "standard"]
    assert [voice.id for voice in groups[0][1]] == [own.voice.id]
