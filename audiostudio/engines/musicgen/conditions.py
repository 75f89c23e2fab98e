"""What MusicGen listens to: a description read by T5, and the pitch classes of a melody."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

MOST_PIECES = 256
"""Of words that T5 reads of a description."""


class T5:
    """T5's encoder, and how it takes text apart; nothing else of T5 is loaded."""

    def __init__(self, network: Any, words: Any, device: str) -> None:
        """Of `read_encoder` and `read_words`."""
        self._device = device
        self._network = network.to(device)
        self.width = int(network.config.d_model)
        self._words = words

    def count(self, text: str) -> int:
        """Pieces of words in `text`."""
        return len(self._words.encode(text).ids)

    def read(self, texts: Sequence[str]) -> tuple[Any, Any]:
        """What each text means, shape (texts, n, width), and where that holds, shape (texts, n): nowhere for an empty
        one."""
        import torch

        found = [self._words.encode(text).ids for text in texts]
        longest = max(map(len, found))
        ids = torch.tensor([one + [0] * (longest - len(one)) for one in found], device=self._device)
        lengths = torch.tensor([len(one) if text else 0 for one, text in zip(found, texts, strict=True)])
        mask = (torch.arange(longest)[None, :] < lengths[:, None]).long().to(self._device)
        with torch.inference_mode():
            return self._network(input_ids=ids, attention_mask=mask).last_hidden_state, mask


def read_words(path: Path) -> Any:
    """Raises `ValueError` for a file of something else."""
    from tokenizers import Tokenizer

    text = path.read_text(encoding="utf-8")
    json.loads(text)
    words = Tokenizer.from_str(text)
    words.no_truncation()
    return words


def read_encoder(weights: Path) -> Any:
    """T5's encoder, as large as the file's tensors say. Raises `SafetensorError`, `KeyError`, `RuntimeError` for a file
    of something else."""
    import torch
    from safetensors import safe_open
    from transformers import T5Config, T5EncoderModel

    with safe_open(str(weights), "pt") as file:
        names = [name for name in file.keys() if name.startswith("encoder.") or name == "shared.weight"]  # noqa: SIM118
        state = {name: file.get_tensor(name).float() for name in names}
    first = "encoder.block.0.layer"
    bias = state[f"{first}.0.SelfAttention.relative_attention_bias.weight"]
    config = T5Config(
        vocab_size=state["shared.weight"].shape[0],
        d_model=state["shared.weight"].shape[1],
        d_kv=state[f"{first}.0.SelfAttention.q.weight"].shape[0] // bias.shape[1],
        d_ff=state[f"{first}.1.DenseReluDense.wi.weight"].shape[0],
        num_layers=len({name.split(".")[2] for name in names if name.startswith("encoder.block.")}),
        num_heads=bias.shape[1],
        relative_attention_num_buckets=bias.shape[0],
    )
    with torch.device("meta"):
        network = T5EncoderModel(config)
    state["encoder.embed_tokens.weight"] = state["shared.weight"]
    network.load_state_dict(state, strict=True, assign=True)
    return network.eval()


@cache
def kinds() -> tuple[type[Any], type[Any]]:
    """Conditioners in place of audiocraft's that would fetch T5 and demucs from a server."""
    import torch
    from audiocraft.modules import conditioners
    from audiocraft.modules.chroma import ChromaExtractor

    class Text(conditioners.TextConditioner):
        def __init__(self, t5: T5, output_dim: int) -> None:
            super().__init__(t5.width, output_dim)
            self.__dict__["t5"] = t5

        def tokenize(self, x: Sequence[str | None]) -> Sequence[str]:
            return [one or "" for one in x]

        def forward(self, inputs: Sequence[str]) -> tuple[Any, Any]:
            meaning, mask = self.t5.read(inputs)
            return self.output_proj(meaning) * mask.unsqueeze(-1), mask

    class Melody(conditioners.ChromaStemConditioner):
        """Hears the whole recording: what carries the melody can be taken out of it before."""

        def __init__(self, output_dim: int, device: str, duration: float, settings: Mapping[str, Any]) -> None:
            conditioners.WaveformConditioner.__init__(self, settings["n_chroma"], output_dim, device)
            left_out = ("match_len_on_eval", "eval_wavs", "n_eval_wavs", "cache_path")
            drawn = {name: value for name, value in settings.items() if name not in left_out}
            self.autocast = torch.autocast("cpu", enabled=False)
            self.sample_rate = settings["sample_rate"]
            self.match_len_on_eval = settings.get("match_len_on_eval", True)
            self._use_masking = not self.match_len_on_eval
            self.duration = duration
            self.chroma = ChromaExtractor(**drawn).to(device)
            self.chroma_len = self._get_chroma_len()
            self.eval_wavs = None
            self.cache = None

        def _get_stemmed_wav(self, wav: Any, sample_rate: int) -> Any:
            return wav

    return Text, Melody
