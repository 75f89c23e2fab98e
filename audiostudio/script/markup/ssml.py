"""SSML's elements in a script: break, emphasis, lang, p, phoneme, prosody, s, say-as, speak, sub, voice.

No XML parser reads them: tags are recognised one by one, nothing is expanded and nothing is fetched.
"""

import re
from collections.abc import Callable

from audiostudio.script.markup import values
from audiostudio.script.markup.brackets import LANGUAGE, VOICE, emphasised
from audiostudio.script.markup.entities import decoded
from audiostudio.script.markup.forms import form_named
from audiostudio.script.markup.meaning import (
    NOTHING,
    Break,
    Change,
    Closing,
    Meaning,
    Opening,
    PauseMark,
    Saying,
    Silent,
)
from audiostudio.script.wordlist import word_set

TAG = r"</?[A-Za-z][\w:.-]{0,60}(?:(?:[\s/\0](?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)?>|[\s/\0][^<>]*+>|/?>)"
"""A tag with its attributes, in whose quotes a `>` may stand."""
DECLARATION = (
    r"<![Dd][Oo][Cc][Tt][Yy][Pp][Ee][^\[<>]*+\[[^\[\]]*+\][\s\0]*+>|<[!?](?!--)[A-Za-z\[][^<>]*+(?:>|$|(?=<))|\]\]>"
)
"""`<?xml …?>`, `<!DOCTYPE …>`, `<!ENTITY …>`, the marks of CDATA."""

_TAG = re.compile(r"<(/?)([A-Za-z][\w:.-]*)([^\0]*?)(/?)>", re.DOTALL)
ATTRIBUTE = re.compile(r"(?<!\s)\s++([A-Za-z_][\w:.-]*+)\s*+=\s*+(?:\"([^\"<]*)\"|'([^'<]*)')")
_HTML = word_set(
    "a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button canvas caption "
    "center cite code col colgroup data dd del details dfn div dl dt em embed fieldset figcaption figure font "
    "footer form h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins kbd label legend li link main map "
    "mark menu meta nav noscript object ol optgroup option output param picture pre progress q rp rt ruby samp "
    "script section select small source span strike strong style sub summary sup svg table tbody td template "
    "textarea tfoot th thead time title tr track tt u ul var video wbr"
)
"""Marks of HTML in Markdown: neither spoken nor told of."""
UNCLOSED = (
    r"</?(?:speak|break|prosody|phoneme|sub|say-as|emphasis)(?:\s[\w:-]{1,40}=(?:\"[^\"<>\n]{0,200}\"|'[^'<>\n]{0,200}'))*"
    r"(?=\s|$)(?![^<>\n]{0,400}>)"
)
"""A tag without its bracket, and the attributes that are whole."""
_BREAKS = word_set("p s br div li")
_BARE = word_set("speak w token desc metadata")
"""Understood and without a sound of their own; what they hold is read."""
ATTRIBUTES = {
    "break": ("time", "strength"),
    "prosody": ("rate", "pitch", "volume"),
    "phoneme": ("alphabet", "ph"),
    "sub": ("alias",),
    "say-as": ("interpret-as", "format", "detail"),
    "emphasis": ("level",),
    "voice": ("name",),
    "lang": ("xml:lang",),
    "p": (),
    "s": (),
    "speak": (),
}


def interpret(tag: str) -> Meaning:
    """What a match of `TAG` or `DECLARATION` means."""
    if tag.startswith(("<!", "<?", "]")):
        return _declaration(tag)
    match = _TAG.fullmatch(tag.replace("\0", " "))
    if match is None:
        return f"The tag {tag[:60]} is broken and is not spoken."
    closing, name, rest, alone = match.groups()
    name = name.lower()
    if name in _BREAKS:
        return Break()
    if name in _BARE or (name in _HTML and name != "sub"):
        return Silent()
    if name not in _ELEMENTS and name not in ("break", "sub"):
        return f"The element <{name[:40]}> is not known and is not spoken."
    if closing:
        return Silent() if name == "break" else Closing(f"<{name}")
    attributes = _attributes(rest)
    if isinstance(attributes, str):
        return f"<{name}>: {attributes}"
    if name == "break":
        return _pause(attributes)
    if name == "sub" and "alias" not in attributes:
        return Silent() if alone else Opening("<sub", NOTHING)
    found = _ELEMENTS[name](attributes)
    if isinstance(found, str):
        return f"<{name}>: {found}"
    known = ATTRIBUTES[name]
    strange = [one for one in attributes if one not in known and not one.startswith(("xml:", "xmlns"))]
    problem = f"<{name}>: the attribute “{strange[0][:40]}” is not followed." if strange else ""
    if alone:
        return problem or f"<{name}/> holds nothing that could be spoken."
    return Opening(f"<{name}", found, problem)


