"""Script files (text, Markdown, CSV, SRT, VTT, DOCX, EPUB) as projects, and the cast that lies beside one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from audiostudio.errors import UnknownVoice, UnreadableMedia, UnsupportedSetting
from audiostudio.files import replace_file, storage_errors
from audiostudio.operations.script import SEED
from audiostudio.operations.studio import Studio
from audiostudio.script.importing import ImportedLine, ImportedScript, ImportProblem, import_script
from audiostudio.script.language import language as find_language
from audiostudio.timeline import edits
from audiostudio.timeline.project import Line, Project, Slot, VoiceChoice, VoiceOption, new_project

_LARGEST_CAST = 1 << 20
"""Bytes."""


@dataclass(frozen=True, slots=True)
class ScriptFile:
    """A script file, read."""

    project: Project
    """Lies nowhere; every voice in it has a language."""
    imported: ImportedScript
    """Its lines are those of the project, in the same order."""
    problems: tuple[ImportProblem, ...]
    """What was left out or changed."""

    @property
    def uncast(self) -> list[str]:
        """Speakers without a voice of their own."""
        lines = self.project.script.lines
        waiting = (line.speaker for line in lines if line.speaker is not None and line.voice is None)
        return [name for name in dict.fromkeys(waiting) if self.project.cast.role(name) is None]


def read_script(
    studio: Studio,
    path: Path,
    voice: str,
    language: str = "",
    *,
    imported: ImportedScript | None = None,
    project: Project | None = None,
) -> ScriptFile:
    """The script in a file with the cast beside it. `voice` speaks what nobody else does; `language`: of lines that say
    nothing of it; empty: each voice's own.

    `imported`: what a job of `script.import` read of the file; None: it is read here, where a hostile one may do harm.
    `project`: one whose cast, which that beside the file goes before, and dictionary hold.

    Raises `UnreadableMedia`, `UnknownVoice` (of `voice` or the cast), `UnknownLanguage`, `MissingMedia`,
    `StorageError`.
    """
    cast = read_cast(path)
    imported = imported or import_script(path, known=known_speakers(path, project))
    for one in (voice, *cast.values()):
        studio.engines.resolve(one)
    tag = find_language(language).tag if language else ""
    spoken = {one: VoiceChoice(one, language=tag or own_language(studio, one)) for one in (voice, *cast.values())}
    made = new_project(imported.title or path.stem, spoken[voice].language or "en-us", spoken[voice])
    if project is not None:
        made = replace(made, dictionary=project.dictionary)
        made = edits.cast_all(made, {role.name: _with_language(project, role.voice) for role in project.cast.roles})
    made = edits.cast_all(made, {name: spoken[one] for name, one in cast.items()})
    made, problems = with_script(studio, made, imported)
    if not tag:
        made = _own_languages(studio, made, imported)
    return ScriptFile(made, imported, (*imported.problems, *problems))


def known_speakers(path: Path, project: Project | None = None) -> list[str]:
    """Who speaks for sure in a script file: those who are cast. Raises `UnreadableMedia`, `StorageError`."""
    roles = project.cast.roles if project is not None else ()
    return list(dict.fromkeys([*read_cast(path), *(role.name for role in roles)]))


def _with_language(project: Project, voice: VoiceChoice) -> VoiceChoice:
    return voice if voice.language is not None else replace(voice, language=project.language)


def with_script(studio: Studio, project: Project, imported: ImportedScript) -> tuple[Project, list[ImportProblem]]:
    """The project with an imported script in place of its own, and what of it no engine knows. Lines that it had, as
    they are written, keep their ids and takes; names of speakers are those of the cast."""
    project = edits.set_text(project, "\n".join(line.text for line in imported.lines))
    problems: list[ImportProblem] = []
    names = {role.name.casefold(): role.name for role in project.cast.roles}
    lines = [
        _imported(studio, project, line, found, names, problems)
        for line, found in zip(project.script.lines, imported.lines, strict=True)
    ]
    return replace(project, script=replace(project.script, lines=tuple(lines))), problems


def _imported(
    studio: Studio,
    project: Project,
    line: Line,
    found: ImportedLine,
    names: Mapping[str, str],
    problems: list[ImportProblem],
) -> Line:
    line = replace(
        line,
        speaker=None if found.speaker is None else names.get(found.speaker.casefold(), found.speaker),
        voice=None,
        pause_before=found.pause_before or 0.0,
        pause_after=found.pause_after,
        slot=None if found.slot is None else Slot(*found.slot),
    )
    said = {
        name: value
        for name in ("speed", "pitch", "energy", "intonation")
        if (value := getattr(found, name)) is not None
    }
    voice = project.voice_of(line)
    if found.voice is not None and found.voice != voice.voice:
        voice = VoiceChoice(found.voice)
    options = _options(studio, voice.voice, found, problems)
    if found.voice is None and found.language is None and not said and not options:
        return line
    tag = found.language or (None if voice.language == project.language else voice.language)
    return replace(line, voice=replace(voice, language=tag, options=options or voice.options, **said))


def _options(studio: Studio, voice: str, found: ImportedLine, problems: list[ImportProblem]) -> tuple[VoiceOption, ...]:
    """The settings of a line that its engine has; others are told."""
    if not found.settings:
        return ()
    try:
        manifest, _ = studio.engines.resolve(voice)
    except (UnknownVoice, UnsupportedSetting):  # which whoever speaks the line will tell
        return ()
    able = manifest.capabilities
    known = {option.name for option in able.options} | ({SEED} if able.seed else set())
    for name, _ in found.settings:
        if name not in known:
            message = f"{manifest.title} has no setting of that name; it was left out."
            problems.append(ImportProblem(message, found.source_line, name))
    return tuple(sorted(VoiceOption(name, value) for name, value in found.settings if name in known))


def _own_languages(studio: Studio, project: Project, imported: ImportedScript) -> Project:
    """Lines with a voice of their own speak its language, where the file does not say which."""

    def spoken(line: Line, found: ImportedLine) -> Line:
        if line.voice is None or found.language is not None:
            return line
        return replace(line, voice=replace(line.voice, language=own_language(studio, line.voice.voice)))

    pairs = zip(project.script.lines, imported.lines, strict=True)
    lines = tuple([spoken(line, found) for line, found in pairs])
    return replace(project, script=replace(project.script, lines=lines))


def own_language(studio: Studio, voice: str) -> str | None:
    """The language of a voice, or of the first of a mix; None for one that is not known."""
    try:
        _, voices = studio.engines.resolve(voice)
    except (UnknownVoice, UnsupportedSetting):
        return None
    return find_language(voices[0][0].language).tag if voices[0][0].language else None


def cast_file(script: Path) -> Path:
    """Where the cast of a script file lies: beside it, `dialogue.txt.cast.json`."""
    return script.with_name(f"{script.name}.cast.json")


def read_cast(script: Path) -> dict[str, str]:
    """Speaker → voice (or mix) of a script file; {} where nobody was cast. Raises `UnreadableMedia`, `StorageError`."""
    path = cast_file(script)
    with storage_errors(path):
        if not path.exists():
            return {}
        with path.open("rb") as file:
            data = file.read(_LARGEST_CAST)
    try:
        cast = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise UnreadableMedia(f"{path.name} is no JSON ({error}).", "Mend or remove it.") from error
    if not isinstance(cast, dict) or not all(isinstance(voice, str) for voice in cast.values()):
        raise UnreadableMedia(f"{path.name} is no cast.", 'Write {"EMMA": "bf_emma"}, or remove it.')
    return cast


def write_cast(script: Path, cast: Mapping[str, str]) -> None:
    """Raises `StorageError`."""
    replace_file(cast_file(script), json.dumps(dict(cast), ensure_ascii=False, indent=1).encode())
