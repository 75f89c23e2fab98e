"""A tiny Chatterbox with random numbers, in files as the published ones; they go through the engine's real loading.

Run by the Python of the engine environment: `tiny_chatterbox.py ROOT FOLDER`; ROOT holds the package `audiostudio`.
Writes FOLDER/chatterbox/… and FOLDER/chatterbox-multilingual/….
"""

import json
import sys
from pathlib import Path
from typing import Any


def main(folder: Path) -> None:
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(1)
    english, multilingual = folder / "chatterbox", folder / "chatterbox-multilingual"
    for one in (english, multilingual):
        one.mkdir(parents=True, exist_ok=True)
    from chatterbox.models.s3gen import S3Gen
    from chatterbox.models.t3.modules.t3_config import T3Config
    from chatterbox.models.voice_encoder import VoiceEncoder

    _write(VoiceEncoder(), english / "ve.safetensors")
    sounder = S3Gen()
    for blocks in (sounder.tokenizer.encoder.blocks, sounder.flow.encoder.encoders, sounder.flow.encoder.up_encoders):
        del blocks[1:]
    estimator = sounder.flow.decoder.estimator
    del estimator.mid_blocks[1:]
    for block in (*estimator.down_blocks, *estimator.mid_blocks, *estimator.up_blocks):
        del block[1][1:]
    with torch.no_grad():
        sounder.mel2wav.conv_post.bias.add_(0.5)  # loud enough to be heard
    _write(sounder, english / "s3gen.safetensors")
    _write(_speaker(T3Config.english_only()), english / "t3_cfg.safetensors")
    _write(_speaker(T3Config.multilingual()), multilingual / "t3_mtl23ls_v2.safetensors")
    _vocabulary(english / "tokenizer.json", 704)
    _vocabulary(multilingual / "grapheme_mtl_merged_expanded_v1.json", 2454)
    (multilingual / "Cangjie5_TC.json").write_text(json.dumps(["一\ta"]))


def _speaker(config: Any) -> Any:
    from chatterbox.models.t3 import T3
    from chatterbox.models.t3.llama_configs import LLAMA_CONFIGS

    LLAMA_CONFIGS["one layer"] = LLAMA_CONFIGS["Llama_520M"] | {"num_hidden_layers": 1}
    config.llama_config_name = "one layer"
    return T3(config)


def _write(network: Any, path: Path) -> None:
    """In half precision: half the bytes."""
    from safetensors.torch import save_file

    numbers = network.state_dict().items()
    save_file(
        {name: (one.half() if one.is_floating_point() else one).clone().contiguous() for name, one in numbers},
        str(path),
    )


def _vocabulary(path: Path, size: int) -> None:
    """One token a character."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    known = ["[STOP]", "[UNK]", "[SPACE]", *"abcdefghijklmnopqrstuvwxyz", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ", *".,!?'-"]
    vocabulary = {token: number for number, token in enumerate(known)}
    vocabulary["[START]"] = 255
    free = iter(range(len(known), 255))
    for letter in "áäéíóöüñçßабвгдежзийклмнопрстуфхцчшщъыьэюя":
        vocabulary[letter] = next(free)
    vocabulary["[END]"] = size - 1
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[], unk_token="[UNK]"))
    tokenizer.add_special_tokens(["[STOP]", "[UNK]", "[SPACE]", "[START]"])
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(path))


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    from audiostudio.engines.torch_sound import torchaudio

    torchaudio()
    main(Path(sys.argv[2]))