def opened(tag: str) -> str:
    """What the closing tag of an element is called; empty for one that opens nothing."""
    match = _TAG.fullmatch(tag.replace("\0", " "))
    if match is None or match[1] or match[4] or match[2].lower() not in _ELEMENTS:
        return ""
    return f"<{match[2].lower()}"


def _declaration(tag: str) -> Meaning:
    if tag.startswith(("<?xml", "<![CDATA[")) or tag == "]]>":
        return Silent()
    if tag.upper().startswith(("<!DOCTYPE", "<!ENTITY")):
        return "Declarations (<!DOCTYPE>, <!ENTITY>) are not read: no entity is ever expanded."
    return f"The declaration {tag[:40]} is not known and is not spoken."


def _attributes(text: str) -> dict[str, str] | str:
    found: dict[str, str] = {}
    at = 0
    while match := ATTRIBUTE.match(text, at):
        value = decoded(match[2] if match[2] is not None else match[3])
        if value is None:
            return f"the attribute “{match[1][:40]}” has an unknown entity in it."
        found[match[1].lower()] = " ".join(value.split())
        at = match.end()
    if text[at:].strip():
        return 'write attributes as name="value".'
    return found


def _pause(attributes: dict[str, str]) -> PauseMark | str:
    if "time" in attributes:
        seconds = values.duration(attributes["time"])
        return f"<break>: {seconds}" if isinstance(seconds, str) else PauseMark(seconds)
    strength = attributes.get("strength", "medium").lower()
    if strength not in values.BREAKS:
        return f"<break>: its strength is one of {', '.join(values.BREAKS)}."
    return PauseMark(values.BREAKS[strength])


def _prosody(attributes: dict[str, str]) -> Change | str:
    speed = values.speed(attributes.get("rate", "default"))
    pitch = values.pitch(attributes.get("pitch", "default"))
    energy = values.energy(attributes.get("volume", "default"), percent=True)
    for value in (speed, pitch, energy):
        if isinstance(value, str):
            return value
    assert not isinstance(speed, str)
    assert not isinstance(pitch, str)
    assert not isinstance(energy, str)
    return Change(speed, pitch, energy)


def _phoneme(attributes: dict[str, str]) -> Change | str:
    alphabet = attributes.get("alphabet", "ipa").lower()
    if alphabet not in ("ipa", "x-sampa"):
        return "the alphabet is ipa or x-sampa."
    if not attributes.get("ph"):
        return "the attribute ph with the phonemes is missing."
    return Change(saying=Saying(phonemes=attributes["ph"], alphabet=alphabet))


def _sub(attributes: dict[str, str]) -> Change | str:
    return Change(saying=Saying(words=attributes["alias"])) if attributes["alias"] else "the alias is empty."


def _say_as(attributes: dict[str, str]) -> Change | str:
    asked = attributes.get("interpret-as", "")
    form = form_named(f"{asked} {attributes.get('format', '') if asked.lower() == 'date' else ''}".strip())
    if form is None:
        return f'interpret-as="{asked[:40]}" is not known.'
    return Change(saying=Saying(form=form[0], detail=form[1]))


def _voice(attributes: dict[str, str]) -> Change | str:
    name = attributes.get("name", "")
    return Change(voice=name) if VOICE.fullmatch(name) else "the attribute name with a voice is missing."


def _lang(attributes: dict[str, str]) -> Change | str:
    tag = attributes.get("xml:lang", "")
    return Change(language=tag) if LANGUAGE.fullmatch(tag) else "the attribute xml:lang with a tag is missing."


_ELEMENTS: dict[str, Callable[[dict[str, str]], Change | str]] = {
    "prosody": _prosody,
    "phoneme": _phoneme,
    "sub": _sub,
    "say-as": _say_as,
    "emphasis": lambda attributes: emphasised(attributes.get("level", "moderate")),
    "voice": _voice,
    "lang": _lang,
}
