"""The contract, over every speech engine of this computer that the registry knows; remote ones and those of engine
environments have their own."""

from pathlib import Path

import pytest

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.registry import EngineRegistry
from audiostudio.errors import ModelMissing
from tests.engines.contract import Speaker, SpeechContract


class _NoModels:
    def path(self, name: str, file: str) -> Path:
        raise ModelMissing(f"No {name}.")


MANIFESTS = {
    manifest.name: manifest
    for manifest in EngineRegistry(_NoModels()).manifests()
    if manifest.kind == "speech" and not manifest.capabilities.remote and not manifest.environment
}
ENGINES = list(MANIFESTS)
HEAVY = [name for name in ENGINES if MANIFESTS[name].models]
VOICES = {"kokoro": "af_heart", "hibari": "hibari_heart", "tone": "tone"}


@pytest.mark.models
class TestSpeech(SpeechContract):
    @pytest.fixture(params=[pytest.param(name, marks=[pytest.mark.long] if name in HEAVY else []) for name in ENGINES])
    def speaker(self, request: pytest.FixtureRequest, registry: EngineRegistry) -> Speaker:
        name = request.param
        voice = VOICES.get(name) or next(one.id for one in registry.voices() if one.engine == name)
        return Speaker(registry.load(name), SpeechSettings(voice))
