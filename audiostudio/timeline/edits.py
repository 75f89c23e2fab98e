"""Edits: pure functions from one `Project` to the next. What an edit does not touch stays the same object."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from audiostudio.errors import RequestError
from audiostudio.performance import too_long
from audiostudio.timeline.alignment import align
from audiostudio.timeline.project import (
    Line,
    Project,
    Pronunciation,
    Role,
    Slot,
    Take,
    VoiceChoice,
    VoiceOption,
    WordPerformance,
    new_id,
)

CUT_LINES = 200
"""How many removed lines are kept for pasting again."""
LONGEST_PAUSE = 3600.0
"""Seconds."""
LAST_MOMENT = 360_000.0
"""Seconds: no slot ends later."""


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


def set_lines_voice(project: Project, line_ids: Iterable[str], voice: VoiceChoice | None) -> Project:
    """One voice for many lines, such as a section."""
    return change_lines_voice(project, line_ids, lambda _: voice)


def change_lines_voice(
    project: Project, line_ids: Iterable[str], change: Callable[[VoiceChoice], VoiceChoice | None]
) -> Project:
    """A change of how each of many lines is spoken, such as the speed of a section: every one keeps the rest."""
    wanted = frozenset(line_ids)
    for line_id in wanted - {line.id for line in project.script.lines}:
        project.line(line_id)

    def changed(line: Line) -> Line:
        voice = replace(project.voice_of(line), language=_own_language(project, line))
        after = change(voice)
        return line if after == (line.voice or (None if after is None else voice)) else replace(line, voice=after)

    lines = tuple([changed(line) if line.id in wanted else line for line in project.script.lines])
    return replace(project, script=replace(project.script, lines=lines))


def set_voice_option(project: Project, line_id: str, name: str, value: str | None) -> Project:
    """A setting that only the line's engine has; None for its default."""

    def changed(voice: VoiceChoice) -> VoiceChoice:
        others = [option for option in voice.options if option.name != name]
        return replace(voice, options=tuple(sorted([*others, *([] if value is None else [VoiceOption(name, value)])])))

    return change_lines_voice(project, [line_id], changed)


def set_speaker(project: Project, line_id: str, speaker: str | None) -> Project:
    """Who says the line: the name of a role."""
    return _on_line(project, line_id, lambda line: replace(line, speaker=speaker))


def set_pause(project: Project, line_id: str, seconds: float | None) -> Project:
    """Silence after a line; None for the usual."""
    _check_pause(seconds or 0.0)
    return _on_line(project, line_id, lambda line: replace(line, pause_after=seconds))


def set_pause_before(project: Project, line_id: str, seconds: float) -> Project:
    """Silence before a line, on top of that after the one before."""
    _check_pause(seconds)
    return _on_line(project, line_id, lambda line: replace(line, pause_before=seconds))


def set_slot(project: Project, line_id: str, slot: Slot | None) -> Project:
    """When the line has to be heard; None: after the line before."""
    if slot is not None and not 0 <= slot.start <= slot.end <= LAST_MOMENT:
        raise RequestError("A slot begins at 0 or later and does not end before that.", "Give other times.")
    return _on_line(project, line_id, lambda line: replace(line, slot=slot))


def set_performance(project: Project, line_id: str, words: Iterable[WordPerformance]) -> Project:
    """How the words of a line are redrawn; () takes every change of them back.

    While something is dragged, give `History.edit` one merge key, such as `performance LINE WORD`, for all of it.
    """
    drawn = {one.word: one for one in words if not one.voicing.plain}
    for one in drawn.values():
        _check_voicing(one)
    performance = tuple([drawn[word] for word in sorted(drawn)])
    return _on_line(
        project,
        line_id,
        lambda line: line if line.performance == performance else replace(line, performance=performance),
    )


def set_word_performance(project: Project, line_id: str, word: WordPerformance) -> Project:
    """How one word of a line is redrawn; the others stay."""
    others = [one for one in project.line(line_id).performance if one.word != word.word]
    return set_performance(project, line_id, [*others, word])


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


def cast_all(project: Project, voices: Mapping[str, VoiceChoice]) -> Project:
    """Cast many roles at once."""
    for name, voice in voices.items():
        project = set_role(project, name, voice)
    return project


def rename_role(project: Project, name: str, new_name: str) -> Project:
    """Call a role, and whoever speaks as it, `new_name`."""
    if project.cast.role(new_name) is not None and new_name != name:
        raise RequestError(f"There is already a role “{new_name}”.", "Choose another name.")
    roles = tuple([replace(role, name=new_name) if role.name == name else role for role in project.cast.roles])
    lines = tuple([replace(line, speaker=new_name) if line.speaker == name else line for line in project.script.lines])
    return replace(project, cast=replace(project.cast, roles=roles), script=replace(project.script, lines=lines))


