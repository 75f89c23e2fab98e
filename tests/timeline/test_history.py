from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.errors import NotFound
from audiostudio.timeline import edits
from audiostudio.timeline.history import History, Record, Step, Steps
from audiostudio.timeline.journal import frame, replay
from audiostudio.timeline.project import Project, Take, TakeCheck, VoiceChoice, new_project
from audiostudio.timeline.schema import decode, encode
from tests.timeline.documents import Edit, any_edit, make_check, make_take, take_for_some_line


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def typing(text: str) -> Edit:
    return lambda project: edits.set_text(project, text)


def without_takes(project: Project) -> Project:
    return replace(project, takes=())


@given(st.lists(any_edit, max_size=10))
def test_as_many_undos_as_edits_lead_back_and_as_many_redos_forth(made: list[Edit]) -> None:
    start = new_project("Film")
    history = History(start)
    states = [start]
    for edit in made:
        if history.edit("Edit", edit) != states[-1]:
            states.append(history.project)
    for state in reversed(states[:-1]):
        assert history.undo()
        assert history.project == state
    assert not history.undo()
    for state in states[1:]:
        assert history.redo()
        assert history.project == state
    assert not history.redo()


actions = st.lists(
    st.one_of(
        st.tuples(st.just("edit"), any_edit),
        st.tuples(st.just("typing"), any_edit),
        st.tuples(st.just("pause"), st.sampled_from([0.1, 5.0])),
        st.tuples(st.sampled_from(["undo", "redo", "freeze"]), st.none()),
        st.tuples(st.just("take"), st.integers(0, 5)),
        st.tuples(st.just("check"), st.integers(0, 5)),
    ),
    max_size=25,
)


@given(actions)
def test_whatever_is_done_takes_stay_and_the_journal_tells_it_all(done: list[tuple[str, object]]) -> None:
    clock = Clock()
    journal: list[Record] = []
    start = new_project("Film")
    history = History(start, clock=clock, log=journal.append)
    added: list[str] = []
    heard: dict[str, TakeCheck] = {}
    for kind, value in done:
        if kind in ("edit", "typing"):
            assert callable(value)
            history.edit(kind, value, merge_key="typing" if kind == "typing" else None)
        elif kind == "pause":
            assert isinstance(value, float)
            clock.seconds += value
        elif kind == "take":
            assert isinstance(value, int)
            take = take_for_some_line(history.project, value)
            added.append(take.id)
            history.add_takes(take)
        elif kind == "check":
            assert isinstance(value, int)
            checks = {one.id: make_check(float(value)) for one in history.project.takes[:value]}
            history.set_checks(checks)
            heard |= checks
        else:
            {"undo": history.undo, "redo": history.redo, "freeze": history.frozen}[kind]()
        assert [take.id for take in history.project.takes] == added
        assert {take.id: take.check for take in history.project.takes if take.check} == heard

    history.edit("Rename", lambda project: edits.rename_project(project, "Last"))  # ends a run of typing
    steps = Steps()
    document, followed, whole = replay(b"".join(map(frame, journal)), encode(start), steps)
    assert whole
    assert followed == len(journal)
    assert decode(Project, document) == history.project
    again = History(decode(Project, document), steps)
    while history.undo_label is not None:
        history.undo()
        again.undo()
        assert again.project == history.project
    assert again.undo_label is None
    assert without_takes(history.project) == start


def test_typing_is_one_step_until_the_writer_pauses() -> None:
    clock = Clock()
    history = History(new_project("Film"), clock=clock)
    for length in range(1, 6):
        clock.seconds += 0.3
        history.edit("Typing", typing("Hello"[:length]), merge_key="text")
    clock.seconds += 3
    history.edit("Typing", typing("Hello!"), merge_key="text")
    history.undo()
    assert history.project.text == "Hello"
    history.undo()
    assert history.project.text == ""
    assert history.undo_label is None
    history.redo()
    assert history.project.text == "Hello"


def test_another_key_or_no_key_begins_another_step() -> None:
    history = History(new_project("Film"), clock=Clock())
    history.edit("Typing", typing("a"), merge_key="text")
    history.edit("Rename", lambda project: edits.rename_project(project, "B"), merge_key="name")
    history.edit("Rename", lambda project: edits.rename_project(project, "C"))
    assert [history.undo() and history.project.name for _ in range(3)] == ["B", "Film", "Film"]


def test_typing_without_end_is_cut_into_steps() -> None:
    clock = Clock()
    history = History(new_project("Film"), clock=clock)
    for length in range(1, 100):
        clock.seconds += 0.5
        history.edit("Typing", typing("x" * length), merge_key="text")
    history.undo()
    assert 50 < len(history.project.text) < 99


def test_a_letter_typed_and_erased_leaves_no_step() -> None:
    history = History(new_project("Film"), clock=Clock())
    history.edit("Rename", lambda project: edits.rename_project(project, "Other"))
    history.edit("Typing", typing("a"), merge_key="text")
    history.edit("Typing", typing(""), merge_key="text")
    assert history.undo()
    assert history.project.name == "Film"


