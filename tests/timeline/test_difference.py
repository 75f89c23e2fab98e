import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiostudio.timeline import edits
from audiostudio.timeline.difference import PatchMismatch, apply, common_prefix, common_suffix, difference
from audiostudio.timeline.history import dump
from audiostudio.timeline.project import Line, Project, Script, new_project
from audiostudio.timeline.schema import encode
from tests.timeline.documents import Edit, any_edit, make_take


def script_of(count: int) -> Project:
    return edits.set_text(new_project("Film"), "\n".join(f"This is line {n} of a script." for n in range(count)))


@given(st.lists(any_edit, max_size=8), st.lists(any_edit, max_size=8))
def test_a_difference_leads_there_and_back(first: list[Edit], second: list[Edit]) -> None:
    before = new_project("Film")
    for edit in first:
        before = edit(before)
    after = before
    for edit in second:
        after = edit(after)
    patch = difference(before, after)
    if patch is None:
        assert before == after
        return
    assert apply(patch, before) == after
    assert apply(patch, after, reverse=True) == before
    stored = json.loads(json.dumps(patch))
    assert apply(stored, before) == after
    assert apply(stored, encode(before)) == encode(after)
    assert apply(stored, encode(after), reverse=True) == encode(before)


@given(st.permutations(range(12)), st.sets(st.integers(0, 11)), st.sets(st.integers(12, 20)))
def test_items_may_move_go_and_come_all_at_once(order: list[int], gone: set[int], come: set[int]) -> None:
    project = script_of(12)
    lines = project.script.lines
    changed = [replace(lines[n], text=lines[n].text + "?") if n % 3 else lines[n] for n in order if n not in gone]
    new = [Line(f"new {n}", "x") for n in come]
    after = replace(project, script=Script(tuple(changed[:4] + new + changed[4:])))
    patch = difference(project, after)
    if patch is not None:
        assert apply(patch, project) == after
        assert apply(patch, after, reverse=True) == project


def test_one_character_in_a_long_script_is_a_small_patch() -> None:
    project = script_of(200)
    text = project.text
    patch = difference(project, edits.set_text(project, text[:3000] + "x" + text[3000:]))
    assert len(dump(patch)) < 150


def test_two_distant_changes_do_not_take_what_lies_between() -> None:
    project = script_of(1000)
    lines = project.text.split("\n")
    after = edits.set_text(project, "\n".join(["A new first line.", *lines[:-1], "The last line changed."]))
    assert len(dump(difference(project, after))) < 700


def test_a_take_that_was_added_is_all_there_is_in_its_patch() -> None:
    project = script_of(3)
    for line in project.script.lines * 40:
        project = edits.add_take(project, make_take(line.id))
    added = make_take(project.script.lines[1].id)
    patch = difference(project, edits.add_take(project, added))
    assert len(dump(patch)) < len(dump(encode(added))) + 60


def test_a_patch_for_another_document_is_refused() -> None:
    project = script_of(3)
    patch = difference(project, edits.set_text(project, project.text + "!"))
    assert patch is not None
    for other in (script_of(2), edits.set_text(project, "x\ny\nz"), new_project("Film")):
        with pytest.raises(PatchMismatch):
            apply(patch, other)
    for broken in (["items", []], ["fields", {"no": ["=", 1, 2]}], ["?", 1, 2], ["fields", 5], [], ["=", 1, 2, 3, 4]):
        with pytest.raises(PatchMismatch):
            apply(broken, project)


@given(st.text("ab🎬", max_size=9), st.text("ab🎬", max_size=9))
def test_common_ends(one: str, other: str) -> None:
    start, end = common_prefix(one, other), common_suffix(one, other)
    assert one[:start] == other[:start]
    assert one[start : start + 1] != other[start : start + 1] or start == min(len(one), len(other))
    assert one[len(one) - end :] == other[len(other) - end :]
    assert end == min(len(one), len(other)) or one[-end - 1] != other[-end - 1]
