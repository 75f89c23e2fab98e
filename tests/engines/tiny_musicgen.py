"""Run by the Python of the torch environment: `tiny_musicgen.py REPOSITORY FOLDER`.

Writes small MusicGens with random weights into FOLDER, as their makers published theirs: of text, of melodies, of two
channels; a T5 and a codec; and a pickle that would run code. Then loads them by the engine's own code and by
audiocraft's: both must give the same tokens.
"""

import os
import sys
from pathlib import Path
from typing import Any

WORDS = ["happy", "rock", "music", "with", "drums", "calm", "piano", "in", "a", "dark", "room"]
SECONDS = 2
CHROMA = {"sample_rate": 32000, "n_chroma": 12, "radix2_exp": 14, "argmax": True, "match_len_on_eval": True}


class Evil:
    """What a pickle may hold: a call."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self._mark),)


def settings(kind: str, large: bool = False) -> dict[str, Any]:
    """As a checkpoint's `xp.cfg` has them."""
    melody, books = kind == "melody", 8 if kind == "stereo" else 4
    conditioners: dict[str, Any] = {"description": {"model": "t5", "t5": {"name": "t5-base", "finetune": False}}}
    if melody:
        conditioners["self_wav"] = {"model": "chroma_stem", "chroma_stem": CHROMA}
    return {
        "device": "cpu", "dtype": "float16", "lm_model": "transformer_lm", "dataset": {"segment_duration": SECONDS},
        "transformer_lm": {
            "n_q": books, "card": 2048 if large else 64, "dim": 1024 if large else 32, "num_heads": 16 if large else 4,
            "num_layers": 24 if large else 2, "hidden_scale": 4, "dropout": 0.0, "emb_lr": None, "activation": "gelu",
            "norm_first": True, "bias_ff": False, "bias_attn": False, "bias_proj": False, "past_context": None,
            "causal": True, "custom": False, "memory_efficient": True, "attention_as_float32": False,
            "layer_scale": None, "positional_embedding": "sin", "xpos": False, "checkpointing": "torch",
            "weight_init": "gaussian", "depthwise_init": "current", "zero_bias_init": True, "norm": "layer_norm",
            "cross_attention": False, "qk_layer_norm": False, "qk_layer_norm_cross": False, "attention_dropout": None,
            "kv_repeat": 1, "two_step_cfg": False,
        },
        "codebooks_pattern": {
            "modeling": "delay",
            "delay": {
                "delays": [0, 0, 1, 1, 2, 2, 3, 3] if books == 8 else [0, 1, 2, 3],
                "flatten_first": 0, "empty_initial": 0,
            },
        },
        "attribute_dropout": {"text": {}, "wav": {}},
        "classifier_free_guidance": {"training_dropout": 0.2, "inference_coef": 3.0},
        "conditioners": {"args": {"merge_text_conditions_p": 0.25, "drop_desc_p": 0.5}, **conditioners},
        "interleave_stereo_codebooks": {"use": kind == "stereo", "per_timestep": False},
        "fuser": {
            "cross_attention_pos_emb": False, "cross_attention_pos_emb_scale": 1, "sum": [], "input_interpolate": [],
            "prepend": ["self_wav", "description"] if melody else [], "cross": [] if melody else ["description"],
        },
    }  # fmt: skip


def codec_settings(large: bool = False) -> dict[str, Any]:
    return {
        "device": "cpu", "compression_model": "encodec", "sample_rate": 32000, "channels": 1,
        "encodec": {
            "autoencoder": "seanet", "quantizer": "rvq", "sample_rate": "${sample_rate}", "channels": "${channels}",
            "causal": False, "renormalize": False,
        },
        "seanet": {
            "dimension": 128 if large else 8, "channels": "${channels}", "causal": False,
            "n_filters": 64 if large else 2, "n_residual_layers": 1, "ratios": [8, 5, 4, 4], "activation": "ELU",
            "activation_params": {"alpha": 1.0}, "norm": "weight_norm", "norm_params": {}, "kernel_size": 7,
            "residual_kernel_size": 3, "last_kernel_size": 7, "dilation_base": 2, "pad_mode": "constant",
            "true_skip": True, "compress": 2, "lstm": 2, "disable_norm_outer_blocks": 0,
            "decoder": {"trim_right_ratio": 1.0, "final_activation": None, "final_activation_params": None},
            "encoder": {},
        },
        "rvq": {
            "n_q": 4, "q_dropout": False, "bins": 2048 if large else 64, "decay": 0.99, "kmeans_init": False,
            "kmeans_iters": 50, "threshold_ema_dead_code": 2, "orthogonal_reg_weight": 0.0,
            "orthogonal_reg_active_codes_only": False,
        },
    }  # fmt: skip


