from dataclasses import FrozenInstanceError, replace

import pytest

from audiostudio.errors import NotFound, RequestError
from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, Project, VoiceChoice, new_project
from tests.timeline.documents import make_take

EMMA, ADAM = VoiceChoice("bf_emma", 1.1), VoiceChoice("am_adam", pitch=-2.0)


def project_of(text: str) -> Project:
    return edits.set_text(new_project("Film"), text)


def ids(project: Project) -> list[str]:
    return [line.id for line in project.script.lines]


def test_a_document_cannot_be_changed_in_place() -> None:
    project = project_of("One")
    with pytest.raises(FrozenInstanceError):
        project.name = "Other"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        project.script.lines[0].text = "Two"  # type: ignore[misc]


def test_what_an_edit_does_not_touch_stays_the_same_object() -> None:
    project = project_of("One\nTwo\nThree")
    after = edits.set_text(project, "One\nTwo!\nThree")
    assert after.script.lines[0] is project.script.lines[0]
    assert after.script.lines[2] is project.script.lines[2]
    assert after.cast is project.cast
    assert edits.set_text(project, project.text) is project


def test_a_line_speaks_in_its_own_voice_else_its_roles_else_the_projects() -> None:
    project = edits.set_default_voice(project_of("Hello"), VoiceChoice("af_sky"))
    (line_id,) = ids(project)
    assert project.voice_of(project.line(line_id)) == VoiceChoice("af_sky", language="en-us")
    project = edits.set_speaker(edits.set_role(project, "Emma", EMMA), line_id, "Emma")
    assert project.voice_of(project.line(line_id)) == replace(EMMA, language="en-us")
    project = edits.set_line_voice(project, line_id, replace(ADAM, language="ja"))
    assert project.voice_of(project.line(line_id)) == replace(ADAM, language="ja")
    project = edits.set_role(edits.set_line_voice(project, line_id, None), "Emma", None)
    assert project.line(line_id).speaker == "Emma"
    assert project.voice_of(project.line(line_id)).voice == "af_sky"


def test_recasting_a_role_makes_its_takes_out_of_date_and_casting_back_current() -> None:
    project = edits.set_role(project_of("Hello world\nBye"), "Emma", EMMA)
    line_id, other = ids(project)
    project = edits.set_speaker(project, line_id, "Emma")
    project = edits.add_take(project, make_take(line_id, "Hello world", EMMA, key="emma"))
    assert project.current_takes().keys() == {line_id}
    recast = edits.set_role(project, "Emma", ADAM)
    assert recast.current_takes() == {}
    assert len(recast.takes_of(line_id)) == 1
    assert edits.set_role(recast, "Emma", EMMA).current_takes().keys() == {line_id}
    assert edits.set_language(project, "en-gb").current_takes() == {}
    assert other not in recast.current_takes()


def test_the_newest_take_plays_unless_one_was_chosen() -> None:
    project = project_of("Hello world")
    (line_id,) = ids(project)
    takes = [make_take(line_id) for _ in range(3)]
    for take in takes:
        project = edits.add_take(project, take)
    assert project.current_take(project.line(line_id)) == takes[2]
    chosen = edits.choose_take(project, line_id, takes[0].id)
    assert chosen.current_takes() == {line_id: takes[0]}
    assert edits.choose_take(chosen, line_id, None).current_takes() == {line_id: takes[2]}
    changed = edits.set_text(chosen, "Hello")
    assert changed.current_takes() == {}
    assert edits.remove_take(chosen, takes[0].id).current_takes() == {line_id: takes[2]}
    with pytest.raises(NotFound):
        edits.choose_take(project, line_id, make_take(line_id).id)


def test_a_take_of_another_line_cannot_be_chosen() -> None:
    project = project_of("One\nTwo")
    one, two = ids(project)
    take = make_take(one)
    with pytest.raises(RequestError, match="another line"):
        edits.choose_take(edits.add_take(project, take), two, take.id)


def test_lines_are_inserted_moved_and_removed() -> None:
    project = project_of("One\nTwo\nThree")
    one, two, three = ids(project)
    project = edits.move_line(project, one, 2)
    assert project.text == "Two\nThree\nOne"
    assert ids(project) == [two, three, one]
    project = edits.insert_line(project, 1, Line("new", "Inserted", speaker="Emma"))
    assert project.text == "Two\nInserted\nThree\nOne"
    project = edits.remove_lines(project, ["new", three])
    assert project.text == "Two\nOne"
    assert [line.id for line in project.script.cut] == ["new"]
    project = edits.insert_line(project, 0, project.script.cut[0])
    assert project.script.cut == ()
    with pytest.raises(RequestError):
        edits.insert_line(project, 0, Line("new", "Again"))
    with pytest.raises(RequestError):
        edits.insert_line(project, 0, Line("x", "a\nb"))
    with pytest.raises(RequestError):
        edits.set_line_text(project, one, "a\nb")


@pytest.mark.parametrize(
    "edit",
    [
        lambda p: edits.set_line_text(p, "gone", "x"),
        lambda p: edits.set_line_voice(p, "gone", EMMA),
        lambda p: edits.set_speaker(p, "gone", "Emma"),
        lambda p: edits.set_pause(p, "gone", 1.0),
        lambda p: edits.move_line(p, "gone", 0),
        lambda p: edits.remove_lines(p, ["gone"]),
        lambda p: edits.choose_take(p, "gone", None),
        lambda p: edits.remove_take(p, "gone"),
    ],
)
def test_what_is_not_there_cannot_be_changed(edit: object) -> None:
    assert callable(edit)
    with pytest.raises(NotFound):
        edit(project_of("One"))


@pytest.mark.parametrize("seconds", [-0.1, 3601.0, float("nan"), float("inf")])
def test_a_pause_has_a_length_that_makes_sense(seconds: float) -> None:
    project = project_of("One")
    with pytest.raises(RequestError):
        edits.set_pause(project, ids(project)[0], seconds)


def test_a_role_is_renamed_with_all_who_speak_as_it() -> None:
    project = edits.set_role(edits.set_role(project_of("One\nTwo"), "Emma", EMMA), "Adam", ADAM)
    one, two = ids(project)
    project = edits.rename_role(edits.set_speaker(project, one, "Emma"), "Emma", "Narrator")
    assert [role.name for role in project.cast.roles] == ["Narrator", "Adam"]
    assert [line.speaker for line in project.script.lines] == ["Narrator", None]
    assert edits.rename_role(project, "Adam", "Adam") == project
    with pytest.raises(RequestError):
        edits.rename_role(project, "Adam", "Narrator")
    assert project.line(two).speaker is None


def test_pronunciations_are_set_changed_and_forgotten() -> None:
    project = edits.set_pronunciation(project_of(""), "GIF", "jif")
    project = edits.set_pronunciation(edits.set_pronunciation(project, "SQL", "sequel"), "GIF", "gif")
    assert {entry.word: entry.spoken for entry in project.dictionary} == {"GIF": "gif", "SQL": "sequel"}
    assert [entry.word for entry in edits.set_pronunciation(project, "GIF", None).dictionary] == ["SQL"]


def test_a_project_needs_a_name() -> None:
    assert edits.rename_project(project_of(""), "Movie").name == "Movie"
    with pytest.raises(RequestError):
        edits.rename_project(project_of(""), " \n")


def test_a_takes_length() -> None:
    assert make_take("x").seconds == 1.0
    assert replace(make_take("x"), sample_rate=0).seconds == 0.0
