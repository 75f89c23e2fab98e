"""E-books (EPUB) as lines of a script, in the order in which they are read."""

import html
import posixpath
import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

from audiostudio.errors import UnreadableMedia
from audiostudio.script.importing.archive import Archive
from audiostudio.script.importing.prose import spoken_by
from audiostudio.script.importing.result import ImportedScript, ImportProblem
from audiostudio.script.importing.speakers import speakers_of
from audiostudio.script.table import decoded
from audiostudio.script.wordlist import word_set

CONTAINER = "META-INF/container.xml"
_BLOCKS = word_set(
    "address article aside blockquote body center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 "
    "h6 header hr html li main nav ol p pre section table tbody td tfoot th thead title tr ul"
)
_SKIPPED = word_set("script style head nav svg math template audio video object noscript rp rt")
_EMPTY = word_set("area base br col embed hr img input link meta source track wbr")
_RAW = frozenset({"script", "style"})
"""What they hold is no HTML."""
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TOKEN = re.compile(
    r"<!--|<!\[CDATA\[|<[!?][^<>]*+>?|<(?P<close>/?)(?P<tag>[A-Za-z][\w:.-]*+)"
    r"(?P<attributes>(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)>|(?P<text>[^<]++|<)"
)
_ENDS = {"<!--": "-->", "<![CDATA[": "]]>"}
_ATTRIBUTE = re.compile(r"([\w:.-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'))?")
_NOTES = frozenset({"noteref", "footnote", "footnotes", "endnote", "endnotes", "rearnote", "pagebreak", "toc", "index"})
_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")


def import_epub(archive: Archive, speakers: bool = False, known: Collection[str] = ()) -> ImportedScript:
    """The chapters of a book, notes and lists of contents left out. Raises `UnreadableMedia`.

    Prose is full of colons, so names are looked for only when asked.
    """
    package = _package(archive)
    root = archive.xml(package)
    _require_open(archive)
    problems: list[ImportProblem] = []
    texts: list[tuple[str, int]] = []
    for chapter in _chapters(root, posixpath.dirname(package)):
        if chapter not in archive:
            problems.append(ImportProblem(f"The chapter {chapter[:100]} is missing from the file."))
            continue
        texts += _paragraphs(archive, chapter)
    names = speakers_of((text for text, level in texts if not level), known) if speakers else frozenset()
    parts = ((f"{'#' * level} {text}" if level else text, level > 0, True, 0) for text, level in texts)
    lines = tuple(spoken_by(parts, names))
    if not lines:
        raise UnreadableMedia(f"{archive.name} holds no text.", "A book of scanned pages cannot be read aloud.")
    return ImportedScript(lines, tuple(problems), _title(root))


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _package(archive: Archive) -> str:
    """Where the file lies that says what the book is made of."""
    for one in archive.xml(CONTAINER).iter():
        if _local(one) == "rootfile" and one.get("full-path"):
            return str(one.get("full-path"))
    raise UnreadableMedia(f"{archive.name} does not say where its book is ({CONTAINER}).", "Get it again.")


def _require_open(archive: Archive) -> None:
    """Raises `UnreadableMedia` for a book whose text is encrypted; fonts may be."""
    if "META-INF/encryption.xml" not in archive:
        return
    for one in archive.xml("META-INF/encryption.xml").iter():
        if _local(one) == "EncryptionMethod" and one.get("Algorithm") not in _FONTS:
            raise UnreadableMedia(f"{archive.name} is protected against copying.", "Choose a book without protection.")


def _chapters(package: Element, folder: str) -> Iterator[str]:
    """The members that hold the text, in reading order."""
    items = {one.get("id"): one for one in package.iter() if _local(one) == "item"}
    done: set[str] = set()
    for one in package.iter():
        if _local(one) != "itemref" or one.get("linear") == "no":
            continue
        item = items.get(one.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split():
            continue
        if "html" not in (item.get("media-type") or "html"):
            continue
        member = posixpath.normpath(posixpath.join(folder, unquote(urlsplit(item.get("href") or "").path)))
        if member not in done:
            done.add(member)
            yield member


def _title(package: Element) -> str:
    found = next((one for one in package.iter() if _local(one) == "title"), None)
    return " ".join((found.text or "").split()) if found is not None else ""


def _paragraphs(archive: Archive, member: str) -> list[tuple[str, int]]:
    text, _ = decoded(archive.read(member), f"{archive.name}, {member[:100]}")
    return _Page().read(text)


class _Page:
    """A page's paragraphs with their heading level (0: none), from XHTML or any HTML, in linear time."""

    def __init__(self) -> None:
        self._paragraphs: list[tuple[str, int]] = []
        self._text: list[str] = []
        self._level = 0
        self._skipped = 0
        """How many open elements, the outermost skipped one included, are within it."""

    def read(self, source: str) -> list[tuple[str, int]]:
        at = 0
        missing: set[str] = set()
        """Ends that do not come any more."""
        while found := _TOKEN.match(source, at):
            at = found.end()
            if found["tag"]:
                name = found["tag"].lower()
                self._tag(name, bool(found["close"]), found["attributes"])
                ending = f"</{name}" if name in _RAW and not found["close"] and found["attributes"][-1:] != "/" else ""
            elif found["text"]:
                self._say(found["text"])
                ending = ""
            else:
                ending = _ENDS.get(found[0], "")
            if not ending or ending in missing:
                continue
            end = source.find(ending, at)
            if end < 0:
                missing.add(ending)
                continue
            if found[0] == "<![CDATA[":
                self._say(source[at:end], raw=True)
            at = end if ending in ("</script", "</style") else end + len(ending)
        self._end()
        return self._paragraphs

    def _tag(self, name: str, closes: bool, attributes: str) -> None:
        alone = name in _EMPTY or attributes.endswith("/")
        if self._skipped:
            self._skipped += 0 if alone else -1 if closes else 1
        elif closes or (alone and name in _BLOCKS):
            if name in _BLOCKS:
                self._end()
                self._level = 0
        else:
            self._opens(name, alone, attributes)

    def _opens(self, name: str, alone: bool, attributes: str) -> None:
        values = {one[1].lower(): html.unescape(one[2] or one[3] or "") for one in _ATTRIBUTE.finditer(attributes)}
        kinds = {*values.get("epub:type", "").split(), values.get("role", "").removeprefix("doc-")}
        if name in _SKIPPED or kinds & _NOTES or "hidden" in values:
            self._skipped = 0 if alone else 1
            if name in _BLOCKS:
                self._end()
        elif name in _BLOCKS:
            self._end()
            self._level = int(name[1]) if name in _HEADINGS else 0
        elif name == "br" and self._level:
            self._text.append(" ")
        elif name == "br":
            self._end()

    def _say(self, text: str, raw: bool = False) -> None:
        if not self._skipped:
            self._text.append(text if raw else html.unescape(text))

    def _end(self) -> None:
        text = " ".join("".join(self._text).split())
        self._text = []
        if text:
            self._paragraphs.append((text, self._level))
