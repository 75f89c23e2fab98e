"""What an engine still needs before it can make a voice here."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiostudio.errors import EngineUnavailable

if TYPE_CHECKING:
    from audiostudio.engines.base import EngineManifest
    from audiostudio.engines.environments.manifest import EnvironmentManifest
    from audiostudio.operations.studio import Studio


@dataclass(frozen=True, slots=True)
class Need:
    kind: str
    """`key`, `environment` or `model`."""
    title: str
    size: int = 0
    """Bytes to fetch; 0 where nobody knows."""


def needs(studio: "Studio", engine: "EngineManifest") -> tuple[Need, ...]:
    """In the order in which they are met. Looks at the disk and the keyring: beside the window."""
    found: list[Need] = []
    if engine.needs_key and studio.engines.needs_key(engine.name):
        found.append(Need("key", engine.title))
    if engine.environment:
        from audiostudio.engines.environments.store import Environments

        environments = Environments(studio.profile.engines)
        if not environments.usable(engine.environment):
            manifest = environments.manifest(engine.environment)
            found.append(Need("environment", manifest.title, _size(manifest)))
    for name in engine.models:
        if not studio.models.present(name):
            manifest = studio.models.manifest(name)
            found.append(Need("model", manifest.title, manifest.download))
    return tuple(found)


def _size(manifest: "EnvironmentManifest") -> int:
    """0 where there are no packages for this machine: installing it says so."""
    try:
        return manifest.lock.download
    except EngineUnavailable:
        return 0
