"""MusicGen makes music from a description: a language model writes tokens, a codec sounds them."""

import math
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.asked import chosen_options
from audiostudio.engines.base import EngineManifest, Models, MusicPiece, MusicRequest
from audiostudio.engines.musicgen import fast
from audiostudio.engines.musicgen.conditions import MOST_PIECES
from audiostudio.engines.torch_device import best_device, device_name
from audiostudio.errors import EngineFailed, ModelMissing, RequestError, UnreadableMedia, UnsupportedSetting
from audiostudio.jobs.job import Progress
from audiostudio.sound.resample import resample

CODEC, WORDS = "encodec-32khz", "t5-tokenizer"
FOLLOWS = "musicgen-melody"
SHORTEST = 1.0
"""Seconds."""
MOST_VARIANTS = 16
_AT_ONCE = 4
"""Variants in one batch."""
_TOLD = 0.1
"""Seconds between two yields."""
_SOUNDED, _MARGIN = 30.0, 1.0
"""Seconds of tokens that are sounded at once, and beyond each end of them what is heard with them."""
_JOIN = 0.02
"""Seconds in which what was heard goes over into what is made."""
_LOUDEST = 0.97

Sound = NDArray[np.float32]
"""Shape (channels, samples)."""
Work = Generator[Progress, None, Any]


@dataclass(frozen=True, slots=True)
class Files:
    """The models that make a network."""

    model: str
    codec: tuple[str, str]
    """A model and its file."""
    t5: str


def files_of(model: str) -> Files:
    if model == "audiogen-medium":
        return Files(model, (model, "compression_state_dict.bin"), "t5-large")
    return Files(model, (CODEC, "compression_state_dict.bin"), "t5-base")


