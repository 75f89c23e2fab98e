"""MusicGen's and AudioGen's files become networks. Nothing in the files is executed."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiostudio.engines.musicgen import weights
from audiostudio.engines.musicgen.conditions import T5, kinds, read_encoder, read_words
from audiostudio.engines.musicgen.fast import Conditions
from audiostudio.engines.torch_device import checkpoint_errors
from audiostudio.errors import ModelDamaged

_CONDITIONS = "condition_provider."


@dataclass(frozen=True, slots=True)
class Network:
    """A language model with all that goes with it."""

    weights: weights.Weights
    patterns: Any
    """By which codebooks are interleaved: audiocraft's."""
    provider: Any
    fuser: Any
    codec: Any
    """Sound to tokens and back: audiocraft's."""
    device: str
    longest: float
    """Seconds that it was trained to hear at once."""

    @property
    def sample_rate(self) -> int:
        return int(self.codec.sample_rate)

    @property
    def channels(self) -> int:
        return int(self.codec.channels)

    @property
    def frame_rate(self) -> float:
        """Frames of tokens in a second."""
        return float(self.codec.frame_rate)

    @property
    def follows_melodies(self) -> bool:
        return "self_wav" in self.provider.conditioners

    def listen(self, texts: list[str], melodies: list[Any]) -> Conditions:
        """`melodies`: for each text a sound of shape (samples,) at the network's rate, or None."""
        import torch
        from audiocraft.modules.conditioners import ClassifierFreeGuidanceDropout, ConditioningAttributes

        asked = [ConditioningAttributes(text={"description": text}) for text in texts]
        for one, melody in zip(asked, melodies, strict=True):
            one.wav["self_wav"] = self._heard(melody)
        with torch.inference_mode():
            nothing = ClassifierFreeGuidanceDropout(p=1.0)(asked)
            found = self.provider(self.provider.tokenize(asked + nothing))
            room = torch.zeros(len(asked) * 2, 1, self.weights.width, device=self.device)
            fused, cross = self.fuser(room, found)
        prefix = fused[:, :-1] if fused.shape[1] > 1 else None
        return Conditions(len(asked) * 2, prefix, cross)

    def _heard(self, melody: Any) -> Any:
        import torch
        from audiocraft.modules.conditioners import WavCondition

        sound = torch.zeros(1) if melody is None else melody
        length = 0 if melody is None else len(melody)
        return WavCondition(
            sound[None, None].to(self.device), torch.tensor([length], device=self.device), [self.sample_rate], [None]
        )


def load(model: Path, codec: Path, t5: tuple[Path, Path], device: str, title: str) -> Network:
    """From a language model's `state_dict.bin`, a codec's `compression_state_dict.bin`, and T5's weights and words.

    Raises `ModelDamaged` for files of something else, and for a pickle that holds more than numbers.
    """
    from audiocraft.models import builders

    with checkpoint_errors(title, model):
        package, settings = _opened(model)
        state = package["best_state"]
        numbers = weights.read(state, settings["transformer_lm"], device, half=device == "cuda")
        patterns = builders.get_codebooks_pattern_provider(numbers.codebooks, settings.codebooks_pattern)
    with checkpoint_errors(title, t5[0]):
        encoder = _encoder(t5[0], title)
    with checkpoint_errors(title, t5[1]):
        reader = T5(encoder, read_words(t5[1]), device)
    with checkpoint_errors(title, model):
        provider = _provider(settings, reader, device, numbers.width)
        _fill(provider, state)
        fuser = builders.get_condition_fuser(settings)
        if fuser.fuse2cond["sum"] or fuser.fuse2cond["input_interpolate"]:
            raise ValueError("conditions that are mixed in otherwise")
    with checkpoint_errors(title, codec):
        sounding = builders.get_wrapped_compression_model(_codec(codec, device), settings)
    longest = float(settings.dataset.segment_duration)
    return Network(numbers, patterns, provider, fuser, sounding, device, longest)


def _opened(path: Path) -> tuple[Mapping[str, Any], Any]:
    """A checkpoint, numbers only, and the configuration that it was trained with."""
    import torch
    from omegaconf import OmegaConf

    package = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    return package, OmegaConf.create(package["xp.cfg"])


def _codec(path: Path, device: str) -> Any:
    from audiocraft.models import builders

    package, settings = _opened(path)
    settings.device = device
    network = builders.get_compression_model(settings)
    network.load_state_dict(package["best_state"])
    return network.eval()


def _provider(settings: Any, reader: T5, device: str, width: int) -> Any:
    from audiocraft.modules.conditioners import ConditioningProvider

    text, melody = kinds()
    made: dict[str, Any] = {}
    for name, one in settings.conditioners.items():
        if name == "args":
            continue
        if one.model == "t5":
            made[name] = text(reader, width)
        elif one.model == "chroma_stem":
            made[name] = melody(width, device, settings.dataset.segment_duration, one.chroma_stem)
        else:
            raise ValueError(f"a condition of kind {one.model}")
    return ConditioningProvider(made, device=device).to(device).eval()


def _fill(provider: Any, state: Mapping[str, Any]) -> None:
    own = {name.removeprefix(_CONDITIONS): one.float() for name, one in state.items() if name.startswith(_CONDITIONS)}
    provider.load_state_dict(own)


def _encoder(path: Path, title: str) -> Any:
    from safetensors import SafetensorError

    try:
        return read_encoder(path)
    except SafetensorError as error:
        raise ModelDamaged(
            f"{path.name} of {title} is no model that this engine knows: {path}.", "Fetch the model again."
        ) from error
