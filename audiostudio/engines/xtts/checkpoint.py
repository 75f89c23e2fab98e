"""A folder with XTTS-v2's files becomes a network, by coqui-tts's own code. Nothing in the files is executed."""

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from audiostudio.engines.japanese_reading import JapaneseReading
from audiostudio.engines.torch_device import best_device, checkpoint_errors
from audiostudio.engines.torch_sound import torchaudio


def load(files: Mapping[str, Path], title: str) -> Any:
    """The `Xtts` of `config.json`, `vocab.json` and `model.pth`, on the best device, ready to infer.

    Raises `ModelDamaged` for files that are none of XTTS's or hold more than numbers, `EngineUnavailable`.
    """
    torchaudio()
    from transformers.utils import logging

    logging.set_verbosity_error()  # it warns about settings that coqui-tts chose
    from TTS.tts.configs.xtts_config import XttsConfig

    config = XttsConfig()
    with checkpoint_errors(title, files["config.json"]):
        config.load_json(str(files["config.json"]))
    config.model_args.gpt_number_text_tokens = None  # else the network is built now, and again when it is loaded
    device = best_device()
    with checkpoint_errors(title, files["model.pth"]):
        model = _network()(config)
        model.load_checkpoint(
            config,
            checkpoint_path=str(files["model.pth"]),
            vocab_path=str(files["vocab.json"]),
            speaker_file_path=str(files["model.pth"].parent / "no speakers"),
            eval=True,
        )
    model.tokenizer = _tokenizer(files["vocab.json"])
    return model.to(device)


def _tokenizer(vocabulary: Path) -> Any:
    from TTS.tts.layers.xtts.tokenizer import VoiceBpeTokenizer

    class Tokenizer(VoiceBpeTokenizer):
        """Where the original asks a package with a dictionary that no registry has ready, this reads with another."""

        @cached_property
        def katsu(self) -> JapaneseReading:
            return JapaneseReading()

    return Tokenizer(vocab_file=vocabulary)


def _network() -> type[Any]:
    import torch
    from TTS.config.shared_configs import BaseDatasetConfig
    from TTS.tts.configs.xtts_config import XttsArgs, XttsAudioConfig, XttsConfig
    from TTS.tts.models import xtts

    # The classes by the names that they had when the published checkpoint was made; plain records, no code of its own.
    safe = [
        (XttsConfig, "TTS.tts.configs.xtts_config.XttsConfig"),
        (XttsArgs, "TTS.tts.models.xtts.XttsArgs"),
        (XttsAudioConfig, "TTS.tts.models.xtts.XttsAudioConfig"),
        BaseDatasetConfig,
    ]

    class ReadOnlyXtts(xtts.Xtts):
        """Where the original writes a converted checkpoint over the file, this only reads it, numbers only."""

        def _load_checkpoint(self, model_path: Path) -> Any:
            with torch.serialization.safe_globals(safe):
                read = torch.load(model_path, map_location="cpu", weights_only=True, mmap=True)
            return read["model"]

    return ReadOnlyXtts
