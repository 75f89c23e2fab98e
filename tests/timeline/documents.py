"""Projects and edits made up by hypothesis."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hypothesis import strategies as st

from audiostudio.performance import PitchPoint, Voicing
from audiostudio.timeline import edits
from audiostudio.timeline.project import (
    AssetReference,
    Line,
    Project,
    Slot,
    Take,
    TakeCheck,
    TakeWord,
    VoiceChoice,
    VoiceOption,
    WordPerformance,
    new_id,
)

Edit = Callable[[Project], Project]

texts = st.text(st.sampled_from("ab é\n\n \t\r\u2028🎬გ") | st.characters(), max_size=40)
"""Scripts, with many line feeds and everything else that Unicode has."""
one_line = st.text(max_size=12).map(lambda text: text.replace("\n", " "))
voices = st.builds(
    VoiceChoice,
    st.sampled_from(["af_heart", "am_adam", "af_heart:0.6+am_adam:0.4"]),
    st.floats(0.5, 2.0),
    st.floats(-12, 12),
    st.none() | st.sampled_from(["en-gb", "ja"]),
    st.sampled_from([0.0, -3.0]),
    st.sampled_from([1.0, 0.4]),
    st.sampled_from([(), (VoiceOption("seed", "4"), VoiceOption("stability", "0.5"))]),
)
voicings = st.builds(
    Voicing,
    speed=st.floats(0.5, 2.0),
    pitch=st.floats(-12, 12),
    seconds=st.none() | st.floats(0, 3),
    curve=st.lists(st.builds(PitchPoint, st.floats(0, 1), st.floats(40, 600)), max_size=3).map(tuple),
    gap=st.none() | st.floats(0, 2),
)
performances = st.lists(st.builds(WordPerformance, st.integers(0, 5), st.just("word"), voicings), max_size=3)
slots = st.none() | st.builds(lambda start, length: Slot(start, start + length), st.floats(0, 90), st.floats(0.5, 9))
indices = st.integers(0, 7)


def make_take(line_id: str, text: str = "Hello world", voice: VoiceChoice | None = None, key: str = "key") -> Take:
    words = tuple(TakeWord(word, i, i + len(word), i * 4800, i * 4800 + 2400) for i, word in enumerate(text.split()))
    asset = AssetReference(new_id(), "5f" * 16, "2026-11-21 Hello – Heart.wav")
    return Take(
        new_id(),
        line_id,
        asset,
        key,
        text,
        replace(voice or VoiceChoice("af_heart"), language="en-us"),
        48000,
        48000,
        words,
        "2026-11-21",
    )


def _on_some_line(index: int, edit: Callable[[Project, str], Project], project: Project) -> Project:
    lines = project.script.lines
    return edit(project, lines[index % len(lines)].id) if lines else project


def _replace_some(text: str, start: int, end: int, project: Project) -> Project:
    old = project.text
    return edits.set_text(project, old[: start % (len(old) + 1)] + text + old[end % (len(old) + 1) :])


def _choose(index: int, project: Project) -> Project:
    if not project.takes:
        return project
    take = project.takes[index % len(project.takes)]
    present = any(line.id == take.line for line in project.script.lines)
    return edits.choose_take(project, take.line, take.id) if present else project


def _remove_take(index: int, project: Project) -> Project:
    return edits.remove_take(project, project.takes[index % len(project.takes)].id) if project.takes else project


def _at_line(make: Callable[..., Project], values: st.SearchStrategy[object]) -> st.SearchStrategy[Edit]:
    def build(index: int, value: object) -> Edit:
        return partial(_on_some_line, index, lambda project, line_id: make(project, line_id, value))

    return st.builds(build, indices, values)


def _option(project: Project, line_id: str, value: str | None) -> Project:
    return edits.set_voice_option(project, line_id, "stability", value)


any_edit: st.SearchStrategy[Edit] = st.one_of(
    st.builds(lambda text: partial(edits.set_text, text=text), texts),
    st.builds(lambda text, start, end: partial(_replace_some, text, start, end), texts, indices, indices),
    st.builds(
        lambda index, text: lambda project: edits.insert_line(project, index, Line(new_id(), text)), indices, one_line
    ),
    _at_line(edits.set_line_text, one_line),
    _at_line(edits.set_line_voice, st.none() | voices),
    _at_line(edits.set_speaker, st.none() | st.sampled_from(["Emma", "Noah"])),
    _at_line(edits.set_pause, st.none() | st.floats(0, 10)),
    _at_line(edits.set_pause_before, st.floats(0, 10)),
    _at_line(edits.set_performance, performances),
    _at_line(edits.set_slot, slots),
    _at_line(_option, st.none() | st.sampled_from(["0.1", "0.9"])),
    _at_line(edits.move_line, indices),
    st.builds(lambda voice: lambda p: edits.set_lines_voice(p, [x.id for x in p.script.lines[:3]], voice), voices),
    st.builds(lambda voice: partial(edits.cast_all, voices={"Emma": voice, "Mia": voice}), voices),
    st.builds(
        lambda index: partial(_on_some_line, index, lambda project, line: edits.remove_lines(project, [line])), indices
    ),
    st.builds(lambda voice: partial(edits.set_default_voice, voice=voice), voices),
    st.builds(
        lambda name, voice: partial(edits.set_role, name=name, voice=voice),
        st.sampled_from(["Emma", "Noah"]),
        st.none() | voices,
    ),
    st.builds(
        lambda word, spoken, language: partial(
            edits.set_pronunciation, word=f"x{word}", spoken=spoken, language=language, match_case=word.isupper()
        ),
        one_line,
        st.none() | st.just("spoken"),
        st.none() | st.just("en-gb"),
    ),
    st.builds(lambda name: partial(edits.rename_project, name=name + "!"), one_line),
    st.builds(lambda index: partial(_choose, index), indices),
    st.builds(lambda index: partial(_remove_take, index), indices),
)


def take_for_some_line(project: Project, index: int) -> Take:
    lines = project.script.lines
    line = lines[index % len(lines)] if lines else None
    return make_take(line.id if line else "gone", line.text if line else "")


def make_check(errors: float = 0.25) -> TakeCheck:
    return TakeCheck("hello word", errors, ("world",), ("word",), 3, 0.5, -19.5, 3.2)
