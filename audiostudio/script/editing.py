"""What an editor shows of a script's markup: highlights, and what may be written next."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audiostudio.script.language import LANGUAGES
from audiostudio.script.markdown import blocks
from audiostudio.script.markup import Element, ElementKind
from audiostudio.script.markup.forms import FORMS
from audiostudio.script.markup.ssml import ATTRIBUTES
from audiostudio.script.markup.values import BREAKS, EMPHASES, ENERGIES, PITCHES, SPEEDS

LONGEST_TAG = 200
"""Characters before the caret that are looked at."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Something that may be written at the caret."""

    label: str
    """As a list shows it: `[speed 1.2]…[/speed]`."""
    hint: str
    """What it does, in a sentence."""
    insert: str
    """Replaces `source[start:caret]`."""
    start: int
    caret: int
    """Where the caret goes, in characters from `start`."""


_BRACKETS = (
    ("[pause 0.5s]", "Silence of an exact length.", "[pause 0.5s]", 12),
    ("[speed 1.2]…[/speed]", "Faster or slower: a factor.", "[speed 1.2][/speed]", 11),
    ("[pitch +2]…[/pitch]", "Higher or lower, in semitones.", "[pitch +2][/pitch]", 10),
    ("[volume +3]…[/volume]", "Louder or softer, in dB.", "[volume +3][/volume]", 11),
    ("[emphasis]…[/emphasis]", "Stressed; also strong, moderate or reduced.", "[emphasis][/emphasis]", 10),
    ("[voice …]…[/voice]", "Another voice, or a mix of voices.", "[voice ][/voice]", 7),
    ("[language …]…[/language]", "Another language.", "[language ][/language]", 10),
    ("[say …|as …]", "Other words, or a form such as digits.", "[say |as ]", 5),
)
_CLOSED = ("speed", "pitch", "volume", "emphasis", "voice", "language")
_ELEMENTS = (
    ('<break time="500ms"/>', "Silence of an exact length.", 21),
    ('<prosody rate="slow"></prosody>', "Speed (rate), pitch and volume.", 21),
    ('<emphasis level="strong"></emphasis>', "Stressed: strong, moderate or reduced.", 25),
    ('<phoneme alphabet="ipa" ph=""></phoneme>', "Said with these sounds.", 28),
    ('<sub alias=""></sub>', "Other words.", 12),
    ('<say-as interpret-as="digits"></say-as>', "A form: digits, date, characters, …", 30),
    ('<voice name=""></voice>', "Another voice.", 13),
    ('<lang xml:lang=""></lang>', "Another language.", 16),
    ("<s></s>", "A sentence.", 3),
    ("<p></p>", "A paragraph.", 3),
)
_ARGUMENTS = {
    "speed": ("0.75", "0.9", "1.1", "1.2", "1.5", *SPEEDS),
    "rate": ("0.75", "0.9", "1.1", "1.2", "1.5", *SPEEDS),
    "pitch": ("+1", "+2", "+4", "-1", "-2", "-4", *PITCHES),
    "volume": ("+3", "+6", "-3", "-6", *ENERGIES),
    "energy": ("+3", "+6", "-3", "-6", *ENERGIES),
    "pause": ("0.3s", "0.5s", "1s", "2s", *BREAKS),
    "emphasis": tuple(EMPHASES),
    "language": tuple(one.tag for one in LANGUAGES),
    "lang": tuple(one.tag for one in LANGUAGES),
}
_VALUES = {
    ("break", "strength"): tuple(BREAKS),
    ("break", "time"): ("300ms", "500ms", "1s"),
    ("prosody", "rate"): tuple(SPEEDS),
    ("prosody", "pitch"): tuple(PITCHES),
    ("prosody", "volume"): tuple(ENERGIES),
    ("phoneme", "alphabet"): ("ipa", "x-sampa"),
    ("say-as", "interpret-as"): ("characters", *FORMS),
    ("say-as", "format"): ("mdy", "dmy", "ymd"),
    ("emphasis", "level"): tuple(EMPHASES),
    ("lang", "xml:lang"): tuple(one.tag for one in LANGUAGES),
}
_NAME = re.compile(r"\[(/?[a-z-]*)$")
_ARGUMENT = re.compile(r"\[([a-z-]+)[ =:]\s*([^\[\]\s]*)$")
_FORM = re.compile(r"\[say [^|\[\]]+\|\s*(?:as\s+)?([^\[\]|]*)$")
_ELEMENT = re.compile(r"<(/?[A-Za-z-]*)$")
_ATTRIBUTE = re.compile(r"<([A-Za-z-]+)(?:\s+[\w:.-]+=\"[^\"<>]*\")*\s+([\w:.-]*)$")
_VALUE = re.compile(r"<([A-Za-z-]+)(?:\s[^<>]*)?\s([\w:.-]+)=\"([^\"<>]*)$")


