"""The timeline has the lines where a joined voiceover has them."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from audiostudio.operations.following import placed
from audiostudio.operations.lines import MadeLine, places, spoken_lines
from audiostudio.operations.script import Pronouncing, line_request
from audiostudio.timeline.editing import arranging, following
from audiostudio.timeline.project import Line, Project, Script, Slot, Take, TakeSource, new_project
from audiostudio.timeline.time import TICKS
from audiostudio.timeline.tracks import Timeline
from tests.timeline.documents import make_take

SAMPLE = TICKS // 48_000

lines = st.builds(
    Line,
    st.just(""),
    st.sampled_from(["Hello there.", "[pause 0.7s]", "", "Good [pause 0.2s] bye."]),
    pause_before=st.sampled_from([0.0, 0.123, 1.5]),
    pause_after=st.sampled_from([None, 0.0, 0.8]),
    slot=st.none() | st.floats(0, 60).map(lambda start: Slot(start, start + 2)),
)


def recorded(project: Project, lengths: list[int]) -> tuple[Project, dict[str, Take]]:
    """With a take of so many samples for each line."""
    takes = {
        line.id: replace(make_take(line.id, line.text), samples=length, source=TakeSource.RECORDED)
        for line, length in zip(project.script.lines, lengths, strict=False)
    }
    timeline = Timeline("t", "Main")
    return arranging.add_timeline(replace(project, takes=tuple(takes.values())), timeline), takes


@settings(max_examples=40)
@given(st.lists(lines, max_size=8), st.lists(st.integers(1, 300_000), min_size=8, max_size=8))
def test_lines_land_where_a_joined_voiceover_has_them(script: list[Line], lengths: list[int]) -> None:
    numbered = tuple([replace(line, id=str(number)) for number, line in enumerate(script)])
    project, takes = recorded(replace(new_project("Film"), script=Script(numbered)), lengths)
    asked = spoken_lines([line_request(project, line, Pronouncing(project)) for line in numbered])
    made = [MadeLine(one, "", takes[one.id].samples, "") for one in asked]
    after = following.land(project, "t", placed(project))
    starts = {clip.line: clip.start // SAMPLE for clip in after.timeline("t").clips()}
    assert starts == dict(zip([one.id for one in asked], places(made), strict=True))


def test_a_line_without_a_current_take_keeps_its_place_in_the_order() -> None:
    script = Script((Line("a", "One", speaker="Emma"), Line("b", "Two"), Line("c", "Three")))
    project, takes = recorded(replace(new_project("Film"), script=script), [48_000] * 3)
    del takes["b"]
    found = placed(project, takes, channels={takes["c"].asset.id: 2})
    assert [(one.line, one.take, one.speaker, one.channels) for one in found] == [
        ("a", takes["a"], "Emma", 1),
        ("b", None, None, 1),
        ("c", takes["c"], None, 2),
    ]
