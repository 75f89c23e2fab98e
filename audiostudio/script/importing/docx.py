"""Word documents (DOCX) as lines of a script."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from audiostudio.script.importing.archive import Archive
from audiostudio.script.importing.prose import spoken_by
from audiostudio.script.importing.result import ImportedScript
from audiostudio.script.importing.speakers import LONGEST_NAME, candidate, speakers_of

DOCUMENT = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_SKIPPED = frozenset({"del", "moveFrom", "Fallback", "rPrChange", "pPrChange", "rubyBase", "oMath", "annotationRef"})
_HEADING = re.compile(r"heading\s*([1-9])", re.IGNORECASE)
_BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


@dataclass(slots=True)
class _Paragraph:
    text: list[str] = field(default_factory=list)
    level: int = 0
    """Of a heading, from 1; 0: none."""


def import_docx(archive: Archive, speakers: bool = True, known: Collection[str] = ()) -> ImportedScript:
    """The paragraphs of a document: what was deleted, hidden or commented is left out. Raises `UnreadableMedia`."""
    paragraphs = list(_paragraphs(archive, _levels(archive)))
    texts = [(line, level) for text, level in paragraphs for line in text.split("\n") if line.strip()]
    names = speakers_of((text for text, level in texts if not level), known) if speakers else frozenset()
    lines = spoken_by(
        (
            (f"{'#' * level} {' '.join(text.split())}" if level else " ".join(text.split()), level > 0, True, 0)
            for text, level in texts
        ),
        names,
    )
    found = tuple(lines)
    title = _title(archive) or next((line.text.lstrip("# ") for line in found if line.text.startswith("# ")), "")
    return ImportedScript(found, (), title)


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _value(element: Element, name: str = "val") -> str:
    return element.get(_W + name) or element.get(_STRICT + name) or element.get(name) or ""


def _levels(archive: Archive) -> dict[str, int]:
    """The heading level of each paragraph style that has one."""
    if "word/styles.xml" not in archive:
        return {}
    found: dict[str, int] = {}
    style, based = "", {}
    for event, element in archive.events("word/styles.xml"):
        name = _local(element)
        if event == "end":
            if name == "style":
                element.clear()
            continue
        if name == "style":
            style = _value(element, "styleId")
        elif name == "name":
            if level := _HEADING.fullmatch(_value(element)):
                found[style] = min(int(level[1]), 6)
            elif _value(element).lower() == "title":
                found[style] = 1
        elif name == "basedOn":
            based[style] = _value(element)
        elif name == "outlineLvl" and _value(element).isdecimal() and int(_value(element)) < 6:
            found.setdefault(style, int(_value(element)) + 1)
    for style, parent in based.items():
        if parent in found:
            found.setdefault(style, found[parent])
    return found


def _paragraphs(archive: Archive, levels: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Text and heading level of each paragraph; the cells of a table's row are one."""
    stack: list[_Paragraph] = []
    rows: list[list[list[str]]] = []
    skipped = hidden = 0
    for event, element in archive.events(DOCUMENT):
        name = _local(element)
        if name in _SKIPPED:
            skipped += 1 if event == "start" else -1
        if event == "start":
            if name == "p":
                stack.append(_Paragraph())
            elif name == "tr":
                rows.append([])
            elif name == "tc" and rows:
                rows[-1].append([])
            elif name == "r":
                hidden = 0
            elif name == "vanish" and _value(element) not in ("0", "false"):
                hidden = 1
            elif name == "pStyle" and stack:
                stack[-1].level = levels.get(_value(element), 0)
            elif name == "outlineLvl" and stack and _value(element).isdecimal() and int(_value(element)) < 6:
                stack[-1].level = int(_value(element)) + 1
            continue
        if name == "pPr":
            hidden = 0  # what the mark at a paragraph's end is like says nothing of its text
        elif stack and not skipped and not hidden and (name == "t" or name in _BREAKS):
            stack[-1].text.append((element.text or "") if name == "t" else _BREAKS[name])
        elif name == "p" and stack:
            done = stack.pop()
            if rows and rows[-1]:
                rows[-1][-1].append("".join(done.text))
            else:
                yield "".join(done.text), done.level
        elif name == "tr" and rows:
            row = _row(rows.pop())
            if rows and rows[-1]:
                rows[-1][-1].append(row)
            else:
                yield row, 0
        if name in ("p", "tbl", "r"):
            element.clear()


def _row(cells: list[list[str]]) -> str:
    """A table's row in words; one of a name and a text is who says what."""
    texts = [" ".join(" ".join(cell).split()) for cell in cells]
    texts = [text for text in texts if text]
    if len(texts) == 2 and len(texts[0]) <= LONGEST_NAME and candidate(f"{texts[0].rstrip(':')}: x"):
        return f"{texts[0].rstrip(':')}: {texts[1]}"
    return ", ".join(texts)


def _title(archive: Archive) -> str:
    if "docProps/core.xml" not in archive:
        return ""
    found = next((one for one in archive.xml("docProps/core.xml").iter() if _local(one) == "title"), None)
    return " ".join((found.text or "").split()) if found is not None else ""
