"""Chatterbox speaks with voices that it learnt: a language model writes speech tokens, S3Gen sounds them."""

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.asked import check, check_language, chosen_options
from audiostudio.engines.base import EngineManifest, Learnt, Models, SpeechChunk, SpeechSettings
from audiostudio.engines.chatterbox.voice import FILE, Voice, read, write
from audiostudio.engines.passages import PASSAGE_GAP, gap_after, passages
from audiostudio.engines.stream import Spoken, join
from audiostudio.engines.torch_device import device_name, seed
from audiostudio.errors import EngineFailed, UnknownVoice
from audiostudio.jobs.job import Progress
from audiostudio.script.language import language
from audiostudio.script.spoken import Pause, Sentence
from audiostudio.sound.resample import resample
from audiostudio.voices.voice import OWN

SAMPLE_RATE = 24_000
_TOKEN_RATE = 25
_VOICES = 16
"""That are kept ready to speak."""
_HEARD_RATE = 16_000
"""What the networks that listen want."""
_MANNER, _SOUND = 6, 10
"""Seconds of the samples from which the manner and the sound of a voice are learnt; its speaker from all."""
_LONGEST, _LONGEST_UNSPACED = 280, 90
"""Characters that it speaks at once without losing its place."""
_SECONDS_A_CHARACTER, _SECONDS_A_SIGN = 0.11, 0.4
"""Of the slowest speaker; after that, and `_GRACE` more, it is stopped: it babbles."""
_GRACE = 2.0
_MOST_TOKENS = 1000
"""40 s, as in its training."""
_CONVERTED = 20
"""Seconds of a recording that are said again at once."""
_FINAL = 1
"""Tokens: the last before the end is noise in the multilingual network."""


