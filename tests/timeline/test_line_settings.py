"""What a line asks for beside its words, and which takes still fulfil it."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from audiostudio.errors import NotFound, RequestError
from audiostudio.performance import PitchPoint, Voicing
from audiostudio.timeline import edits
from audiostudio.timeline.difference import apply, difference
from audiostudio.timeline.file import ProjectFile
from audiostudio.timeline.history import History
from audiostudio.timeline.project import (
    Line,
    Project,
    Pronunciation,
    Slot,
    TakeSource,
    TakeWord,
    VoiceChoice,
    VoiceOption,
    WordPerformance,
    new_project,
)
from audiostudio.timeline.schema import decode, encode
from tests.conftest import ROOT
from tests.timeline.documents import make_check, make_take

EMMA = VoiceChoice("bf_emma", 1.1)
LOWER = WordPerformance(1, "world", Voicing(pitch=-3.0, curve=(PitchPoint(0.5, 180.0),)))
GIF = Pronunciation("world", "wurld")


def project_of(text: str) -> Project:
    return edits.set_text(new_project("Film"), text)


def with_take(text: str = "Hello world", **settings: object) -> tuple[Project, str]:
    project = project_of(text)
    line = project.script.lines[0].id
    return edits.add_take(project, replace(make_take(line, text), **settings)), line  # type: ignore[arg-type]


def test_a_take_is_out_of_date_when_its_line_is_redrawn_and_current_again_when_that_is_taken_back() -> None:
    project, line = with_take()
    redrawn = edits.set_word_performance(project, line, LOWER)
    assert redrawn.current_takes() == {}
    back = edits.set_word_performance(redrawn, line, replace(LOWER, voicing=Voicing()))
    assert back.current_takes().keys() == {line}
    assert back.line(line).performance == ()
    made = edits.add_take(redrawn, replace(make_take(line), performance=(LOWER,)))
    assert made.current_takes()[line] is made.takes[1]


def test_a_take_is_out_of_date_when_a_word_of_it_is_said_differently() -> None:
    project, line = with_take()
    assert project.current_takes(lambda _: ()).keys() == {line}
    assert project.current_takes(lambda _: (GIF,)) == {}
    assert project.current_take(project.line(line), applying=lambda _: (GIF,)) is None
    made = edits.add_take(project, replace(make_take(line), pronunciations=(GIF,)))
    assert made.current_take(made.line(line), applying=lambda _: (GIF,)) is made.takes[1]


def test_a_take_fits_the_slot_it_was_made_for_wherever_that_is() -> None:
    project, line = with_take(fitted=2.5)
    assert project.current_takes() == {}
    slotted = edits.set_slot(project, line, Slot(1.0, 3.5))
    assert slotted.current_takes().keys() == {line}
    assert edits.set_slot(slotted, line, Slot(7.1, 9.6)).current_takes().keys() == {line}
    assert edits.set_slot(slotted, line, Slot(1.0, 3.0)).current_takes() == {}


@pytest.mark.parametrize("source", [TakeSource.RECORDED, TakeSource.IMPORTED])
def test_a_recording_is_current_until_the_words_change(source: TakeSource) -> None:
    project, line = with_take(source=source)
    changed = edits.set_default_voice(project, EMMA)
    changed = edits.set_slot(edits.set_word_performance(changed, line, LOWER), line, Slot(0, 3))
    assert changed.current_takes(lambda _: (GIF,)).keys() == {line}
    assert edits.set_text(changed, "Hello you").current_takes() == {}


def test_many_lines_are_changed_at_once_and_each_keeps_the_rest() -> None:
    project = edits.set_role(project_of("One\nTwo\nThree\nFour"), "Emma", EMMA)
    one, two, three, four = [line.id for line in project.script.lines]
    project = edits.set_line_voice(edits.set_speaker(project, one, "Emma"), two, VoiceChoice("am_adam", pitch=2.0))
    slow = edits.change_lines_voice(project, [one, two, three], lambda voice: replace(voice, speed=0.8))
    assert [line.voice for line in slow.script.lines] == [
        replace(EMMA, speed=0.8),
        VoiceChoice("am_adam", 0.8, 2.0),
        VoiceChoice("af_heart", 0.8),
        None,
    ]
    assert slow.script.lines[3] is project.script.lines[3]
    assert slow.voice_of(slow.line(one)).language == "en-us"
    adam = edits.set_lines_voice(slow, [three, four], VoiceChoice("am_adam"))
    assert [adam.voice_of(line).voice for line in adam.script.lines] == ["bf_emma", "am_adam", "am_adam", "am_adam"]
    assert edits.set_lines_voice(adam, [three, four], None).script.lines[3] == project.script.lines[3]
    with pytest.raises(NotFound):
        edits.set_lines_voice(project, [one, "gone"], EMMA)


def test_an_option_of_an_engine_is_set_and_goes_back_to_its_default() -> None:
    project = project_of("One")
    (line,) = [one.id for one in project.script.lines]
    loud = edits.set_voice_option(edits.set_voice_option(project, line, "style", "0.2"), line, "stability", "0.5")
    assert loud.line(line).voice == VoiceChoice(
        "af_heart", options=(VoiceOption("stability", "0.5"), VoiceOption("style", "0.2"))
    )
    plain = edits.set_voice_option(edits.set_voice_option(loud, line, "style", None), line, "stability", None)
    assert plain.voice_of(plain.line(line)) == project.voice_of(project.line(line))


def test_everyone_is_cast_at_once() -> None:
    cast = {"Emma": EMMA, "Noah": VoiceChoice("am_adam")}
    project = edits.cast_all(edits.set_role(project_of("x"), "Emma", VoiceChoice("af_sky")), cast)
    assert {role.name: role.voice for role in project.cast.roles} == cast


def test_a_word_has_an_entry_for_each_language() -> None:
    project = edits.set_pronunciation(project_of(""), "chat", "tchat", language="en-us")
    project = edits.set_pronunciation(project, "chat", "ʃa", ipa=True, language="fr", match_case=True)
    project = edits.set_pronunciation(project, "chat", "chatt", language="en-us", whole_word=False)
    assert project.dictionary == (
        Pronunciation("chat", "chatt", language="en-us", whole_word=False),
        Pronunciation("chat", "ʃa", True, "fr", True),
    )
    assert edits.set_pronunciation(project, "chat", None, language="fr").dictionary == project.dictionary[:1]
    assert edits.set_pronunciation(project, "chat", None).dictionary == project.dictionary
    for word, spoken in (("", "x"), ("x", " ")):
        with pytest.raises(RequestError):
            edits.set_pronunciation(project, word, spoken)


@pytest.mark.parametrize(
    "voicing",
    [
        Voicing(pitch=float("nan")),
        Voicing(speed=0.0),
        Voicing(seconds=-1.0),
        Voicing(gap=float("inf")),
        Voicing(curve=(PitchPoint(0.5, 0.0),)),
        Voicing(curve=(PitchPoint(1.5, 200.0),)),
        Voicing(phonemes=(float("inf"),)),
    ],
)
def test_what_cannot_be_performed_is_refused(voicing: Voicing) -> None:
    project = project_of("One")
    with pytest.raises(RequestError):
        edits.set_performance(project, project.script.lines[0].id, [WordPerformance(0, "One", voicing)])


@pytest.mark.parametrize("slot", [Slot(-1, 2), Slot(3, 2), Slot(0, float("inf")), Slot(float("nan"), 1)])
def test_a_slot_has_times_that_make_sense(slot: Slot) -> None:
    project = project_of("One")
    with pytest.raises(RequestError):
        edits.set_slot(project, project.script.lines[0].id, slot)


def test_a_drag_is_one_step() -> None:
    history = History(project_of("Hello world"))
    line = history.project.script.lines[0].id
    for semitones in range(1, 9):
        word = WordPerformance(1, "world", Voicing(pitch=float(semitones)))
        history.edit("Pitch", lambda p, word=word: edits.set_word_performance(p, line, word), "performance 1")
    assert history.project.line(line).performance == (WordPerformance(1, "world", Voicing(pitch=8.0)),)
    history.undo()
    assert history.project.line(line).performance == ()
    assert not history.undo()


def test_a_check_comes_to_its_take_without_a_step_and_no_undo_takes_it_away() -> None:
    history = History(project_of("Hello world"))
    line = history.project.script.lines[0].id
    history.add_takes(take := make_take(line), other := make_take(line))
    history.edit("Choose take", lambda project: edits.choose_take(project, line, take.id))
    history.edit("Remove take", lambda project: edits.remove_take(project, take.id))
    history.set_checks({take.id: make_check(), "gone": make_check()})
    assert history.undo_label == "Remove take"
    assert history.undo()
    assert history.undo()
    assert history.project.takes == (replace(take, check=make_check()), other)
    assert not history.undo()
    assert history.redo()
    assert history.project.current_take(history.project.line(line)) == history.project.takes[0]


def test_words_that_were_found_come_to_their_take_without_a_step_and_stay(tmp_path: Path) -> None:
    with ProjectFile.create(tmp_path, "Film") as session:
        session.edit("Paste", lambda p: edits.set_text(p, "Hello world"))
        line = session.project.script.lines[0].id
        bare = replace(make_take(line), words=(), source=TakeSource.RECORDED)
        session.add_takes(bare, other := make_take(line))
        session.edit("Choose take", lambda project: edits.choose_take(project, line, bare.id))
        words = (TakeWord("Hello", 0, 5, 480, 9600), TakeWord("world", 6, 11, 9700, 20000))
        session.set_words({bare.id: words, "gone": ()})
        assert session.undo()
        assert session.project.takes == (replace(bare, words=words), other)
    with ProjectFile.open(session.path) as again:
        assert again.project.takes == (replace(bare, words=words), other)
        assert again.redo()
        assert again.project.take(bare.id).words == words


def test_a_check_that_comes_while_something_is_dragged_stays() -> None:
    history = History(project_of("Hello world"))
    line = history.project.script.lines[0].id
    history.add_takes(take := make_take(line))
    for seconds in (0.5, 1.0, 1.5):
        history.edit("Pause", lambda p, s=seconds: edits.set_pause_before(p, line, s), "pause")
        history.set_checks({take.id: make_check(seconds)})
    history.undo()
    assert history.project.line(line).pause_before == 0.0
    assert history.project.takes[0].check == make_check(1.5)


def test_everything_survives_the_file_and_a_crash(tmp_path: Path) -> None:
    session = ProjectFile.create(tmp_path, "Film")
    session.edit("Paste", lambda p: edits.set_text(p, "Hello world\nAgain"))
    line = session.project.script.lines[0].id
    session.edit("Slot", lambda p: edits.set_slot(p, line, Slot(1.0, 2.25)))
    session.edit("Pitch", lambda p: edits.set_word_performance(p, line, LOWER))
    session.edit("Pause", lambda p: edits.set_pause_before(p, line, 0.5))
    session.edit("Option", lambda p: edits.set_voice_option(p, line, "seed", "7"))
    session.edit("Word", lambda p: edits.set_pronunciation(p, "chat", "ʃa", ipa=True, language="fr", whole_word=False))
    take = replace(
        make_take(line), source=TakeSource.RECORDED, performance=(LOWER,), pronunciations=(GIF,), fitted=1.25
    )
    session.add_takes(take)
    session.set_checks({take.id: make_check()})
    session.flush()
    crashed = shutil.copytree(session.path, tmp_path / "crashed")
    expected = session.project
    session.close()
    for path in (session.path, crashed):
        with ProjectFile.open(path) as again:
            assert again.project == expected
            assert isinstance(again.project.script.lines[0].slot, Slot)
            while again.undo():
                pass
            assert again.project.script.lines == ()


def test_takes_of_0_1_stay_current_and_its_file_takes_todays_changes(tmp_path: Path) -> None:
    path = Path(shutil.copytree(ROOT / "tests" / "data" / "projects" / "0.1 saved", tmp_path / "old"))
    old = json.loads((path / "project.json").read_text(encoding="utf-8"))["project"]
    assert "performance" not in old["takes"][0]
    project = ProjectFile.read(path)
    first = project.script.lines[0]
    assert project.current_take(first, applying=lambda _: ()) == project.takes[0]
    after = edits.set_pause_before(edits.set_word_performance(project, first.id, LOWER), first.id, 1.5)
    patch = difference(project, edits.remove_lines(after, [first.id]))
    changed = apply(difference(project, after), old)
    assert decode(Project, changed) == after
    assert decode(Project, apply(patch, old)).script.lines == project.script.lines[1:]


def test_a_line_of_an_earlier_program_is_read_with_todays_defaults() -> None:
    data = encode(Line("a", "Hello"))
    for name in ("pause_before", "performance", "slot"):
        del data[name]
    assert decode(Line, data) == Line("a", "Hello")