class MusicGenEngine:
    """See `base.MusicEngine`. The network of one model is kept."""

    def __init__(self, models: Models, manifest: EngineManifest) -> None:
        self.manifest = manifest
        self._models = models
        self._torch_device = best_device()
        self.device = device_name(self._torch_device)
        self._kept: tuple[str, Any] | None = None

    def prepare(self) -> None:
        """Load the model that there has to be. Raises `ModelMissing`, `ModelDamaged`."""
        try:
            self._network(self._default())
        except ModelMissing as error:
            name = self.manifest.name
            raise ModelMissing(
                error.sentence, f"Run `audiostudio engines install {name}`, which brings all that it needs."
            ) from error

    def close(self) -> None:
        self._kept = None

    def make(self, request: MusicRequest, folder: Path) -> Generator[Progress, None, tuple[MusicPiece, ...]]:
        """See `base.MusicEngine`. Variants are made together and have the seeds that follow each other."""
        options = self._checked(request)
        yield Progress(0.0, f"{self.manifest.title}: loading.")
        network = self._network(self._model(request, options))
        self._check_words(request, network)
        heard = None if request.continues is None else _read(request.continues, network.sample_rate)
        melody = self._melody(request, network)
        seeds = [request.seed + number for number in range(request.count)]
        batches = [seeds[at : at + _AT_ONCE] for at in range(0, len(seeds), _AT_ONCE)]
        made: list[MusicPiece] = []
        for number, batch in enumerate(batches):
            work = self._batch(network, request, options, batch, heard, melody)
            sounds = yield from _within(work, number / len(batches), 1 / len(batches))
            for seed, sound in zip(batch, sounds, strict=True):
                name = f"variant-{len(made) + 1}.wav"
                _write(folder / name, sound, network.sample_rate)
                made.append(MusicPiece(name, seed))
        yield Progress(1.0, "Made.")
        return tuple(made)

    def _batch(
        self,
        network: Any,
        request: MusicRequest,
        options: dict[str, str],
        seeds: Sequence[int],
        heard: Sound | None,
        melody: Any,
    ) -> Generator[Progress, None, list[Sound]]:
        """The sounds of some variants."""
        plan = Plan.of(network, request, heard, float(options["stride"]))
        sampling = fast.Sampling(
            float(options["temperature"]), int(float(options["top_k"])), float(options["top_p"]),
            float(options["guidance"]),
        )  # fmt: skip
        prompt = self._prompt(network, plan, heard, len(seeds))
        tokens = yield from self._tokens(network, request.prompt, plan, sampling, seeds, prompt, melody)
        yield Progress(0.97, "Sounding it.")
        return [self._finished(network, plan, one, heard) for one in tokens]

    def _tokens(
        self,
        network: Any,
        text: str,
        plan: "Plan",
        sampling: fast.Sampling,
        seeds: Sequence[int],
        prompt: Any,
        melody: Any,
    ) -> Work:
        """All frames, shape (variants, codebooks, `plan.frames`), window after window."""
        import torch

        done, last = 0, 0.0
        windows = plan.windows(prompt.shape[-1])
        total = sum(fast.steps_of(network.patterns.get_pattern(length), known) for _, length, known in windows)
        found = prompt
        for start, length, known in windows:
            tune = None if melody is None else _periodic(melody, start / network.frame_rate, network)
            conditions = network.listen([text] * len(seeds), [tune] * len(seeds))
            pattern = network.patterns.get_pattern(length)
            context = found[..., start : start + known]
            drawn = [seed + start * 1_000_003 for seed in seeds]
            work = fast.generate(network.weights, pattern, conditions, context, sampling, drawn)
            while True:
                try:
                    step = next(work)
                except StopIteration as end:
                    found = torch.cat([found, end.value[..., known:]], dim=-1)
                    break
                if time.monotonic() - last > _TOLD:
                    _settled(self._torch_device)
                    last = time.monotonic()
                    yield Progress(0.95 * (done + step) / total, "Making it.")
            done += fast.steps_of(pattern, known)
        return found

    def _finished(self, network: Any, plan: "Plan", tokens: Any, heard: Sound | None) -> Sound:
        made = np.concatenate(list(_sounded(network, tokens)), axis=1)[:, plan.context :]
        if not np.isfinite(made).all():
            raise EngineFailed(
                f"{self.manifest.title} made no sound: its numbers ran out of range.", "Try another seed or guidance."
            )
        peak = float(np.abs(made).max(initial=0.0))
        if peak > _LOUDEST:
            made *= np.float32(_LOUDEST / peak)
        if heard is not None:
            made = _joined(_with_channels(heard, made.shape[0]), made, network.sample_rate)
        return made[:, : plan.samples]

    def _prompt(self, network: Any, plan: "Plan", heard: Sound | None, rows: int) -> Any:
        """Tokens of what it goes on from, shape (rows, codebooks, frames)."""
        import torch

        if heard is None:
            return torch.zeros(rows, network.weights.codebooks, 0, dtype=torch.long, device=network.device)
        end = _with_channels(heard, network.channels)[:, -plan.known :]
        with torch.inference_mode():
            tokens, _ = network.codec.encode(torch.from_numpy(end.copy())[None].to(network.device))
        return tokens[..., : plan.prompted].repeat(rows, 1, 1)

    def _melody(self, request: MusicRequest, network: Any) -> Any:
        import torch

        if request.melody is None:
            return None
        if not network.follows_melodies:
            raise UnsupportedSetting(
                "This model of MusicGen does not follow a melody.", "Choose the model “Melody” or leave the melody out."
            )
        return torch.from_numpy(_read(request.melody, network.sample_rate).mean(axis=0))

    def _checked(self, request: MusicRequest) -> dict[str, str]:
        able, title = self.manifest.capabilities, self.manifest.title
        options = chosen_options(request, self.manifest)
        if not SHORTEST <= request.seconds <= able.longest:
            raise RequestError(
                f"{title} cannot make {request.seconds:g} seconds.",
                f"Choose a length from {SHORTEST:g} to {able.longest:g} seconds.",
            )
        if not 1 <= request.count <= MOST_VARIANTS:
            raise RequestError(f"{request.count} variants cannot be made at once.", f"Ask for 1 to {MOST_VARIANTS}.")
        if not request.prompt.strip() and request.continues is None and request.melody is None:
            raise RequestError("Nothing says what the music is to be like.", "Describe it in a few words.")
        if request.stems:
            raise UnsupportedSetting(f"{title} makes no stems.", "Take the music apart once it is made.")
        for name, wanted, can in (
            ("go on from a recording", request.continues, able.continuation),
            ("follow a melody", request.melody, able.melody),
        ):
            if wanted is not None and not can:
                raise UnsupportedSetting(f"{title} cannot {name}.", "Leave that out, or choose another engine.")
        return options

    def _check_words(self, request: MusicRequest, network: Any) -> None:
        pieces = network.provider.conditioners["description"].t5.count(request.prompt)
        if pieces > MOST_PIECES:
            raise RequestError(
                f"The description is too long: {pieces} pieces of words, of which "
                f"{self.manifest.title} reads {MOST_PIECES}.",
                "Shorten it to what matters most: genre, instruments, mood, tempo.",
            )

    def _model(self, request: MusicRequest, options: dict[str, str]) -> str:
        """The one that is asked for; for a melody, where none is, one that follows it."""
        if request.melody is not None and "model" not in dict(request.options):
            return FOLLOWS
        return options.get("model", self._default())

    def _default(self) -> str:
        chosen = next((one.default for one in self.manifest.capabilities.options if one.name == "model"), "")
        return chosen or self.manifest.models[-1]

    def _network(self, name: str) -> Any:
        if self._kept is None or self._kept[0] != name:
            from audiostudio.engines.musicgen.checkpoint import load

            self._kept = None  # two at once may not fit
            files = files_of(name)
            t5 = self._models.path(files.t5, "model.safetensors"), self._models.path(WORDS, "tokenizer.json")
            model = self._models.path(files.model, "state_dict.bin")
            codec = self._models.path(*files.codec)
            network = load(model, codec, t5, self._torch_device, self.manifest.title)
            self._kept = name, network
        return self._kept[1]


