"""Script files and projects as the commands take them."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from audiostudio.cli.console import Console
from audiostudio.errors import RequestError
from audiostudio.files import absolute
from audiostudio.jobs import JsonObject
from audiostudio.operations.script_file import ScriptFile, known_speakers, read_script
from audiostudio.operations.script_import import imported
from audiostudio.operations.speech import DEFAULT_VOICE
from audiostudio.operations.voices.keeping import voice_id
from audiostudio.script.importing import PROSE, SUFFIXES, ImportedScript, without_names
from audiostudio.script.lines import read_file
from audiostudio.timeline.project import Project

NO_NAMES = "captions without those who speak"
FILE = "a project's folder, or a .txt, .md, .csv, .srt, .vtt, .docx or .epub script"


def existing(text: str) -> Path:
    """The file or folder that is named. Raises `RequestError` where no name is."""
    if not text.strip():
        raise RequestError("No file is named.", "Name a script or a project.")
    return absolute(text)


def is_project(path: Path) -> bool:
    return path.is_dir() or path.name == "project.json"


def reading(console: Console, path: Path, known: Iterable[str] = (), names: bool | None = None) -> ImportedScript:
    """The script in a file, as `import_script` gives it. A worker process reads it: it may be made to do harm."""
    asked: JsonObject = {"paths": [str(path)], "names": names, "known": list(known)}
    return imported(console.run("script.import", asked, f"Reading {path.name}"))


def script_file(console: Console, path: Path, voice: str, language: str, project: Project | None = None) -> ScriptFile:
    """As `operations.script_file.read_script`."""
    script = reading(console, path, known_speakers(path, project))
    return read_script(console.studio, path, voice, language, imported=script, project=project)


@dataclass(frozen=True, slots=True)
class Words:
    """What a recording should say, as a file has it."""

    text: str
    """Without the names of those who speak."""
    source: str
    """With them; of other files than text and Markdown as `text`."""
    removed: tuple[tuple[int, int], ...]
    """As `without_names` gives it."""

    def place(self, at: int) -> int:
        """Where a place of `text` lies in `source`."""
        return at + self.removed[bisect_right(self.removed, at, key=lambda one: one[0]) - 1][1]


def words_of(console: Console, path: Path) -> Words:
    """The words in a script file of any kind; those of text and Markdown as they stand in it. Raises `UnreadableMedia`,
    `MissingMedia`, `StorageError`."""
    if path.suffix.lower() in SUFFIXES and path.suffix.lower() not in PROSE:
        text = "\n\n".join(line.text for line in reading(console, path).lines)
        return Words(text, text, ((0, 0),))
    source = read_file(path)
    text, removed = without_names(source, known_speakers(path))
    return Words(text, source, removed)


def speaking(console: Console, voice: str) -> str:
    """The voice that was named, else the one last used; own voices also by their names."""
    return voice_id(console.studio, voice or console.studio.settings.get("speech.voice", DEFAULT_VOICE))


def guessed(takes: int) -> str:
    """What is said when word times of captions are not known."""
    lines = "1 line is" if takes == 1 else f"{takes} lines are"
    return f"When the words of {lines} spoken is guessed for the captions: they could not be found in the sound."


def tell(console: Console, path: Path, file: ScriptFile) -> None:
    """Say what of a script file was left out, and who has no voice."""
    for problem in file.problems:
        console.say(f"{path.name}: {problem}")
    if file.uncast:
        names = ", ".join(file.uncast)
        voice = file.project.voice.voice
        console.say(f"No voice yet: {names}; spoken by {voice}. To cast: script cast {path.name} NAME=VOICE")