class ChatterboxEngine:
    """See `base.SpeechEngine`, `base.VoiceMaker` and `base.Converter`."""

    clones = True

    def __init__(self, networks: Any, models: Models, manifest: EngineManifest) -> None:
        """`networks`: see `checkpoint.Networks`."""
        self.manifest = manifest
        self.device = device_name(networks.device)
        self.sample_rate = SAMPLE_RATE
        self._networks = networks
        self._models = models
        self._voice = lru_cache(_VOICES)(lambda path, _stamp: read(path, networks.device, manifest.title))

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        check(settings, self.manifest)
        return join(self._spoken(parts, settings, self._own(settings.voice)), SAMPLE_RATE)

    def close(self) -> None:
        del self._networks

    def learn(
        self, samples: Sequence[Path], folder: Path, options: Mapping[str, str]
    ) -> Generator[Progress, None, Learnt]:
        """See `base.VoiceMaker`. It learns in one pass over the samples: nothing in it is drawn by lot."""
        yield Progress(0.0, f"{self.manifest.title} listens to the samples.")
        audio = np.concatenate([_read_wav(path) for path in samples])
        seed(0)
        voice = self._heard(_resampled(audio[: 60 * 48_000], 48_000, SAMPLE_RATE))
        write(voice, folder / FILE, self.manifest)
        yield Progress(1.0, "Learnt.")
        return Learnt((FILE,), {"version": self.manifest.version, "device": self.device})

    def convert(self, audio: NDArray[np.float32], sample_rate: int, voice: str) -> Iterator[SpeechChunk]:
        """See `base.Converter`: as long as the recording, in pieces cut where it is quietest."""
        learnt = self._own(voice)
        return self._converted(audio, sample_rate, learnt)

    def _converted(self, audio: NDArray[np.float32], sample_rate: int, voice: Voice) -> Iterator[SpeechChunk]:
        position = 0
        for number, (start, end) in enumerate(_cuts(audio, sample_rate)):
            seed(0, number)
            heard = self._tensor(_resampled(audio[start:end], sample_rate, _HEARD_RATE))
            tokens, _ = self._networks.sounder.tokenizer(heard[None])
            made = self._sound(tokens, voice)
            length = round(end * SAMPLE_RATE / sample_rate) - position
            made = np.pad(made[:length], (0, max(0, length - len(made))))
            yield SpeechChunk(made, SAMPLE_RATE, position)
            position += length

    def _own(self, name: str) -> Voice:
        if not name.startswith(OWN):
            raise UnknownVoice(
                f"{self.manifest.title} has no voice “{name[:60]}”.", "`audiostudio voice list` lists your own."
            )
        path = self._models.voice(name) / FILE
        voice: Voice = self._voice(path, path.stat().st_mtime_ns if path.exists() else 0)
        return voice

    def _heard(self, audio: NDArray[np.float32]) -> Voice:
        """What a speaker is like. `audio`: shape (n,), at 24 kHz."""
        import torch

        heard = _resampled(audio, SAMPLE_RATE, _HEARD_RATE)
        sounder = self._networks.sounder
        with torch.inference_mode():
            sound = sounder.embed_ref(audio[: _SOUND * SAMPLE_RATE], SAMPLE_RATE, device=self._networks.device)
            tokens, _ = sounder.tokenizer.forward([heard[: _MANNER * _HEARD_RATE]], max_len=_MANNER * _TOKEN_RATE)
            speaker = torch.from_numpy(self._networks.encoder.embeds_from_wavs([heard], sample_rate=_HEARD_RATE))
        if not bool(speaker.isfinite().all()) or not tokens.numel():
            raise EngineFailed(
                f"{self.manifest.title} could learn nothing from these samples.", "Choose samples of clear speech."
            )
        return Voice(
            speaker.mean(dim=0, keepdim=True), tokens, sound["prompt_token"], sound["prompt_feat"], sound["embedding"]
        )

    def _spoken(
        self, parts: Iterable[Sentence | Pause], settings: SpeechSettings, voice: Voice
    ) -> Iterator[Spoken | Pause]:
        options = chosen_options(settings, self.manifest)
        numbers = count()
        for part in parts:
            if isinstance(part, Pause):
                yield part
                continue
            check_language(part, self.manifest)
            texts = list(passages(part, _fits(part.language)))
            for text in texts:
                audio = self._passage(text, part.language, voice, options, (settings.seed, next(numbers)))
                yield Spoken(audio, (), gap_after(part) if text is texts[-1] else PASSAGE_GAP)

    def _passage(
        self, text: str, tag: str, voice: Voice, options: Mapping[str, str], chances: tuple[int, int]
    ) -> NDArray[np.float32]:
        """The sound of a text that `_fits`. The language model weighs what it reads against silence
        (classifier-free guidance), so everything is there twice. `chances`: the seed and the passage's number."""
        import torch
        from chatterbox.models.s3tokenizer import SPEECH_VOCAB_SIZE

        tongue = tag.split("-")[0]
        english = tongue == "en"
        network, tokenizer = self._networks.english if english else self._networks.multilingual
        written = _punctuated(text)
        ids = tokenizer.text_to_tokens(written) if english else tokenizer.text_to_tokens(written, language_id=tongue)
        ids = torch.nn.functional.pad(ids, (1, 0), value=network.hp.start_text_token)
        ids = torch.nn.functional.pad(ids, (0, 1), value=network.hp.stop_text_token).to(self._networks.device)
        seed(*chances)
        tokens = network.inference(
            t3_cond=voice.manner(float(options["exaggeration"])).to(device=self._networks.device),
            text_tokens=ids.repeat(2, 1),
            max_new_tokens=_most_tokens(text, tag),
            temperature=float(options["temperature"]),
            cfg_weight=float(options["guidance"]),
            repetition_penalty=float(options["repetition_penalty"]),
            min_p=float(options["min_p"]),
            top_p=float(options["top_p"]),
        )[0]
        tokens = tokens[tokens < SPEECH_VOCAB_SIZE]
        if not len(tokens):
            return np.zeros(0, np.float32)
        audio = self._sound(tokens[None], voice)
        return audio if english else audio[: max(1, len(tokens) - _FINAL) * SAMPLE_RATE // _TOKEN_RATE]

    def _sound(self, tokens: Any, voice: Voice) -> NDArray[np.float32]:
        """Speech tokens, shape (1, n), in a voice."""
        made, _ = self._networks.sounder.inference(speech_tokens=tokens, ref_dict=voice.sound())
        audio: NDArray[np.float32] = made[0].detach().cpu().numpy().astype(np.float32)
        return audio

    def _tensor(self, audio: NDArray[np.float32]) -> Any:
        import torch

        return torch.from_numpy(audio).to(self._networks.device)


def _fits(tag: str) -> Callable[[str], bool]:
    longest = _LONGEST if language(tag).spaced else _LONGEST_UNSPACED
    return lambda text: len(text) <= longest


def _most_tokens(text: str, tag: str) -> int:
    slowest = _SECONDS_A_CHARACTER if language(tag).spaced else _SECONDS_A_SIGN
    return min(_MOST_TOKENS, round((_GRACE + slowest * len(text)) * _TOKEN_RATE))


def _punctuated(text: str) -> str:
    """As Chatterbox's own programs write it before they read it."""
    from chatterbox.mtl_tts import punc_norm

    written: str = punc_norm(text)
    return written


def _read_wav(path: Path) -> NDArray[np.float32]:
    """Mono, 48 kHz."""
    import soundfile

    audio, sample_rate = soundfile.read(str(path), dtype="float32", always_2d=True)
    mono: NDArray[np.float32] = audio.mean(axis=1)
    return _resampled(mono, sample_rate, 48_000)


def _resampled(audio: NDArray[np.float32], from_rate: int, to_rate: int) -> NDArray[np.float32]:
    made: NDArray[np.float32] = resample(audio[np.newaxis].astype(np.float32, copy=False), from_rate, to_rate)[0]
    return made


def _cuts(audio: NDArray[np.float32], sample_rate: int) -> Iterator[tuple[int, int]]:
    """Pieces of at most `_CONVERTED` seconds, cut in the quietest 50 ms of their last quarter."""
    start, block = 0, max(1, sample_rate // 20)
    while len(audio) - start > _CONVERTED * sample_rate:
        first = start + _CONVERTED * sample_rate * 3 // 4
        last = audio[first : start + _CONVERTED * sample_rate]
        levels = np.square(last[: len(last) // block * block].reshape(-1, block)).mean(axis=1)
        end = first + int(levels.argmin()) * block + block // 2
        yield start, end
        start = end
    if start < len(audio):
        yield start, len(audio)
