"""Edits: pure functions from one `Project` to the next. What an edit does not touch stays the same object."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from audiostudio.errors import RequestError
from audiostudio.timeline.alignment import align
from audiostudio.timeline.project import (
    AssetReference,
    Line,
    Project,
    Pronunciation,
    Role,
    Take,
    VoiceChoice,
    new_id,
)

CUT_LINES = 200
"""How many removed lines are kept for pasting again."""


def set_text(project: Project, text: str) -> Project:
    """The project with `text` as its script, one line for each line feed: `set_text(p, t).text == t`.

    Lines that are the same, also where they moved, and lines that were changed keep their id, voice, pause and
    takes. Pieces of a line that was split speak as the whole did. A line that was cut comes back when pasted.
    """
    script = project.script
    texts = text.split("\n") if text else []
    lines = script.lines
    kept = align([line.text for line in lines], texts)
    if kept is None:
        return project
    cut = {line.text: line for line in script.cut}
    result: list[Line] = [*lines[: kept.start]]
    for new_text, source in zip(texts[kept.start : len(texts) - kept.end], kept.sources, strict=True):
        if source.line is not None:
            line = lines[source.line]
            result.append(line if line.text == new_text else replace(line, text=new_text))
        elif source.piece_of is not None:
            whole = lines[source.piece_of]
            result.append(Line(new_id(), new_text, whole.speaker, whole.voice))
        else:
            result.append(cut.pop(new_text) if new_text in cut else Line(new_id(), new_text))
    result.extend(lines[len(lines) - kept.end :])
    return _with_lines(project, result, (lines[i] for i in kept.removed))


def insert_line(project: Project, index: int, line: Line) -> Project:
    """`line` before the one at `index`; at the end for `len(lines)`."""
    _one_line(line.text)
    lines = project.script.lines
    if any(line.id == other.id for other in lines):
        raise RequestError("That line is already in the script.", "Insert it under a new id.")
    return _with_lines(project, [*lines[:index], line, *lines[index:]])


def remove_lines(project: Project, line_ids: Iterable[str]) -> Project:
    """Without these lines. Their takes stay in the project."""
    gone = frozenset(line_ids)
    for line_id in gone:
        project.line(line_id)
    lines = project.script.lines
    return _with_lines(project, [line for line in lines if line.id not in gone], [x for x in lines if x.id in gone])


def move_line(project: Project, line_id: str, index: int) -> Project:
    """The line comes to stand at `index` among the others."""
    line = project.line(line_id)
    others = [other for other in project.script.lines if other.id != line_id]
    return _with_lines(project, [*others[:index], line, *others[index:]])


def set_line_text(project: Project, line_id: str, text: str) -> Project:
    _one_line(text)
    return _on_line(project, line_id, lambda line: replace(line, text=text))


def set_line_voice(project: Project, line_id: str, voice: VoiceChoice | None) -> Project:
    """A voice for one line; None gives it back to its role or the project."""
    return _on_line(project, line_id, lambda line: replace(line, voice=voice))


def set_speaker(project: Project, line_id: str, speaker: str | None) -> Project:
    """Who says the line: the name of a role."""
    return _on_line(project, line_id, lambda line: replace(line, speaker=speaker))


def set_pause(project: Project, line_id: str, seconds: float | None) -> Project:
    """Silence after a line; None for the usual."""
    if seconds is not None and not 0 <= seconds <= 3600:
        raise RequestError("A pause lasts between 0 and 3600 seconds.", "Give another number.")
    return _on_line(project, line_id, lambda line: replace(line, pause_after=seconds))


def set_default_voice(project: Project, voice: VoiceChoice) -> Project:
    """The voice of all lines that have neither their own nor a role."""
    return replace(project, voice=voice)


def set_language(project: Project, language: str) -> Project:
    return replace(project, language=language)


def set_role(project: Project, name: str, voice: VoiceChoice | None) -> Project:
    """Cast `voice` as `name`; None removes the role (its lines keep the name and speak in the project's voice)."""
    roles = project.cast.roles
    if voice is None:
        changed = tuple([role for role in roles if role.name != name])
    elif project.cast.role(name) is None:
        changed = (*roles, Role(name, voice))
    else:
        changed = tuple([replace(role, voice=voice) if role.name == name else role for role in roles])
    return replace(project, cast=replace(project.cast, roles=changed))


def rename_role(project: Project, name: str, new_name: str) -> Project:
    """Call a role, and whoever speaks as it, `new_name`."""
    if project.cast.role(new_name) is not None and new_name != name:
        raise RequestError(f"There is already a role “{new_name}”.", "Choose another name.")
    roles = tuple([replace(role, name=new_name) if role.name == name else role for role in project.cast.roles])
    lines = tuple([replace(line, speaker=new_name) if line.speaker == name else line for line in project.script.lines])
    return replace(project, cast=replace(project.cast, roles=roles), script=replace(project.script, lines=lines))


def set_pronunciation(project: Project, word: str, spoken: str | None) -> Project:
    """How `word` is read aloud in this project; None forgets it."""
    others = tuple([entry for entry in project.dictionary if entry.word != word])
    return replace(project, dictionary=others if spoken is None else (*others, Pronunciation(word, spoken)))


def rename_project(project: Project, name: str) -> Project:
    if not name.strip():
        raise RequestError("A project needs a name.", "Type at least one letter.")
    return replace(project, name=name)


def add_take(project: Project, take: Take) -> Project:
    """With one take more. In a `History` use `add_takes`, which is no undo step."""
    return replace(project, takes=(*project.takes, take))


def choose_take(project: Project, line_id: str, take_id: str | None) -> Project:
    """Let the line play this take while it is current; None for always the newest."""
    if take_id is not None and project.take(take_id).line != line_id:
        raise RequestError("That take belongs to another line.", "Choose one of this line.")
    return _on_line(project, line_id, lambda line: replace(line, chosen=take_id))


def remove_take(project: Project, take_id: str) -> Project:
    """Put a take in the bin."""
    project.take(take_id)
    return replace(
        project, takes=tuple([replace(take, removed=True) if take.id == take_id else take for take in project.takes])
    )


def relink(project: Project, reference: AssetReference) -> Project:
    """Let every take of this asset point to where its file is now."""
    takes = tuple([replace(take, asset=reference) if take.asset.id == reference.id else take for take in project.takes])
    return replace(project, takes=takes)


def _on_line(project: Project, line_id: str, change: Callable[[Line], Line]) -> Project:
    line = project.line(line_id)
    changed = change(line)
    lines = tuple([changed if other is line else other for other in project.script.lines])
    return replace(project, script=replace(project.script, lines=lines))


def _with_lines(project: Project, lines: list[Line], removed: Iterable[Line] = ()) -> Project:
    """With these lines, remembering those of `removed` that have something to lose."""
    script = project.script
    spoken = {take.line for take in project.takes}
    worth = [
        line for line in removed if line.speaker or line.voice or line.pause_after is not None or line.id in spoken
    ]
    present = {line.id for line in lines} if script.cut or worth else set()
    cut = [line for line in (*script.cut, *worth) if line.id not in present][-CUT_LINES:]
    kept = script.cut if len(cut) == len(script.cut) and not worth else tuple(cut)
    return replace(project, script=replace(script, lines=tuple(lines), cut=kept))


def _one_line(text: str) -> None:
    if "\n" in text:
        raise RequestError("A line of the script holds no line break.", "Insert several lines.")
