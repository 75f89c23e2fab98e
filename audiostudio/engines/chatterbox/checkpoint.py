"""Chatterbox's files become networks, by its own code. They are safetensors: numbers and nothing else."""

import logging
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from audiostudio.engines.base import Models
from audiostudio.engines.japanese_reading import JapaneseReading
from audiostudio.engines.torch_device import best_device, checkpoint_errors
from audiostudio.engines.torch_sound import torchaudio
from audiostudio.errors import EngineUnavailable, ModelDamaged

ENGLISH = "chatterbox"
MULTILINGUAL = "chatterbox-multilingual"


class Networks:
    """The parts of Chatterbox, on the best device, each loaded when it is first asked for.

    Asking raises `ModelMissing` and `ModelDamaged`.
    """

    def __init__(self, models: Models, title: str) -> None:
        """Loads what all need. Raises `EngineUnavailable`, `ModelMissing`, `ModelDamaged`."""
        torchaudio()
        logging.getLogger("chatterbox").setLevel(logging.ERROR)  # it warns of packages that one can do without
        from chatterbox.models.s3gen import S3Gen
        from chatterbox.models.t3 import t3
        from chatterbox.models.voice_encoder import VoiceEncoder

        t3.tqdm = lambda steps, **_: steps  # nobody sees its bars
        self._models = models
        self._title = title
        self.device = best_device(mps=True)
        self.sounder = self._filled(S3Gen(), ENGLISH, "s3gen.safetensors")
        """Speech tokens to sound, and sound to speech tokens."""
        self.encoder = self._filled(VoiceEncoder(), ENGLISH, "ve.safetensors")
        """Sound to what a speaker is like."""

    @cached_property
    def english(self) -> tuple[Any, Any]:
        """The network from text to speech tokens, and its tokenizer."""
        from chatterbox.models.t3.modules.t3_config import T3Config
        from chatterbox.models.tokenizers import EnTokenizer

        path = self._models.path(ENGLISH, "tokenizer.json")
        with checkpoint_errors(self._title, path):
            tokenizer = EnTokenizer(str(path))
        return self._speaker(T3Config.english_only(), ENGLISH, "t3_cfg.safetensors"), tokenizer

    @cached_property
    def multilingual(self) -> tuple[Any, Any]:
        from chatterbox.models import tokenizers
        from chatterbox.models.t3.modules.t3_config import T3Config

        path = self._models.path(MULTILINGUAL, "grapheme_mtl_merged_expanded_v1.json")
        with checkpoint_errors(self._title, path):
            tokenizer = tokenizers.MTLTokenizer(str(path))
        tokenizers.tokenizer._kakasi = _WhenAsked()
        return self._speaker(T3Config.multilingual(), MULTILINGUAL, "t3_mtl23ls_v2.safetensors"), tokenizer

    def _speaker(self, config: Any, model: str, file: str) -> Any:
        """As many layers as the file has."""
        from chatterbox.models.t3 import T3
        from chatterbox.models.t3.llama_configs import LLAMA_CONFIGS

        state = self._state(model, file)
        layers = _count(state, "tfmr.layers")
        config.llama_config_name = f"{layers} layers"
        LLAMA_CONFIGS[config.llama_config_name] = LLAMA_CONFIGS["Llama_520M"] | {"num_hidden_layers": layers}
        return self._filled(T3(config), model, file, state)

    def _state(self, model: str, file: str) -> dict[str, Any]:
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        path = self._models.path(model, file)
        try:
            state: dict[str, Any] = load_file(str(path))
        except SafetensorError as error:
            raise self._strange(path) from error
        return state

    def _filled(self, network: Any, model: str, file: str, state: Mapping[str, Any] | None = None) -> Any:
        """`network` with the file's numbers, ready to infer."""
        path = self._models.path(model, file)
        state = self._state(model, file) if state is None else state
        _shorten(network, state)
        with checkpoint_errors(self._title, path):
            missing, _ = network.load_state_dict(state, strict=False)
        if set(missing) & {name for name, _ in network.named_parameters()}:
            raise self._strange(path)
        return network.to(self.device).eval()

    def _strange(self, path: Path) -> ModelDamaged:
        return ModelDamaged(
            f"{path.name} of {self._title} is no model that this engine knows: {path}.", "Fetch the model again."
        )


class _WhenAsked:
    """A reader of Japanese that opens its dictionary for the first text."""

    def convert(self, text: str) -> list[dict[str, str]]:
        return self._reading.convert(text)

    @cached_property
    def _reading(self) -> JapaneseReading:
        try:
            return JapaneseReading()
        except ImportError as error:
            raise EngineUnavailable(
                f"Chatterbox lacks a package for Japanese: {error}.", "Run `audiostudio engines install torch`."
            ) from error


def _count(state: Mapping[str, Any], prefix: str) -> int:
    """How many numbered parts of that name there are."""
    number = re.compile(re.escape(prefix) + r"\.(\d+)\.")
    return max((int(found[1]) + 1 for found in map(number.match, state) if found), default=0)


def _shorten(network: Any, state: Mapping[str, Any]) -> None:
    """Take off the layers that a file of a smaller network has not."""
    from torch.nn import ModuleList

    for name, part in network.named_modules():
        if isinstance(part, ModuleList) and all(any(True for _ in one.parameters()) for one in part):
            count = _count(state, name)
            if 0 < count < len(part):
                del part[count:]