def language_model(config: dict[str, Any], t5: Any) -> Any:
    """audiocraft's own, with conditioners that fetch nothing; as its own loader would set it up."""
    from audiocraft.models import builders
    from omegaconf import OmegaConf

    from audiostudio.engines.musicgen.conditions import kinds

    text, melody = kinds()
    found = OmegaConf.create(config)
    found.dtype = "float32"
    found.transformer_lm.checkpointing = "none"
    length = found.dataset.segment_duration

    def read_text(output_dim: int, **_: Any) -> Any:
        return text(t5, output_dim)

    def heard_melody(output_dim: int, device: str, **_: Any) -> Any:
        return melody(output_dim, device, length, CHROMA)

    builders.T5Conditioner, builders.ChromaStemConditioner = read_text, heard_melody
    return builders.get_lm_model(found).eval()


def write(folder: Path) -> None:
    import torch
    from audiocraft.models import builders
    from omegaconf import OmegaConf

    from audiostudio.engines.musicgen.conditions import T5, read_encoder, read_words

    torch.manual_seed(0)
    write_t5(folder)
    t5 = T5(read_encoder(folder / "model.safetensors"), read_words(folder / "tokenizer.json"), "cpu")
    for kind in ("text", "melody", "stereo"):
        model = language_model(settings(kind), t5)
        state = {name: (one * 3).half() for name, one in model.state_dict().items()}
        save(folder / f"{kind}.bin", state, settings(kind))
    codec = builders.get_compression_model(OmegaConf.create(codec_settings()))
    for module in codec.quantizer.vq.layers:
        module._codebook.inited.fill_(1)
        module._codebook.embed.normal_()
    save(folder / "compression_state_dict.bin", codec.state_dict(), codec_settings())
    torch.save({"best_state": {"emb.0.weight": Evil(folder / "executed")}}, folder / "evil.bin")
    save(folder / "other.bin", {"emb.0.weight": torch.zeros(2, 2)}, settings("text"))
    (folder / "no.bin").write_bytes(b"no checkpoint at all")


def save(path: Path, state: Any, config: dict[str, Any]) -> None:
    import torch
    from omegaconf import OmegaConf

    written = OmegaConf.to_yaml(OmegaConf.create(config))
    torch.save({"best_state": state, "xp.cfg": written, "version": "1.3.0", "exported": True}, path)


def write_t5(folder: Path, large: bool = False) -> None:
    """With decoders that nobody reads, as the published file has them."""
    import torch
    from safetensors.torch import save_file
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import T5Config, T5EncoderModel

    words = ["<pad>", "</s>", "<unk>", *WORDS]
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, "<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing("$A </s>", special_tokens=[("</s>", 1)])
    tokenizer.save(str(folder / "tokenizer.json"))
    size = {"d_model": 768, "d_kv": 64, "d_ff": 3072, "num_layers": 12, "num_heads": 12} if large else {
        "d_model": 24, "d_kv": 6, "d_ff": 48, "num_layers": 2, "num_heads": 4,
    }  # fmt: skip
    network = T5EncoderModel(T5Config(vocab_size=len(words), **size))
    state = {name: one.clone() for name, one in network.state_dict().items() if "embed_tokens" not in name}
    save_file(state | {"decoder.final_layer_norm.weight": torch.ones(3)}, str(folder / "model.safetensors"))


