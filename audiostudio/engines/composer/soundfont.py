"""A SoundFont (SF2 or SF3), taken apart so that only the instruments in use are decoded.

The whole of MuseScore General takes two to four seconds and 0.6 GB to load; one of its instruments some hundredths.
Format: SoundFont Technical Specification 2.04; SF3 is the same with samples in Ogg Vorbis.
"""

import mmap
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.composer.modulators import KEY_RANGE, VELOCITY_RANGE, Modulator, merged
from audiostudio.engines.composer.modulators import zones as modulated
from audiostudio.errors import ModelDamaged
from audiostudio.files import storage_errors

Rows = NDArray[Any]

_HEADERS: dict[str, list[tuple[str, str]]] = {
    "phdr": [("name", "S20"), ("program", "<u2"), ("bank", "<u2"), ("bag", "<u2"), ("rest", "V12")],
    "pbag": [("gen", "<u2"), ("mod", "<u2")],
    "pmod": [("source", "<u2"), ("target", "<u2"), ("amount", "<i2"), ("scale", "<u2"), ("curve", "<u2")],
    "pgen": [("oper", "<u2"), ("amount", "<u2")],
    "inst": [("name", "S20"), ("bag", "<u2")],
    "ibag": [("gen", "<u2"), ("mod", "<u2")],
    "imod": [("source", "<u2"), ("target", "<u2"), ("amount", "<i2"), ("scale", "<u2"), ("curve", "<u2")],
    "igen": [("oper", "<u2"), ("amount", "<u2")],
    "shdr": [
        ("name", "S20"),
        ("start", "<u4"),
        ("end", "<u4"),
        ("loop", "<u4"),
        ("loop_end", "<u4"),
        ("rate", "<u4"),
        ("pitch", "u1"),
        ("correction", "i1"),
        ("link", "<u2"),
        ("type", "<u2"),
    ],
}
_LAYOUTS = {name: np.dtype(fields) for name, fields in _HEADERS.items()}
_INSTRUMENT, _SAMPLE = 41, 53
"""Generators whose amount is the number of an instrument, or of a sample."""
_COMPRESSED = 0x10
_GUARD = bytes(92)
"""46 samples of silence that the format wants behind each sample."""
DRUM_BANK = 128


