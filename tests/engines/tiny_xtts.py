"""Run by the Python of the torch environment: `tiny_xtts.py REPOSITORY FOLDER [--full] [--endless]`.

Writes an XTTS-v2 with random weights into FOLDER, as its makers published theirs, and one whose pickle would run code.
Small, but with `--full` as large as theirs. It soon stops speaking, but with `--endless` only when it is stopped.
"""

import os
import sys
from pathlib import Path
from typing import Any

TONGUES = ["en", "es", "fr", "de", "it", "pt", "pl", "tr", "ru", "nl", "cs", "ar", "zh-cn", "hu", "ko", "ja", "hi"]


class Evil:
    """What a pickle may hold: a call."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self._mark),)


def main(folder: Path, full: bool, endless: bool) -> None:
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    from TTS.tts.configs import xtts_config
    from TTS.tts.models import xtts

    size = _vocabulary(folder / "vocab.json", 6681 if full else 0)
    args = _sizes(size, full)
    config = xtts_config.XttsConfig(
        model_args=args, audio=xtts_config.XttsAudioConfig(sample_rate=22050, output_sample_rate=24000)
    )
    config.save_json(str(folder / "config.json"))
    model = xtts.Xtts(config)
    # Large random tensors share one storage, so that the file stays small; loud enough to be heard.
    values = torch.randn(1 << 20) * 0.02
    learnt = {name for name, _ in model.named_parameters()}

    def number(name: str, like: Any) -> Any:
        if "conv_post" in name:
            return like * 10
        large = name in learnt and 4096 < like.numel() <= len(values)
        return values[: like.numel()].view(like.shape) if large and not full else like

    state = {name: number(name, one) for name, one in model.state_dict().items()}
    state["gpt.mel_head.bias"][args.gpt_stop_audio_token] += -9 if endless else 1.5
    # As the published file has it: the configuration beside the numbers, under names that its classes no longer have.
    for kind in (xtts_config.XttsArgs, xtts_config.XttsAudioConfig):
        kind.__module__ = xtts.__name__
    torch.save({"config": config, "model": state}, folder / "model.pth")
    torch.save({"model": {"gpt": Evil(folder / "executed")}}, folder / "evil.pth")
    (folder / "no.pth").write_bytes(b"no checkpoint at all")
    (folder / "no.json").write_text('{"model": "another"')


def _sizes(tokens: int, full: bool) -> Any:
    from TTS.tts.configs.xtts_config import XttsArgs

    args = XttsArgs(
        gpt_use_perceiver_resampler=True, gpt_max_audio_tokens=605, gpt_max_text_tokens=402,
        gpt_num_audio_tokens=1026, gpt_start_audio_token=1024, gpt_stop_audio_token=1025,
    )  # fmt: skip
    if not full:
        args.gpt_layers, args.gpt_n_model_channels, args.gpt_n_heads, args.decoder_input_dim = 1, 64, 4, 64
        args.gpt_max_audio_tokens = 160
        args.gpt_num_audio_tokens, args.gpt_start_audio_token, args.gpt_stop_audio_token = 66, 64, 65
    args.gpt_number_text_tokens, args.gpt_start_text_token, args.gpt_stop_text_token = tokens, 3, 0
    return args


def _vocabulary(path: Path, size: int) -> int:
    """One token a character, and as many more as `size` asks for; how many there are."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    special = ["[STOP]", "[UNK]", "[SPACE]", "[START]", *(f"[{tongue}]" for tongue in TONGUES)]
    letters = sorted(set("abcdefghijklmnopqrstuvwxyz0123456789.,!?;:'-áéíóúñüäößàèìòùâêîôûç"))
    known = {token: number for number, token in enumerate([*special, *letters])}
    for number in range(len(known), size):
        known[f"<{number}>"] = number
    tokenizer = Tokenizer(models.BPE(vocab=known, merges=[], unk_token="[UNK]"))
    tokenizer.add_special_tokens(special)
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(path))
    return len(known)


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    from audiostudio.engines.torch_sound import torchaudio

    torchaudio()
    main(Path(sys.argv[2]), "--full" in sys.argv, "--endless" in sys.argv)