def compare(folder: Path) -> None:
    """The same tokens as audiocraft's own loop: of text, of a melody, of two channels, going on from tokens."""
    import torch

    from audiostudio.engines.musicgen import fast
    from audiostudio.engines.musicgen.checkpoint import load

    for kind in ("text", "melody", "stereo"):
        t5 = (folder / "model.safetensors", folder / "tokenizer.json")
        codec = folder / "compression_state_dict.bin"
        ours = load(folder / f"{kind}.bin", codec, t5, "cpu", "Tiny")
        theirs = language_model(settings(kind), ours.provider.conditioners["description"].t5)
        state = torch.load(folder / f"{kind}.bin", weights_only=True)["best_state"]
        theirs.load_state_dict(state)
        melody = torch.sin(torch.arange(48_000) * 0.05) if kind == "melody" else None
        for texts, prompted in ((["happy rock", "calm piano in a dark room"], 0), (["music"], 7)):
            tunes = [melody] * len(texts)
            torch.manual_seed(1)
            prompt = torch.randint(0, 64, (len(texts), ours.weights.codebooks, prompted))
            wanted = reference(ours, theirs, texts, tunes, prompt)
            work = fast.generate(
                ours.weights, ours.patterns.get_pattern(40), ours.listen(texts, tunes), prompt,
                fast.Sampling(temperature=0.0), [0] * len(texts),
            )  # fmt: skip
            assert torch.equal(finished(work), wanted), (kind, texts, prompted)
            assert len(wanted.unique()) > 10, "nothing to compare"
        same_step(ours)
        if kind == "text":
            same_chances(ours)


def reference(ours: Any, theirs: Any, texts: list[str], melodies: list[Any], prompt: Any) -> Any:
    from audiocraft.modules.conditioners import ConditioningAttributes

    asked = [ConditioningAttributes(text={"description": text}) for text in texts]
    for one, melody in zip(asked, melodies, strict=True):
        one.wav["self_wav"] = ours._heard(melody)
    return theirs.generate(prompt if prompt.shape[-1] else None, asked, max_gen_len=40, use_sampling=False)


def same_step(ours: Any) -> None:
    """A step as a card replays it, which attends to more than there is, gives what a plain one gives."""
    import torch

    from audiostudio.engines.musicgen import fast

    conditions = ours.listen(["happy rock"], [None])
    begun = torch.full((1, ours.weights.codebooks, 3), 5)
    token = torch.full((1, ours.weights.codebooks), 7)
    plain, replayed = (fast.Decoder(ours.weights, conditions, conditions.prefixed + 9, 3.0) for _ in range(2))
    with torch.inference_mode():
        plain.first(begun)
        replayed.first(begun)
        for at in range(conditions.prefixed + 3, conditions.prefixed + 6):
            replayed._token.fill_(7)
            replayed._at.fill_(at)
            assert torch.allclose(replayed._step(256 * (1 + at // 256)), plain.next(token), atol=1e-4)


def same_chances(ours: Any) -> None:
    """What is drawn is drawn by the chances that are asked for, as audiocraft's own draws are."""
    import torch
    from audiocraft.utils.utils import sample_top_k, sample_top_p

    from audiostudio.engines.musicgen import fast

    logits = torch.linspace(-3, 3, 64).repeat(1, 4, 1)
    likely = torch.softmax(logits, -1)
    for sampling, draw in (
        (fast.Sampling(top_k=5), lambda: sample_top_k(likely.clone(), 5)),
        (fast.Sampling(top_p=0.7), lambda: sample_top_p(likely.clone(), 0.7)),
    ):
        chances = fast.Chances([3], ours.weights, True)
        found = torch.stack([fast.chosen(logits, sampling, chances.next()) for _ in range(4000)])
        wanted = torch.stack([draw() for _ in range(4000)])
        here, there = (torch.bincount(one.flatten(), minlength=64) / one.numel() for one in (found, wanted))
        assert torch.equal(here > 0, there > 0)
        assert (here - there).abs().max() < 0.03


def finished(work: Any) -> Any:
    while True:
        try:
            next(work)
        except StopIteration as done:
            return done.value


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    import torch

    from audiostudio.engines.musicgen.standins import audiocraft, standins

    torch.set_num_threads(1)
    audiocraft()
    target = Path(sys.argv[2])
    with standins():
        write(target)
        compare(target)