@dataclass(frozen=True, slots=True)
class Plan:
    """How a piece is made: in samples of its rate, and frames of tokens."""

    samples: int
    """Of the whole piece."""
    frames: int
    """Of tokens that there will be, those of what was heard at the end of the recording and all."""
    known: int
    """Samples at the end of the recording that are turned into tokens."""
    prompted: int
    """The same in frames."""
    context: int
    """Samples of what is sounded that were heard before."""
    window: int
    """Frames that the network hears at once."""
    stride: int
    """Frames by which the window moves."""

    @classmethod
    def of(cls, network: Any, request: MusicRequest, heard: Sound | None, stride: float) -> "Plan":
        rate, frames = network.sample_rate, network.frame_rate
        window, step = int(network.longest * frames), max(1, int(min(stride, network.longest * 0.9) * frames))
        samples = round(request.seconds * rate)
        have = 0 if heard is None else heard.shape[1]
        if samples <= have + rate * 0.5:
            raise RequestError(
                f"The recording is {have / rate:.1f} seconds long already.",
                f"Ask for a whole of at least {have / rate + SHORTEST:.0f} seconds: the recording comes first.",
            )
        prompted = min(int(have / rate * frames), window - step)
        known = round(prompted / frames * rate)
        needed = math.ceil((samples - have) / rate * frames) + prompted + 1
        return cls(samples, needed, known, prompted, known, window, step)

    def windows(self, prompted: int) -> list[tuple[int, int, int]]:
        """(first frame, frames, how many of them are known) of each."""
        found: list[tuple[int, int, int]] = []
        start, known = 0, prompted
        while True:
            length = min(self.frames - start, self.window)
            found.append((start, length, known))
            if start + length >= self.frames:
                return found
            start, known = start + self.stride, length - self.stride


def _within(work: Generator[Progress, None, Any], start: float, share: float) -> Work:
    """Let `work` be a part of the whole."""
    while True:
        try:
            event = next(work)
        except StopIteration as end:
            return end.value
        yield replace(event, fraction=None if event.fraction is None else start + share * event.fraction)


def _settled(device: str) -> None:
    """Wait for what the card still has to do, so that what is told is true."""
    if device == "cuda":
        import torch

        torch.cuda.synchronize()


def _periodic(melody: Any, start: float, network: Any) -> Any:
    """As much of a melody as the network hears, from `start` seconds; it begins anew where it ends."""
    import torch

    length = int(network.longest * network.sample_rate)
    at = torch.arange(length) + int(start * network.sample_rate)
    return melody[at % len(melody)] if start or len(melody) > length else melody


def _sounded(network: Any, tokens: Any) -> Iterator[Sound]:
    """The sound of `tokens`, shape (codebooks, frames), in pieces that each hear a little beyond their ends."""
    import torch

    rate = network.sample_rate / network.frame_rate
    piece, margin = (int(seconds * network.frame_rate) for seconds in (_SOUNDED, _MARGIN))
    frames = tokens.shape[-1]
    for start in range(0, frames, piece):
        end = min(frames, start + piece)
        first, last = max(0, start - margin), min(frames, end + margin)
        with torch.inference_mode():
            sound = network.codec.decode(tokens[None, :, first:last])[0]
        cut = sound[:, round((start - first) * rate) : round((end - first) * rate)]
        yield cut.float().cpu().numpy()


def _joined(heard: Sound, made: Sound, rate: int) -> Sound:
    """What was heard, and then what is made; they go over into each other at the end of what was heard."""
    length = min(round(_JOIN * rate), heard.shape[1], made.shape[1])
    ramp = np.linspace(0.0, 1.0, length, dtype=np.float32) if length else np.zeros(0, np.float32)
    end = heard.copy()
    begun = made.copy()
    begun[:, :length] *= ramp
    if length:
        begun[:, :length] += end[:, -1:] * (1 - ramp)
    return np.concatenate([end, begun], axis=1)


def _with_channels(sound: Sound, channels: int) -> Sound:
    if sound.shape[0] == channels:
        return sound
    mono = sound.mean(axis=0, keepdims=True)
    return np.repeat(mono, channels, axis=0)


def _read(path: Path, sample_rate: int) -> Sound:
    """A sound file's sound. Raises `UnreadableMedia`."""
    import soundfile

    try:
        audio, rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise UnreadableMedia(f"{path.name} cannot be read here: {error}.", "Export it as WAV or FLAC.") from error
    if not len(audio):
        raise UnreadableMedia(f"{path.name} holds no sound.", "Choose another file.")
    found: Sound = resample(np.ascontiguousarray(audio.T), rate, sample_rate)
    return found


def _write(path: Path, sound: Sound, sample_rate: int) -> None:
    import soundfile

    soundfile.write(str(path), sound.T, sample_rate, subtype="FLOAT", format="WAV")
