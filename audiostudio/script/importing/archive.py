"""Files inside DOCX and EPUB, opened with limits: what comes from outside may be made to do harm."""

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from audiostudio.errors import UnreadableMedia

MOST_MEMBERS = 20_000
MOST_BYTES = 96 * 1024 * 1024
"""Of all that is read from one file, unpacked."""
MOST_RATIO = 200
"""Unpacked bytes for each packed one, in members of more than a megabyte."""


class Archive:
    """The members of a ZIP file, which messages call `name`."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        """Raises `UnreadableMedia`."""
        self.name = name
        self._left = MOST_BYTES
        with _explained(name):
            self._zip = zipfile.ZipFile(file)
            members = self._zip.infolist()
        if len(members) > MOST_MEMBERS:
            raise UnreadableMedia(f"{name} holds {len(members):,} files, more than any script has.")
        self._members = {member.filename: member for member in members}

    def __contains__(self, member: str) -> bool:
        return member in self._members

    def read(self, member: str) -> bytes:
        """Raises `UnreadableMedia` when it is missing, damaged or unpacks to too much."""
        info = self._members.get(member)
        if info is None:
            raise UnreadableMedia(
                f"{self.name} lacks its part {member[:100]}.", "Save it again in the program that made it."
            )
        if info.file_size > 1 << 20 and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            raise self._bomb(member)
        with _explained(f"{self.name}, {member[:100]}"), self._zip.open(info) as file:
            data = file.read(self._left + 1)
        self._left -= len(data)
        if self._left < 0:
            raise self._bomb(member)
        return data

    def _bomb(self, member: str) -> UnreadableMedia:
        return UnreadableMedia(
            f"{self.name} unpacks to far more than a script ({member[:100]}).", "It may be meant to do harm."
        )

    def xml(self, member: str) -> Element:
        """The root of an XML member; no entity is expanded. Raises `UnreadableMedia`."""
        with _explained(f"{self.name}, {member[:100]}"):
            root: Element = fromstring(self.read(member))
            return root

    def events(self, member: str) -> Iterator[tuple[str, Element]]:
        """The beginnings (`start`) and ends of an XML member's elements. Raises `UnreadableMedia`."""
        with _explained(f"{self.name}, {member[:100]}"):
            yield from iterparse(io.BytesIO(self.read(member)), events=("start", "end"), forbid_dtd=True)


@contextmanager
def _explained(place: str) -> Iterator[None]:
    """Turn what goes wrong with damaged and hostile files into `UnreadableMedia`."""
    try:
        yield
    except DefusedXmlException as error:
        raise UnreadableMedia(
            f"{place} declares entities, which are never expanded.", "It may be meant to do harm."
        ) from error
    except ParseError as error:
        line, column = error.position
        raise UnreadableMedia(f"{place} is broken at line {line}, character {column + 1}.", "Save it again.") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, EOFError, OSError) as error:
        raise UnreadableMedia(f"{place} is damaged or cut short ({str(error)[:80]}).", "Get it again.") from error
    except (RuntimeError, NotImplementedError, LookupError, ValueError) as error:
        raise UnreadableMedia(
            f"{place} cannot be unpacked ({str(error)[:80]}).", "Save it again without a password."
        ) from error
