"""What is known of an engine environment before it is made: `resources/engines/environments/NAME/manifest.json`."""

import hashlib
import json
import platform
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from audiostudio.errors import EngineUnavailable

_MACHINES = {"amd64": "x86_64", "x64": "x86_64", "arm64": "aarch64"}
_SYSTEMS = {"win32": "windows", "darwin": "macos"}


@dataclass(frozen=True, slots=True)
class Lock:
    """The packages of an environment on one platform."""

    path: Path
    """Lines `NAME==VERSION`; comments after `#`."""
    download: int
    """Bytes that travel, about."""
    disk: int
    """Bytes on the disk, about."""
    ran: bool
    """Whether anybody has run it."""
    note: str = ""
    """What else is to be known of its size."""

    @property
    def requirements(self) -> tuple[str, ...]:
        lines = (line.partition("#")[0].strip() for line in self.path.read_text(encoding="utf-8").splitlines())
        return tuple(line for line in lines if line)

    @property
    def digest(self) -> str:
        """Of what it asks for: another comment makes no other environment."""
        return hashlib.sha256("\n".join(sorted(self.requirements)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class EnvironmentManifest:
    name: str
    title: str
    purpose: str
    licences: str
    """Of its packages, in a line."""
    python: tuple[str, ...]
    """Versions that it can be made with: `3.11`."""
    leading: tuple[str, ...]
    """Names of packages that are installed first and with whatever they need on this machine, such as the libraries
    for its graphics card; all else comes exactly as the lock says."""
    imports: tuple[str, ...]
    """Modules that must import for the environment to be whole."""
    built: tuple[str, ...]
    """Names of packages that come as source only: pure Python, put together on this machine."""
    locks: Mapping[str, Lock]
    """By platform: `linux-x86_64`."""

    @property
    def lock(self) -> Lock:
        """For this machine. Raises `EngineUnavailable`."""
        try:
            return self.locks[this_platform()]
        except KeyError:
            raise EngineUnavailable(
                f"{self.title} cannot be installed on this kind of computer ({this_platform()}).",
                f"It can on {', '.join(self.locks)}.",
            ) from None

    @classmethod
    def read(cls, folder: Path) -> "EnvironmentManifest":
        """Its name is the folder's. Raises `KeyError`, `TypeError` or `ValueError` when it is not written so."""
        data = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return cls(
            name=folder.name,
            title=data["title"],
            purpose=data["purpose"],
            licences=data["licences"],
            python=tuple(data["python"]),
            leading=tuple(data["leading"]),
            imports=tuple(data["imports"]),
            built=tuple(data.get("built", ())),
            locks={name: Lock(folder / f"{name}.txt", **one) for name, one in data["platforms"].items()},
        )


def this_platform() -> str:
    """`linux-x86_64`, `macos-aarch64`, `windows-x86_64`."""
    machine = platform.machine().lower()
    return f"{_SYSTEMS.get(sys.platform, sys.platform)}-{_MACHINES.get(machine, machine)}"


def project_name(requirement: str) -> str:
    """`NAME` of `NAME==VERSION`, as packages compare names."""
    return re.sub(r"[-_.]+", "-", requirement.partition("==")[0].strip()).lower()
