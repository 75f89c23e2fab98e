"""The model store: which weights there are, where they come from, and whether they are here and whole."""

from audiostudio.engines.models.manifest import ModelFile, ModelManifest, Source
from audiostudio.engines.models.store import ModelStore

__all__ = ["ModelFile", "ModelManifest", "ModelStore", "Source"]