class SoundFontFile:
    """An open SoundFont. Raises `ModelDamaged` for what is none, or cut short."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with storage_errors(path), path.open("rb") as file:
            try:
                self._data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError:  # of an empty file
                self._broken()
        try:
            self._read()
        except (struct.error, KeyError, ValueError, IndexError):
            self._broken()

    def close(self) -> None:
        self._data.close()

    def presets(self) -> dict[tuple[int, int], str]:
        """Names by (bank, program); the drum kits' bank is 128."""
        return {(int(one["bank"]), int(one["program"])): _text(one["name"]) for one in self._rows["phdr"][:-1]}

    def excerpt(self, bank: int, program: int) -> bytes:
        """A SoundFont with that preset alone. Raises `ModelDamaged` where there is none, or it is broken."""
        presets = self._rows["phdr"][:-1]
        found = np.flatnonzero((presets["bank"] == bank) & (presets["program"] == program))
        if not len(found):
            raise ModelDamaged(
                f"{self.path.name} has no instrument {program} in bank {bank}.", "Fetch the model again: it is another."
            )
        try:
            return self._made(int(found[0]))
        except (IndexError, ValueError, OverflowError):
            self._broken()

    def _made(self, number: int) -> bytes:
        rows = self._rows
        out: dict[str, Rows] = {"phdr": rows["phdr"][[number, len(rows["phdr"]) - 1]].copy()}
        zones = list(self._zones(number))
        out["phdr"]["bag"] = [0, len(zones)]
        starts = np.cumsum([0, *map(len, zones)])
        out["pbag"] = np.array([(start, 0) for start in starts], _LAYOUTS["pbag"])
        flat = [(oper, amount & 0xFFFF) for zone in zones for oper, amount in zone]
        out["pgen"], instruments = _renumbered(np.array([*flat, (0, 0)], _LAYOUTS["pgen"]), _INSTRUMENT)
        out["pmod"] = np.zeros(1, _LAYOUTS["pmod"])
        header, bags, gens, mods = _cut(rows["inst"], rows["ibag"], rows["igen"], rows["imod"], instruments)
        out |= {"inst": header, "ibag": bags, "imod": mods}
        out["igen"], samples = _renumbered(gens, _SAMPLE)
        sound, out["shdr"] = self._sound(samples)
        info = _chunk(b"ifil", struct.pack("<HH", 2, 4)) + _chunk(b"isng", b"EMU8000\0") + _chunk(b"INAM", b"Excerpt\0")
        tables = b"".join(_chunk(name.encode(), out[name].tobytes()) for name in _LAYOUTS)
        body = b"sfbk" + b"".join(
            _chunk(b"LIST", kind + held)
            for kind, held in ((b"INFO", info), (b"sdta", _chunk(b"smpl", sound)), (b"pdta", tables))
        )
        return _chunk(b"RIFF", body)

    def _zones(self, number: int) -> Iterator[list[tuple[int, int]]]:
        """The generators of each of a preset's zones, with what its modulators add written into them."""
        rows = self._rows
        bags = range(int(rows["phdr"]["bag"][number]), int(rows["phdr"]["bag"][number + 1]))
        common: tuple[dict[int, int], list[Modulator]] = {}, []
        for place, bag in enumerate(bags):
            gens, mods = self._zone("p", bag)
            if _INSTRUMENT not in gens:
                common = (gens, mods) if place == 0 else common
                continue
            instrument = gens.pop(_INSTRUMENT)
            theirs = self._common(instrument)
            for zone in modulated(common[0] | gens, [*merged(common[1], mods), *theirs]):
                ranges = [(oper, zone.pop(oper)) for oper in (KEY_RANGE, VELOCITY_RANGE)]
                yield [*ranges, *zone.items(), (_INSTRUMENT, instrument)]

    def _common(self, instrument: int) -> list[Modulator]:
        """The modulators that all zones of an instrument share."""
        gens, mods = self._zone("i", int(self._rows["inst"]["bag"][instrument]))
        return mods if _SAMPLE not in gens else []

    def _zone(self, kind: str, bag: int) -> tuple[dict[int, int], list[Modulator]]:
        """Generators and modulators of a bag of presets (`p`) or instruments (`i`)."""
        here, after = self._rows[f"{kind}bag"][bag], self._rows[f"{kind}bag"][bag + 1]
        gens = self._rows[f"{kind}gen"][int(here["gen"]) : int(after["gen"])]
        mods = self._rows[f"{kind}mod"][int(here["mod"]) : int(after["mod"])]
        amounts = {int(one["oper"]): _signed(int(one["oper"]), int(one["amount"])) for one in gens}
        found = [Modulator(*(int(one[name]) for name in Modulator._fields)) for one in mods]
        return amounts, found

    def _sound(self, samples: list[int]) -> tuple[bytes, Rows]:
        """The samples one after the other, and their headers moved to there."""
        first, size = self._samples
        headers = self._rows["shdr"][[*samples, len(self._rows["shdr"]) - 1]].copy()
        pieces: list[bytes] = []
        at = 0
        for row in headers[:-1]:
            compressed = bool(row["type"] & _COMPRESSED)
            unit = 1 if compressed else 2
            start, end = int(row["start"]) * unit, int(row["end"]) * unit
            if not 0 <= start < end <= size:
                raise ValueError(f"a sample from {start} to {end} of {size}")
            piece = self._data[first + start : first + end]
            if compressed and piece[:4] != b"OggS":
                raise ValueError("no Ogg")
            if not compressed:
                piece += _GUARD
                for name in ("loop", "loop_end"):
                    row[name] = min(max(int(row[name]) - start // 2, 0), (end - start) // 2) + at // 2
            row["start"], row["end"] = at // unit, at // unit + (end - start) // unit
            pieces.append(piece + bytes(len(piece) % 2))
            at += len(pieces[-1])
        return b"".join(pieces), headers

    def _read(self) -> None:
        data = self._data
        if data[:4] != b"RIFF" or data[8:12] != b"sfbk" or struct.unpack("<I", data[4:8])[0] + 8 > len(data):
            self._broken()
        self._rows: dict[str, Rows] = {}
        for kind, start, end in _chunks(data, 12, len(data)):
            if kind != b"LIST":
                continue
            for name, first, last in _chunks(data, start + 4, end):
                if name == b"smpl":
                    self._samples = first, last - first
                elif name.decode("latin-1") in _LAYOUTS:
                    self._rows[name.decode()] = np.frombuffer(data[first:last], _LAYOUTS[name.decode()])
        if set(self._rows) != set(_LAYOUTS) or not hasattr(self, "_samples"):
            self._broken()
        if any(not len(self._rows[name]) for name in ("phdr", "inst", "shdr", "pbag", "ibag")):
            self._broken()

    def _broken(self) -> NoReturn:
        raise ModelDamaged(
            f"The SoundFont {self.path.name} is damaged, or is none.",
            "Fetch it again: `audiostudio models verify`, then `audiostudio models pull musescore-general`.",
        )


def _chunks(data: mmap.mmap, at: int, end: int) -> list[tuple[bytes, int, int]]:
    """(name, start, end) of each chunk in a range."""
    found = []
    while at + 8 <= end:
        (size,) = struct.unpack("<I", data[at + 4 : at + 8])
        if at + 8 + size > end:
            raise ValueError("a chunk is cut short")
        found.append((data[at : at + 4], at + 8, at + 8 + size))
        at += 8 + size
        at += data[at : at + 1] == b"\0"  # padding to even sizes, which some programs leave out
    return found


def _cut(headers: Rows, bags: Rows, gens: Rows, mods: Rows, chosen: list[int]) -> tuple[Rows, Rows, Rows, Rows]:
    """The chosen headers, with the closing one, and their bags, generators and modulators; all moved together."""
    kept = headers[[*chosen, len(headers) - 1]].copy()
    spans = [(int(headers[one]["bag"]), int(headers[one + 1]["bag"])) for one in chosen]
    numbers = _together(spans)
    kept["bag"] = np.cumsum([0, *(end - start for start, end in spans)])
    zones = np.append(bags[numbers], bags[-1:])
    out = []
    for name, rows in (("gen", gens), ("mod", mods)):
        parts = [(int(bags[one][name]), int(bags[one + 1][name])) for one in numbers]
        zones[name] = np.cumsum([0, *(end - start for start, end in parts)])
        out.append(np.append(rows[_together(parts)], rows[-1:]))
    return kept, zones, out[0], out[1]


def _together(spans: list[tuple[int, int]]) -> NDArray[np.intp]:
    """All numbers of half-open ranges, one range after the other."""
    return np.array([one for span in spans for one in range(*span)], np.intp)


def _renumbered(gens: Rows, oper: int) -> tuple[Rows, list[int]]:
    """Generators that point to the first, second, … of the list, and what these are in the whole file."""
    gens = gens.copy()
    points = np.flatnonzero(gens["oper"][:-1] == oper)
    used, places = np.unique(gens["amount"][points], return_inverse=True)
    gens["amount"][points] = places
    return gens, [int(one) for one in used]


def _signed(oper: int, amount: int) -> int:
    """An amount as it is meant: ranges and numbers of things are not signed."""
    unsigned = oper in (KEY_RANGE, VELOCITY_RANGE, _INSTRUMENT, _SAMPLE)
    return amount if unsigned or amount < 0x8000 else amount - 0x10000


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + bytes(len(data) % 2)


def _text(name: Any) -> str:
    return bytes(name).split(b"\0")[0].decode("latin-1").strip()
