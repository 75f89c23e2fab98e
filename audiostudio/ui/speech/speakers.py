"""Who says which line, and whose name stands at the beginning of one. Plain Python."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from audiostudio.script.importing.speakers import candidate, speakers_of
from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, Project

COLOURS = (
    "kind_image",
    "kind_sound_effect",
    "kind_avatar",
    "kind_song",
    "kind_music",
    "kind_film",
    "kind_recording",
    "kind_voiceover",
)
"""Tokens of the theme, one for each speaker; after the last the first comes again."""


def speakers(project: Project) -> list[str]:
    """The roles of the cast, then whoever else says a line, in the order in which they first speak."""
    roles = [role.name for role in project.cast.roles]
    return list(dict.fromkeys([*roles, *(line.speaker for line in project.script.lines if line.speaker)]))


def colours(project: Project) -> dict[str, str]:
    """Speaker → the token of his colour."""
    return {name: COLOURS[number % len(COLOURS)] for number, name in enumerate(speakers(project))}


def lines_of(project: Project) -> Counter[str]:
    """How many lines each speaker says."""
    return Counter(line.speaker for line in project.script.lines if line.speaker and line.text.strip())


def uncast(project: Project) -> list[str]:
    """Speakers for whom no voice was chosen, who say at least one line that has none of its own."""
    waiting = (line.speaker for line in project.script.lines if line.speaker and line.voice is None)
    return [name for name in dict.fromkeys(waiting) if project.cast.role(name) is None]


def known(project: Project, name: str) -> str:
    """The speaker of that name as the script writes him, whatever its capitals; the name itself for a new one."""
    return next((one for one in speakers(project) if one.casefold() == name.casefold()), name)


def typed_name(project: Project, line: Line) -> Project | None:
    """`EMMA: ` was typed at the beginning of a line: the project in which it is Emma's; None where it is no name.

    Someone who speaks already is known with any capitals; others have to be written in capitals.
    """
    found = _named(line.text)
    if found is None:
        return None
    name, rest = found
    speaker = known(project, name)
    if speaker not in speakers(project) and not (name.isupper() and len(name) > 1):
        return None
    return _said_by(project, {line.id: (speaker, rest)})


def pasted_names(project: Project, first: int, last: int) -> Project | None:
    """Lines `first` to `last` came with a paste: the project in which those that begin with a name are that speaker's;
    None where there are none."""
    lines = project.script.lines[first : last + 1]
    names = speakers_of([line.text for line in lines], speakers(project))
    changed: dict[str, tuple[str, str]] = {}
    for line in lines:
        found = _named(line.text)
        if found is not None and (found[0] in names or known(project, found[0]) in speakers(project)):
            changed[line.id] = (known(project, found[0]), found[1])
    return _said_by(project, changed) if changed else None


def set_speaker(project: Project, lines: Iterable[str], speaker: str | None) -> Project:
    """Let somebody, or nobody, say these lines."""
    wanted = frozenset(lines)
    return _with_lines(
        project, tuple(replace(line, speaker=speaker) if line.id in wanted else line for line in project.script.lines)
    )


def rename(project: Project, name: str, new_name: str) -> Project:
    """Call a speaker otherwise. With the name of another speaker both become one, who keeps that one's voice."""
    new_name = " ".join(new_name.split())
    if new_name == name or not new_name:
        return project
    if new_name not in speakers(project):
        return edits.rename_role(project, name, new_name)
    merged = set_speaker(project, [line.id for line in project.script.lines if line.speaker == name], new_name)
    voice = project.cast.role(name)
    if voice is not None and project.cast.role(new_name) is None:
        merged = edits.set_role(merged, new_name, voice.voice)
    return edits.set_role(merged, name, None)


def remove(project: Project, name: str) -> Project:
    """Without this speaker: what he said is said by nobody in particular."""
    gone = set_speaker(project, [line.id for line in project.script.lines if line.speaker == name], None)
    return edits.set_role(gone, name, None)


def _named(text: str) -> tuple[str, str] | None:
    found = candidate(text.lstrip())
    return found if found is not None and found[1] != text else None


def _said_by(project: Project, changed: dict[str, tuple[str, str]]) -> Project:
    """Line id → who says it, and what is left of its text."""
    lines = []
    for line in project.script.lines:
        if line.id in changed:
            speaker, text = changed[line.id]
            line = replace(line, speaker=speaker, text=text)
        lines.append(line)
    return _with_lines(project, tuple(lines))


def _with_lines(project: Project, lines: tuple[Line, ...]) -> Project:
    return replace(project, script=replace(project.script, lines=lines))