def test_a_merged_step_is_as_small_as_what_it_changed() -> None:
    history = History(new_project("Film"), clock=Clock())
    for length in range(1, 1000):
        history.edit("Typing", typing("x" * length), merge_key="text")
    assert history.frozen().undo[0].size < 1500


def test_undo_takes_back_the_last_decision_and_keeps_the_take_that_came_after() -> None:
    history = History(new_project("Film"))
    history.edit("Typing", typing("Hello world"))
    line = history.project.script.lines[0]
    history.edit("Voice", lambda project: edits.set_line_voice(project, line.id, VoiceChoice("am_adam")))
    history.add_takes(take := make_take(line.id))
    assert history.undo_label == "Voice"
    history.undo()
    history.undo()
    assert history.project.script.lines == ()
    assert history.project.takes == (take,)
    history.redo()
    assert history.project.current_take(history.project.line(line.id)) == take


def test_takes_that_land_while_someone_types_do_not_break_the_step() -> None:
    history = History(new_project("Film"), clock=Clock())
    taken: list[Take] = []
    for length in range(1, 12):
        history.edit("Typing", typing("Hello world"[:length]), merge_key="text")
        taken.append(make_take(history.project.script.lines[0].id))
        history.add_takes(taken[-1])
    history.undo()
    assert history.project.text == ""
    assert history.project.takes == tuple(taken)
    assert not history.undo()


def test_adding_a_take_does_not_forget_what_can_be_redone() -> None:
    history = History(new_project("Film"))
    history.edit("Typing", typing("Hello"))
    history.undo()
    history.add_takes(make_take("any"))
    assert history.redo()
    assert history.project.text == "Hello"
    assert len(history.project.takes) == 1


def test_choosing_and_removing_takes_can_be_undone() -> None:
    history = History(edits.set_text(new_project("Film"), "Hello world"))
    line_id = history.project.script.lines[0].id
    old, new = make_take(line_id), make_take(line_id)
    history.add_takes(old, new)

    def playing() -> Take | None:
        return history.project.current_take(history.project.line(line_id))

    assert playing() == new
    history.edit("Choose take", lambda project: edits.choose_take(project, line_id, old.id))
    assert playing() == old
    history.edit("Remove take", lambda project: edits.remove_take(project, old.id))
    assert playing() == new
    assert history.project.takes_of(line_id) == (new,)
    history.undo()
    assert playing() == old
    history.undo()
    assert playing() == new


def test_an_edit_that_fails_or_changes_nothing_leaves_no_trace() -> None:
    journal: list[Record] = []
    heard: list[object] = []
    history = History(new_project("Film"), log=journal.append)
    history.listen(lambda *change: heard.append(change))
    before = history.project
    with pytest.raises(NotFound):
        history.edit("Voice", lambda project: edits.set_line_voice(project, "gone", None))
    history.edit("Typing", typing(""))
    history.edit("Same name", lambda project: edits.rename_project(project, "Film"))
    assert history.project is before
    assert history.undo_label is None
    assert not journal
    assert not heard


def test_listeners_hear_before_and_after_until_they_leave() -> None:
    history = History(new_project("Film"))
    heard: list[tuple[str, str]] = []
    leave = history.listen(lambda before, after: heard.append((before.text, after.text)))
    history.edit("Typing", typing("a"))
    history.undo()
    history.redo()
    leave()
    history.undo()
    assert heard == [("", "a"), ("a", ""), ("", "a")]


def test_thousands_of_steps_and_then_the_oldest_are_forgotten() -> None:
    steps = Steps(limit=300_000)
    history = History(new_project("Film"), steps)
    for number in range(5000):
        history.edit("Typing", typing(str(number)))
    kept = history.frozen().undo
    assert 2000 < len(kept) < 5000
    assert sum(step.size for step in kept) <= 300_000
    for _ in kept:
        assert history.undo()
    assert history.project.text == str(4999 - len(kept))
    assert not history.undo()


def test_the_last_step_is_kept_however_large() -> None:
    history = History(new_project("Film"), Steps(limit=100))
    history.edit("Paste", typing("word " * 1000))
    assert history.undo()
    assert history.project.text == ""


def test_sizes_are_right_after_any_way_there_and_back() -> None:
    steps = Steps()
    history = History(new_project("Film"), steps)
    moves: list[Callable[[], object]] = [
        lambda: history.edit("Typing", typing(history.project.text + "x"), merge_key="t"),
        history.frozen,
        history.undo,
        history.redo,
    ]
    for number in range(60):
        moves[number * 7 % 11 % 4]()
        assert steps.size == sum(step.size for step in (*steps.undo, *steps.redo))


def test_a_step_says_how_large_it_is() -> None:
    assert Step("ab", ("1234", "5")).size == 7