def marks(text: str) -> list[Element]:
    """The markup of `text` as an editor shows it, in order; later ones may lie within earlier ones."""
    from audiostudio.script.reading import problems  # brings all of text normalisation along

    found = [element for block in blocks(text) for element in block.elements]
    known = {(one.start, one.end) for one in found if one.kind is ElementKind.UNKNOWN}
    found += [
        Element(ElementKind.UNKNOWN, one.start, one.end) for one in problems(text) if (one.start, one.end) not in known
    ]
    return sorted(found, key=lambda one: (one.start, -one.end))


def completions(text: str, caret: int, voices: Sequence[tuple[str, str]] = ()) -> list[Completion]:
    """What may be written at `caret`, inside a tag that was begun there; likely ones first, empty outside.

    `voices`: ids of voices and what they are called.
    """
    before = text[max(0, caret - LONGEST_TAG, text.rfind("\n", 0, caret) + 1) : caret]
    return list(_completions(before, caret, voices))


def _completions(before: str, caret: int, voices: Sequence[tuple[str, str]]) -> Iterator[Completion]:
    if found := _FORM.search(before):
        for form in FORMS:
            yield from _value(form, found[1], caret, "Reads the word in this form.")
    elif found := _ARGUMENT.search(before):
        name, typed = found.groups()
        if name == "voice":
            yield from _voice(typed, caret, voices)
        for value in _ARGUMENTS.get(name, ()):
            yield from _value(value, typed, caret, "")
    elif found := _NAME.search(before):
        yield from _tags(found[1], before, caret)
    elif found := _VALUE.search(before):
        element, attribute, typed = found.groups()
        if (element.lower(), attribute.lower()) == ("voice", "name"):
            yield from _voice(typed, caret, voices)
        for value in _VALUES.get((element.lower(), attribute.lower()), ()):
            yield from _value(value, typed, caret, "")
    elif found := _ATTRIBUTE.search(before):
        for name in ATTRIBUTES.get(found[1].lower(), ()):
            if name.startswith(found[2].lower()):
                yield Completion(name, "", f'{name}=""', caret - len(found[2]), len(name) + 2)
    elif found := _ELEMENT.search(before):
        typed = found[0].lower()
        for label, hint, place in _ELEMENTS:
            if label.startswith(typed):
                yield Completion(label, hint, label, caret - len(typed), place)


def _tags(typed: str, before: str, caret: int) -> Iterator[Completion]:
    start = caret - len(typed) - 1
    if typed.startswith("/") or not typed:
        for name in _unclosed(before):
            if f"/{name}".startswith(typed):
                yield Completion(f"[/{name}]", f"Ends the {name}.", f"[/{name}]", start, len(name) + 3)
    for label, hint, insert, place in _BRACKETS:
        if label.startswith(f"[{typed}"):
            yield Completion(label, hint, insert, start, place)


def _unclosed(before: str) -> Iterator[str]:
    """The tags that are open at the end of `before`, the innermost first."""
    opened: list[str] = []
    for found in re.finditer(r"\[(/?)([a-z]+)[^\[\]]*\]", before):
        if found[2] not in _CLOSED:
            continue
        if not found[1]:
            opened.append(found[2])
        elif found[2] in opened:
            opened.reverse()
            opened.remove(found[2])
            opened.reverse()
    yield from dict.fromkeys(reversed(opened))


def _voice(typed: str, caret: int, voices: Sequence[tuple[str, str]]) -> Iterator[Completion]:
    last = typed.split("+")[-1]
    for voice, name in voices:
        if voice.lower().startswith(last.lower()) or name.lower().startswith(last.lower()):
            yield Completion(f"{name} ({voice})", f"The voice {name}.", voice, caret - len(last), len(voice))


def _value(value: str, typed: str, caret: int, hint: str) -> Iterator[Completion]:
    if value.startswith(typed.lower()):
        yield Completion(value, hint, value, caret - len(typed), len(value))