def set_pronunciation(
    project: Project,
    word: str,
    spoken: str | None,
    *,
    ipa: bool = False,
    language: str | None = None,
    match_case: bool = False,
    whole_word: bool = True,
) -> Project:
    """How `word` is read aloud in this project, in `language` or in every one; None forgets it."""
    if spoken is None:
        return set_dictionary(project, without_pronunciation(project.dictionary, word, language))
    entry = Pronunciation(word, spoken, ipa, language, match_case, whole_word)
    return set_dictionary(project, with_pronunciation(project.dictionary, entry))


def set_dictionary(project: Project, entries: Iterable[Pronunciation]) -> Project:
    """The whole dictionary of the project."""
    return replace(project, dictionary=tuple(entries))


def with_pronunciation(entries: Iterable[Pronunciation], entry: Pronunciation) -> tuple[Pronunciation, ...]:
    """A dictionary with one entry more, or another one for that word in that language, which keeps its place."""
    if not entry.word.strip() or not entry.spoken.strip():
        raise RequestError("An entry of the dictionary needs a word and how it is said.", "Type both.")
    kept = list(entries)
    for index, one in enumerate(kept):
        if (one.word, one.language) == (entry.word, entry.language):
            kept[index] = entry
            return tuple(kept)
    return (*kept, entry)


def without_pronunciation(
    entries: Iterable[Pronunciation], word: str, language: str | None = None
) -> tuple[Pronunciation, ...]:
    """A dictionary that forgot `word` in `language`."""
    return tuple([one for one in entries if (one.word, one.language) != (word, language)])


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
    return _with_removed(project, take_id, True)


def restore_take(project: Project, take_id: str) -> Project:
    """Take a take out of the bin."""
    return _with_removed(project, take_id, False)


def _with_removed(project: Project, take_id: str, removed: bool) -> Project:
    if project.take(take_id).removed == removed:
        return project
    takes = [replace(take, removed=removed) if take.id == take_id else take for take in project.takes]
    return replace(project, takes=tuple(takes))


def _on_line(project: Project, line_id: str, change: Callable[[Line], Line]) -> Project:
    line = project.line(line_id)
    changed = change(line)
    lines = tuple([changed if other is line else other for other in project.script.lines])
    return replace(project, script=replace(project.script, lines=lines))


def _with_lines(project: Project, lines: list[Line], removed: Iterable[Line] = ()) -> Project:
    """With these lines, remembering those of `removed` that have something to lose."""
    script = project.script
    spoken = {take.line for take in project.takes}
    worth = [line for line in removed if line.id in spoken or line != Line(line.id, line.text)]
    present = {line.id for line in lines} if script.cut or worth else set()
    cut = [line for line in (*script.cut, *worth) if line.id not in present][-CUT_LINES:]
    kept = script.cut if len(cut) == len(script.cut) and not worth else tuple(cut)
    return replace(project, script=replace(script, lines=tuple(lines), cut=kept))


def _own_language(project: Project, line: Line) -> str | None:
    """The language that the line's voice or role itself asks for; None: the project's."""
    role = project.cast.role(line.speaker) if line.voice is None and line.speaker is not None else None
    return (line.voice or (role.voice if role else project.voice)).language


def _check_pause(seconds: float) -> None:
    if not 0 <= seconds <= LONGEST_PAUSE:
        raise RequestError(f"A pause lasts between 0 and {LONGEST_PAUSE:.0f} seconds.", "Give another number.")


def _check_voicing(word: WordPerformance) -> None:
    one = word.voicing
    lengths = [seconds for seconds in (one.seconds, one.gap) if seconds is not None]
    points = [value for point in one.curve for value in point]
    if not all(map(math.isfinite, [one.speed, one.pitch, one.energy, *lengths, *one.phonemes, *points])):
        raise RequestError(f"“{word.text}” cannot be performed so.", "Give numbers.")
    if (refused := too_long(one)) is not None:
        what, hint = refused
        raise RequestError(f"“{word.text}” (word {word.word + 1}) cannot {what}.", hint)
    in_range = one.speed > 0 and all(length >= 0 for length in lengths)
    if not in_range or any(point.hz <= 0 or not 0 <= point.at <= 1 for point in one.curve) or word.word < 0:
        raise RequestError(f"“{word.text}” cannot be performed so.", "Draw within the word and above 0 Hz.")


def _one_line(text: str) -> None:
    if "\n" in text:
        raise RequestError("A line of the script holds no line break.", "Insert several lines.")
