"""SVG pictures from outside: small, plain, and calling nothing."""

from pathlib import Path
from xml.parsers import expat

from audiostudio.errors import UnreadableMedia
from audiostudio.files import storage_errors

LARGEST = 10 * 2**20
"""Bytes."""
_DEEPEST = 200
_NAMESPACE = "http://www.w3.org/2000/svg"
_FORBIDDEN = {"script", "foreignObject", "iframe", "object", "embed", "handler"}
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}


def looks_like_svg(path: Path) -> bool:
    with storage_errors(path), path.open("rb") as file:
        head = file.read(4096).lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"<") and (b"<svg" in head or b":svg" in head)


def svg_size(path: Path) -> tuple[int, int]:
    """Width and height in pixels. Raises `UnreadableMedia` for what is no SVG or would run or fetch something."""
    with storage_errors(path):
        data = path.read_bytes() if path.stat().st_size <= LARGEST else b""
    if not data:
        raise UnreadableMedia(f"{path.name} is too large for a drawing.", "Export it as PNG.")
    reader = _Reader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.EntityDeclHandler = reader.entity
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise UnreadableMedia(f"{path.name} is damaged: line {error.lineno}.", "Export it again.") from error
    except (_Refused, ValueError) as error:
        raise UnreadableMedia(f"{path.name} is no plain drawing: {error}.", "Export it as PNG or plain SVG.") from error
    return reader.size


class _Refused(Exception):
    pass


class _Reader:
    def __init__(self) -> None:
        self.size = (0, 0)
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, tag = name.rpartition(" ")
        self._depth += 1
        if self._depth == 1:
            if (space, tag) != (_NAMESPACE, "svg"):
                raise _Refused("it does not begin as one")
            self.size = _size(attributes)
        if self._depth > _DEEPEST:
            raise _Refused("its parts are too deep in each other")
        if tag in _FORBIDDEN:
            raise _Refused(f"it holds <{tag}>")
        for attribute, value in attributes.items():
            _check(attribute.rpartition(" ")[2], value)

    def end(self, name: str) -> None:
        self._depth -= 1

    def doctype(self, name: str, system: str | None, public: str | None, internal: bool) -> None:
        if internal:
            raise _Refused("it defines entities")

    def entity(self, *_: object) -> None:
        raise _Refused("it defines entities")


def _check(attribute: str, value: str) -> None:
    plain = "".join(value.split()).lower()
    if attribute.lower().startswith("on") or plain.startswith("javascript:"):
        raise _Refused("it would run a program")
    if attribute in ("href", "src") and not plain.startswith(("#", "data:image/")):
        raise _Refused("it fetches something")
    if "url(" in plain and "url(#" not in plain.replace("'", "").replace('"', ""):
        raise _Refused("it fetches something")


def _size(attributes: dict[str, str]) -> tuple[int, int]:
    width, height = _pixels(attributes.get("width", "")), _pixels(attributes.get("height", ""))
    box = attributes.get("viewBox", "").replace(",", " ").split()
    if len(box) == 4 and not (width and height):
        width, height = float(box[2]), float(box[3])
    if not (0 < width <= 1e6 and 0 < height <= 1e6):
        return 300, 150  # what browsers take for a drawing that does not say
    return max(1, round(width)), max(1, round(height))


def _pixels(length: str) -> float:
    text = length.strip().lower()
    unit = text.lstrip("+0123456789.e-")
    return float(text.removesuffix(unit) or 0) * _UNITS[unit] if unit in _UNITS else 0.0
