"""Whose line is it after an edit?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.timeline import edits
from audiostudio.timeline.alignment import align
from audiostudio.timeline.project import Project, VoiceChoice, new_project
from tests.timeline.documents import make_take, texts

EMMA = VoiceChoice("bf_emma")


def project_of(*lines: str) -> Project:
    return edits.set_text(new_project("Film"), "\n".join(lines))


def whence(before: list[str], after: list[str]) -> list[str | None]:
    """For each line after: what the line with its id said before."""
    project = project_of(*before)
    said = {line.id: line.text for line in project.script.lines}
    return [said.get(line.id) for line in edits.set_text(project, "\n".join(after)).script.lines]


@given(st.lists(texts, max_size=6))
def test_the_text_is_what_was_typed(scripts: list[str]) -> None:
    project = new_project("Film")
    for text in scripts:
        project = edits.set_text(project, text)
        assert project.text == text
        ids = [line.id for line in project.script.lines]
        assert len(set(ids)) == len(ids)
        assert not set(ids) & {line.id for line in project.script.cut}


@given(st.lists(st.sampled_from(["", "a", "b", "a b c", "a b d"]), max_size=9).flatmap(
    lambda old: st.tuples(st.just(old), st.lists(st.sampled_from(["", "a", "b", "a b c", "a b d", "x"]), max_size=9))
))  # fmt: skip
def test_every_old_line_is_used_once_or_removed(scripts: tuple[list[str], list[str]]) -> None:
    old, new = scripts
    found = align(old, new)
    if found is None:
        assert old == new
        return
    used = [source.line for source in found.sources if source.line is not None]
    middle = range(found.start, len(old) - found.end)
    assert sorted([*used, *found.removed]) == list(middle)
    assert len(found.sources) == len(new) - found.start - found.end


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param(["One", "Two"], ["One", "Two!"], ["One", "Two"], id="a letter is typed"),
        pytest.param(["One", "Two", "Three"], ["One", "Nothing alike", "Three"], ["One", "Two", "Three"], id="retyped"),
        pytest.param(["One", "Two"], ["One", "", "Two"], ["One", None, "Two"], id="a blank line between"),
        pytest.param(["One", "Two", "Three"], ["Three", "One", "Two"], ["Three", "One", "Two"], id="moved up"),
        pytest.param(["A", "B", "C", "D"], ["D", "C", "B", "A"], ["D", "C", "B", "A"], id="turned round"),
        pytest.param(["One", "Two", "Three"], ["One", "Three"], ["One", "Three"], id="removed"),
        pytest.param(["Yes.", "No.", "Yes."], ["No.", "Yes."], ["No.", "Yes."], id="the first of two alike removed"),
        pytest.param(
            ["Hello world, how are you?"],
            ["Hello world,", "how are you?"],
            [None, "Hello world, how are you?"],
            id="split: the longer part stays",
        ),
        pytest.param(
            ["Good morning", "to all of you out there"],
            ["Good morning to all of you out there"],
            ["to all of you out there"],
            id="joined: the longer part stays",
        ),
        pytest.param(
            ["I like red cats", "", "I like red dogs", "", "I like red birds"],
            ["I like big cats", "", "I like big dogs", "", "I like big birds"],
            ["I like red cats", "", "I like red dogs", "", "I like red birds"],
            id="replaced everywhere",
        ),
        pytest.param(
            ["The sun rises over hills", "Birds begin to sing"],
            ["Once upon a time", "there lived a king", "who had no crown"],
            [None, None, None],
            id="another script",
        ),
        pytest.param(
            ["A first thought", "A second thought here"],
            ["A first thought", "Something new altogether", "A second thought there"],
            ["A first thought", None, "A second thought here"],
            id="one new beside one changed",
        ),
    ],
)
def test_lines_keep_their_identity(before: list[str], after: list[str], expected: list[str | None]) -> None:
    assert whence(before, after) == expected


def test_a_changed_line_keeps_voice_pause_and_takes() -> None:
    project = project_of("Hello world", "Bye")
    line = project.script.lines[0]
    project = edits.set_pause(edits.set_line_voice(project, line.id, EMMA), line.id, 1.5)
    project = edits.add_take(project, make_take(line.id, "Hello world", EMMA))
    changed = edits.set_text(project, "Hello there world\nBye")
    after = changed.line(line.id)
    assert (after.voice, after.pause_after) == (EMMA, 1.5)
    assert len(changed.takes_of(line.id)) == 1
    assert project.current_take(project.line(line.id)) is not None
    assert changed.current_take(after) is None
    again = edits.set_text(changed, "Hello world\nBye")
    assert again.current_take(again.line(line.id)) == project.takes[0]


def test_the_pieces_of_a_split_line_speak_as_it_did() -> None:
    project = project_of("Narration", "Come in and take a seat, please.", "End")
    emma = project.script.lines[1]
    project = edits.set_speaker(edits.set_line_voice(project, emma.id, EMMA), emma.id, "Emma")
    split = edits.set_text(project, "Narration\nCome in \nand take \na seat, please.\nEnd")
    assert [line.voice for line in split.script.lines] == [None, EMMA, EMMA, EMMA, None]
    assert [line.speaker for line in split.script.lines] == [None, "Emma", "Emma", "Emma", None]
    new = edits.set_text(project, "Narration\nCome in and take a seat, please.\n\nEnd")
    assert [line.voice for line in new.script.lines] == [None, EMMA, None, None]


def test_a_line_that_is_cut_and_pasted_comes_back_whole() -> None:
    project = project_of("One", "Two", "Three")
    two = project.script.lines[1]
    project = edits.add_take(edits.set_line_voice(project, two.id, EMMA), make_take(two.id, "Two", EMMA))
    cut = edits.set_text(project, "One\nThree")
    assert [line.id for line in cut.script.cut] == [two.id]
    pasted = edits.set_text(cut, "One\nThree\nTwo")
    line = pasted.script.lines[2]
    assert (line.id, line.voice) == (two.id, EMMA)
    assert pasted.current_take(line) is not None
    assert pasted.script.cut == ()


def test_lines_with_nothing_to_lose_are_not_kept() -> None:
    assert edits.set_text(project_of("One", "Two"), "").script.cut == ()


def test_the_store_of_cut_lines_is_bounded() -> None:
    project = project_of(*(f"Line {n}" for n in range(500)))
    for line in project.script.lines:
        project = edits.set_speaker(project, line.id, "Emma")
    cut = edits.set_text(project, "").script.cut
    assert [line.text for line in cut] == [f"Line {n}" for n in range(300, 500)]


@pytest.mark.long
@pytest.mark.parametrize("unit", ["x", "x\n", "\n", "a\nb\n", "word ", "\nq w e r t y\n\n"])
def test_hostile_scripts_are_aligned_in_linear_time(unit: str) -> None:
    big = unit * (100_000 // len(unit))
    project = edits.set_text(new_project("Film"), big)
    for text in (big[::-1], "start" + big, big + "end", big.replace("a", "c"), big[: len(big) // 2] + "!\n?" + big, ""):
        project = edits.set_text(project, text)
        assert project.text == text
