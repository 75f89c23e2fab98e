"""What the script editor is made of, without a window: wrapping, speakers, suggestions, chapters."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from audiostudio.engines.base import Option
from audiostudio.operations.studio import Studio
from audiostudio.profile import Profile
from audiostudio.script.importing import ImportedLine
from audiostudio.script.reading import problems, read
from audiostudio.script.spoken import Pause, Sentence
from audiostudio.timeline import edits
from audiostudio.timeline.project import Project, VoiceChoice, new_project
from audiostudio.ui.speech import speakers
from audiostudio.ui.speech.import_dialog import chapters
from audiostudio.ui.speech.marks import flat, is_markup, marks, without_tags
from audiostudio.ui.speech.options_panel import OptionsPanel
from audiostudio.ui.speech.pasting import is_script
from audiostudio.ui.speech.suggesting import gender_of, suggested
from audiostudio.ui.speech.voice_panel import VoicePanel
from audiostudio.ui.speech.voices import VoiceList
from audiostudio.ui.speech.wrapping import said_as, with_pause, wrapped
from audiostudio.ui.theme import Theme
from tests.ui.own_voices import make_voice

WORDS = st.lists(st.sampled_from(["amber", "breeze", "dune", "ember", "forest"]), min_size=3, max_size=8)


def project_of(*lines: str) -> Project:
    return edits.set_text(new_project("Test"), "\n".join(lines))


def spoken(text: str) -> list[str]:
    return [word.text for part in read(text, "en-us") if isinstance(part, Sentence) for word in part.words]


@given(WORDS, st.data())
def test_what_is_wrapped_says_the_same_words_with_what_was_asked(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    made = wrapped(text, start, end, "speed", "1.2")
    assert made.text[made.start : made.end] == text[start:end].strip()
    assert not problems(made.text)
    again = wrapped(made.text, made.start, made.end, "speed", "0.8")
    assert again.text == made.text.replace("1.2", "0.8")
    assert wrapped(again.text, again.start, again.end, "speed", None).text == text
    whole = made.text.index("[") if "[" in made.text else 0
    if "[" in made.text:
        closes = made.text.index("[/speed]") + len("[/speed]")
        assert wrapped(made.text, whole, closes, "speed", None).text == text


@given(WORDS, st.data())
def test_a_pause_stands_between_words_and_is_exactly_as_long(words: list[str], data: st.DataObject) -> None:
    text = " ".join(words)
    place = data.draw(st.sampled_from([0, *(i for i, one in enumerate(text) if one == " "), len(text)]))
    made, behind = with_pause(text, place, 0.75)
    pauses = [part.seconds for part in read(made, "en-us") if isinstance(part, Pause)]
    assert pauses == [0.75]
    assert spoken(made) == words
    assert "  " not in made
    longer, _ = with_pause(made, made.index("[pause") - (made[made.index("[pause") - 1 :][:1] == " "), 2.0)
    assert [part.seconds for part in read(longer, "en-us") if isinstance(part, Pause)] == [2.0]
    assert made[:behind].endswith("]")


def test_a_word_is_said_differently_and_differently_again() -> None:
    text = "The GIF is here."
    made, end = said_as(text, 4, 7, "jif", False)
    assert made == "The [say GIF|as jif] is here."
    assert made[:end].endswith("]")
    again, _ = said_as(made, 9, 12, "ɡɪf", True)
    assert again == "The [GIF](/ɡɪf/) is here."
    assert not problems(again)


def test_names_that_are_typed_or_pasted_become_speakers() -> None:
    project = project_of("EMMA: Hello.", "Anna: Hi.", "Note: no.", "EMMA: Bye.", "At 12:30 we go.")
    pasted = speakers.pasted_names(project, 0, 4)
    assert pasted is not None
    found = [(line.speaker, line.text) for line in pasted.script.lines]
    assert found[0] == ("EMMA", "Hello.")
    assert found[1] == ("Anna", "Hi.")
    assert found[2:] == [(None, "Note: no."), ("EMMA", "Bye."), (None, "At 12:30 we go.")]
    assert [line.id for line in pasted.script.lines] == [line.id for line in project.script.lines]
    typed = edits.set_line_text(pasted, pasted.script.lines[4].id, "Emma: Well")
    known = speakers.typed_name(typed, typed.script.lines[4])
    assert known is not None
    assert (known.script.lines[4].speaker, known.script.lines[4].text) == ("EMMA", "Well")
    stranger = edits.set_line_text(pasted, pasted.script.lines[4].id, "Somebody: Well")
    assert speakers.typed_name(stranger, stranger.script.lines[4]) is None


def test_speakers_are_renamed_and_merged_with_their_voices() -> None:
    project = project_of("One.", "Two.", "Three.")
    ids = [line.id for line in project.script.lines]
    project = speakers.set_speaker(speakers.set_speaker(project, ids[:2], "EMMA"), ids[2:], "JACK")
    project = edits.cast_all(project, {"EMMA": VoiceChoice("af_heart"), "JACK": VoiceChoice("am_adam")})
    renamed = speakers.rename(project, "EMMA", " Emily ")
    assert speakers.speakers(renamed) == ["Emily", "JACK"]
    assert renamed.voice_of(renamed.script.lines[0]).voice == "af_heart"
    merged = speakers.rename(renamed, "Emily", "JACK")
    assert speakers.speakers(merged) == ["JACK"]
    assert {merged.voice_of(line).voice for line in merged.script.lines} == {"am_adam"}
    gone = speakers.remove(merged, "JACK")
    assert speakers.speakers(gone) == []
    assert gone.voice_of(gone.script.lines[0]).voice == gone.voice.voice


def test_an_own_voice_is_suggested_for_its_namesake_alone(profile: Profile) -> None:
    studio = Studio(profile)
    emma = make_voice(studio, "Emma", engine="kokoro", gender="female").voice.id
    found = suggested(VoiceList(studio), ["SARAH", "EMMA"], "en-us")
    assert found["EMMA"] == emma
    assert found["SARAH"] != emma


def test_suggested_voices_fit_and_differ(profile: Profile) -> None:
    voices = VoiceList(Studio(profile))
    names = ["EMMA", "Jack", "Grandmother", "Mr Brown", "KESTREL", "Bella"]
    found = suggested(voices, names, "en-us", ["am_adam"])
    assert list(found) == names
    assert len({*found.values(), "am_adam"}) == len(names) + 1
    genders = {name: voices.get(voice).gender for name, voice in found.items()}
    assert (genders["Jack"], genders["Mr Brown"]) == ("male", "male")
    assert (genders["Grandmother"], genders["Bella"]) == ("female", "female")
    assert {voices.get(voice).language.split("-")[0] for voice in found.values()} == {"en"}
    assert not any(voices.engines[voices.get(voice).engine].capabilities.remote for voice in found.values())
    french = suggested(voices, ["Marie"], "fr")
    assert voices.get(french["Marie"]).language == "fr"
    assert gender_of("Zxq") == ""


def test_marks_that_are_laid_flat_cover_the_same_and_never_each_other() -> None:
    text = "[speed 1.2]x[/speed] [say GIF|as jif] [pause 1s] [shout] <prosody rate='slow'>y</prosody>"
    found = marks(text)
    laid = [mark for mark in flat(found) if mark.kind != "problem"]
    places = [place for mark in laid for place in range(mark.start, mark.end)]
    assert len(places) == len(set(places))
    assert set(places) == {at for mark in found if mark.kind != "problem" for at in range(mark.start, mark.end)}


def test_a_part_that_begins_or_ends_in_a_tag_is_moved_out_of_it() -> None:
    text = "🙂 a [speed 1.2]quick[/speed] fox"
    tag, word = text.index("[speed"), text.index("quick")
    assert without_tags(text, tag + 3, word + 5) == (word, word + 5)
    assert without_tags(text, word, word + 8) == (word, word + 5)
    assert without_tags(text, 0, 3) == (0, 3)
    assert is_markup(text, tag + 1, tag + 6)
    assert not is_markup(text, word, word + 5)
    said = "[Nginx](/ˈɛks/) here"
    assert not is_markup(said, 1, 6)
    assert is_markup(said, 9, 12)


@pytest.mark.parametrize(
    ("text", "looked_at"),
    [
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nHi", True),
        ("1\n00:00:01,000 --> 00:00:02,000\nHi", True),
        ("speaker,text\nEMMA,Hello", True),
        ("text\tvoice\nHello\taf_heart", True),
        ("The text, as we said, is here.\nAnd more.", False),
        ("EMMA: Hello.\nJACK: Hi, all.", False),
        ("text, voice", False),
    ],
)
def test_subtitles_and_tables_are_looked_at_before_they_are_pasted(text: str, looked_at: bool) -> None:
    assert is_script(text) == looked_at


def test_chapters_are_the_parts_under_the_highest_headings_of_which_there_are_several() -> None:
    def line(text: str) -> ImportedLine:
        return ImportedLine(text, heading=text.startswith("#"))

    lines = tuple(map(line, ["# Book", "Before.", "## One", "a", "### x", "## Two", "b", "c"]))
    assert [(one.title, one.first, one.last) for one in chapters(lines)] == [("One", 0, 5), ("Two", 5, 8)]
    assert chapters(tuple(map(line, ["# Only", "a"]))) == []


def test_an_engine_s_own_settings_become_controls_and_only_those_that_count_are_shown(
    qtbot: QtBot, theme: Theme
) -> None:
    options = (
        Option("model", "Model", "choice", "a", choices=(("a", "Model A"), ("b", "Model B"))),
        Option("style", "Style", "number", "0.5", only_for=(("model", ("b",)),)),
        Option("boost", "Boost", "switch", "true"),
        Option("note", "Note", "text", ""),
    )
    panel = OptionsPanel()
    qtbot.addWidget(panel)
    told: list[tuple[str, str | None]] = []
    panel.changed.connect(lambda name, value: told.append((name, value)))
    panel.show_options(options, {})
    panel.show()
    assert told == []
    assert panel.controls["model"].isVisible()
    assert not panel.controls["style"].isVisible()
    panel.controls["model"].setCurrentIndex(1)
    assert told.pop() == ("model", "b")
    panel.show_options(options, {"model": "b"})
    assert panel.controls["style"].isVisible()
    panel.controls["style"].set_value(0.75)
    assert told.pop() == ("style", "0.75")
    panel.show_options(options, {"model": "b", "style": "0.75"})
    panel.controls["style"].set_value(0.5)
    assert told.pop() == ("style", None), "at its default it is left out"
    panel.controls["boost"].click()
    assert told.pop() == ("boost", "false")
    qtbot.keyClicks(panel.controls["note"], "hello")
    qtbot.keyClick(panel.controls["note"], Qt.Key.Key_Return)
    assert told.pop() == ("note", "hello")


def test_a_delivery_is_settings_that_the_engine_has(qtbot: QtBot, theme: Theme, profile: Profile) -> None:
    panel = VoicePanel(VoiceList(Studio(profile)))
    qtbot.addWidget(panel)
    panel.show()
    changed: list[VoiceChoice] = []
    panel.changed.connect(lambda choice, _setting: changed.append(choice))
    panel.show_choice(VoiceChoice("af_heart"), "en-us")
    assert not panel.delivery.isVisible()
    qtbot.mouseClick(panel.more, Qt.MouseButton.LeftButton)
    assert panel.delivery.isVisible()
    assert panel.delivery.currentData() == "neutral"
    panel.delivery.setCurrentIndex(panel.delivery.findData("calm"))
    calm = changed.pop()
    assert (calm.speed, calm.pitch, calm.energy, calm.intonation) == (0.9, -0.5, -1.5, 0.8)
    panel.show_choice(calm, "en-us")
    assert panel.delivery.currentData() == "calm"
    panel.show_choice(replace(calm, speed=1.3), "en-us")
    assert panel.delivery.currentData() == ""
