"""Markup in square brackets: `[pause 0.5s]`, `[speed 1.2]…[/speed]`, `[say GIF|as jif]`."""

import re

from audiostudio.script.markup import values
from audiostudio.script.markup.forms import form_named
from audiostudio.script.markup.meaning import Change, Closing, Meaning, Opening, PauseMark, Saying

PATTERN = re.compile(r"\[(/?[a-z][a-z-]{0,31})((?:[ =:][^\[\]\n]{0,200})?)\]")
NAMES = {
    "speed": "speed", "rate": "speed", "pitch": "pitch", "volume": "volume", "energy": "volume", "voice": "voice",
    "emphasis": "emphasis", "language": "language", "lang": "language",
}  # fmt: skip
"""What opens a span, and what it is called."""
_LEVEL = "(?:x-)?(?:slow|fast|low|high|soft|loud|weak|strong|medium)|moderate|reduced|none|silent"
UNCLOSED = (
    rf"\[(?:/(?:{'|'.join(NAMES)})|say|(?:voice|language|lang)[ =:][^\s\[\]|]{{1,200}}"
    rf"|(?:pause|{'|'.join(NAMES)})(?:[ =:](?:[-+−]?\d[^\s\[\]|]{{0,20}}|{_LEVEL})(?=[\s\[]|$))?)"
    r"(?=[\s\[]|$)(?![^\[\]\n]{0,400}\])"
)
"""A tag without its bracket, and what it was given."""
VOICE = re.compile(r"[^\s\[\]<>\"']{1,200}")
LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_SAY = re.compile(r"(?P<word>[^|]*[^|\s])\s*\|\s*(?:as\s+)?(?P<other>[^|]*[^|\s])")
_KNOWN = "Known: [pause 0.5s], [speed 1.2], [pitch +2], [volume +3], [voice …], [emphasis], [language …], [say …|as …]."


def interpret(match: re.Match[str]) -> Meaning:
    """What a match of `PATTERN` means. `[say …|as …]` is read by `said`."""
    name, argument = match[1], match[2][1:].strip()
    if name.startswith("/"):
        kind = NAMES.get(name[1:])
        if kind is None or argument:
            return f"The markup {match[0]} is not known and is not spoken. {_KNOWN}"
        return Closing(kind)
    if name == "pause":
        seconds = values.duration(argument) if argument not in values.BREAKS else values.BREAKS[argument]
        return seconds if isinstance(seconds, str) else PauseMark(seconds)
    if name == "say":
        return "Write [say GIF|as jif]: the word, a bar, and what is said; or [say 1984|as digits]."
    kind = NAMES.get(name)
    if kind is None:
        return f"The markup {match[0][:60]} is not known and is not spoken. {_KNOWN}"
    change = changed(kind, argument)
    return change if isinstance(change, str) else Opening(kind, change)


def said(argument: str) -> tuple[int, int, Saying] | None:
    """Of `GIF|as jif`: where the word stands in it, and how it is said."""
    found = _SAY.fullmatch(argument)
    if found is None or not found["word"].strip():
        return None
    start = found.start("word") + len(found["word"]) - len(found["word"].lstrip())
    other = found["other"].strip()
    if len(other) > 1 and other[0] in '"“' and other[-1] in '"”':
        return start, found.end("word"), Saying(words=other[1:-1])
    form = form_named(other)
    return start, found.end("word"), Saying(words=other) if form is None else Saying(form=form[0], detail=form[1])


def changed(kind: str, argument: str) -> Change | str:
    """The change of one of `NAMES`' kinds, or a sentence that says what is expected."""
    if kind == "speed":
        found = values.speed(argument)
        return found if isinstance(found, str) else Change(speed=found)
    if kind == "pitch":
        found = values.pitch(argument)
        return found if isinstance(found, str) else Change(pitch=found)
    if kind == "volume":
        found = values.energy(argument)
        return found if isinstance(found, str) else Change(energy=found)
    if kind == "emphasis":
        return emphasised(argument)
    if kind == "voice":
        return Change(voice=argument) if VOICE.fullmatch(argument) else "Name a voice: [voice am_adam]."
    if LANGUAGE.fullmatch(argument):
        return Change(language=argument)
    return "Name a language by its tag: [language fr]."


def emphasised(level: str) -> Change | str:
    found = values.EMPHASES.get(level.lower() or "moderate")
    return Change(*found) if found else f"Emphasis is strong, moderate, reduced or none, not “{level[:40]}”."
