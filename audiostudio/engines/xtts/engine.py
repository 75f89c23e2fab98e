"""XTTS-v2 speaks with voices that it learnt: a GPT writes audio tokens sentence by sentence, a HiFi-GAN sounds them."""

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.engines.asked import check, check_language, chosen_options, pace
from audiostudio.engines.base import EngineManifest, Learnt, Models, SpeechChunk, SpeechSettings
from audiostudio.engines.passages import PASSAGE_GAP, gap_after, passages
from audiostudio.engines.stream import Flow, join
from audiostudio.engines.torch_device import device_name, load_tensors, save_tensors, seed
from audiostudio.errors import EngineFailed, EngineUnavailable, UnknownVoice
from audiostudio.jobs.job import Progress
from audiostudio.script.spoken import Pause, Sentence
from audiostudio.voices.voice import OWN

LATENTS = "xtts.safetensors"
"""What was learnt, in a voice's folder."""
_VOICES = 16
"""That are kept ready to speak."""
_HEARD = 30
"""Seconds of the samples together from which the GPT learns the manner, and of each from which the sound is learnt."""
_CHUNK = 6
"""Seconds that it hears at once, as in its training."""
_FIRST_TOKENS = 20
"""Audio tokens until the first sound is heard; a token is about 46 ms."""
_LATER_TOKENS = 60
_LEAST_TOKENS = 3
"""Nothing at all cannot be sounded."""
_GRACE = 2.0
"""Seconds, beyond what the slowest speaker needs for the text, after which the GPT is stopped: it babbles."""


class XttsEngine:
    """See `base.SpeechEngine` and `base.VoiceMaker`."""

    clones = True

    def __init__(self, model: Any, models: Models, manifest: EngineManifest) -> None:
        """`model`: an `Xtts` that was loaded."""
        self.manifest = manifest
        self._model = model
        self._models = models
        self.device = device_name(model.device.type)
        self.sample_rate = int(model.args.output_sample_rate)
        self._voice = lru_cache(_VOICES)(self._read_voice)

    def speak(self, parts: Iterable[Sentence | Pause], settings: SpeechSettings) -> Iterator[SpeechChunk]:
        check(settings, self.manifest)
        voice = self._latents(settings.voice)
        return join(self._spoken(parts, settings, voice), self.sample_rate)

    def close(self) -> None:
        del self._model

    def learn(
        self, samples: Sequence[Path], folder: Path, options: Mapping[str, str]
    ) -> Generator[Progress, None, Learnt]:
        """See `base.VoiceMaker`. It learns in one pass over the samples: nothing in it is drawn by lot."""
        yield Progress(0.0, f"{self.manifest.title} listens to the samples.")
        manner, sound = self._model.get_conditioning_latents(
            audio_path=[str(path) for path in samples],
            max_ref_length=_HEARD,
            gpt_cond_len=_HEARD,
            gpt_cond_chunk_len=_CHUNK,
        )
        if not bool(manner.isfinite().all() and sound.isfinite().all()):
            raise EngineFailed(
                f"{self.manifest.title} could learn nothing from these samples.", "Choose samples of clear speech."
            )
        save_tensors({"manner": manner, "sound": sound}, folder / LATENTS, {"engine": self.manifest.name})
        yield Progress(1.0, "Learnt.")
        made_by = {"version": self.manifest.version, "device": self.device, "seconds_heard": _HEARD}
        return Learnt((LATENTS,), made_by)

    def _latents(self, name: str) -> tuple[Any, Any]:
        if not name.startswith(OWN):
            raise UnknownVoice(
                f"{self.manifest.title} has no voice “{name[:60]}”.", "`audiostudio voice list` lists your own."
            )
        path = self._models.voice(name) / LATENTS
        return self._voice(path, _stamp(path))

    def _read_voice(self, path: Path, stamp: int) -> tuple[Any, Any]:
        """`stamp`: another after the voice was trained again."""
        width = self._model.args.gpt_n_model_channels
        shapes = {"manner": (1, None, width), "sound": (1, self._model.args.d_vector_dim, 1)}
        found = load_tensors(path, shapes, self.manifest.title)
        return found["manner"].to(self._model.device), found["sound"].to(self._model.device)

    def _spoken(
        self, parts: Iterable[Sentence | Pause], settings: SpeechSettings, voice: tuple[Any, Any]
    ) -> Iterator[Flow | Pause]:
        options = chosen_options(settings, self.manifest)
        numbers = count()
        for part in parts:
            if isinstance(part, Pause):
                yield part
                continue
            check_language(part, self.manifest)
            least, most = self.manifest.capabilities.speed or (1.0, 1.0)
            speed = min(max(settings.speed * pace(part), least), most)
            tongue = part.language.split("-")[0]
            texts = list(passages(part, partial(self._fits, tongue=tongue)))
            for text in texts:
                number = next(numbers)
                stream = self._passage(text, tongue, voice, speed, options, (settings.seed, number))
                yield Flow(stream, gap_after(part) / speed if text is texts[-1] else PASSAGE_GAP)

    def _passage(
        self,
        text: str,
        tongue: str,
        voice: tuple[Any, Any],
        speed: float,
        options: Mapping[str, str],
        chances: tuple[int, int],
    ) -> Iterator[NDArray[np.float32]]:
        """The sound of a text that `_fits`, as it is made. `chances`: the seed and the number of the passage."""
        seed(*chances)
        said = {
            "temperature": float(options["temperature"]),
            "top_k": int(float(options["top_k"])),
            "top_p": float(options["top_p"]),
            "repetition_penalty": float(options["repetition_penalty"]),
            "speed": speed,
            "min_new_tokens": _LEAST_TOKENS,
            "max_new_tokens": self._most_tokens(text, tongue),
        }
        if int(options["readings"]) > 1:
            penalty = float(options["length_penalty"])
            beams = int(options["readings"])
            whole = self._model.inference(text, tongue, *voice, num_beams=beams, length_penalty=penalty, **said)
            yield np.asarray(whole["wav"], np.float32)
            return
        tokens = _LATER_TOKENS if chances[1] else _FIRST_TOKENS
        for part in self._model.inference_stream(text, tongue, *voice, stream_chunk_size=tokens, **said):
            yield part.detach().cpu().numpy().astype(np.float32)

    def _fits(self, text: str, tongue: str) -> bool:
        """Whether the network can speak `text` at once, after it has written out its numbers."""
        if len(text) > self._model.tokenizer.char_limits[tongue]:
            return False
        most: int = self._model.args.gpt_max_text_tokens
        return len(self._tokens(text, tongue)) < most - 2

    def _tokens(self, text: str, tongue: str) -> Sequence[int]:
        try:
            tokens: Sequence[int] = self._model.tokenizer.encode(text.strip().lower(), lang=tongue)
            return tokens
        except ImportError as error:
            raise EngineUnavailable(
                f"{self.manifest.title} lacks a package for this language: {error}.",
                "Install its environment again: `audiostudio engines install torch`.",
            ) from error

    def _most_tokens(self, text: str, tongue: str) -> int:
        """As much as the slowest speaker needs: the longest text fills what the network can hold."""
        limit: int = self._model.tokenizer.char_limits[tongue]
        most: int = self._model.args.gpt_max_audio_tokens
        read = len(self._model.tokenizer.preprocess_text(text.strip().lower(), tongue))
        grace: float = _GRACE * self._model.args.input_sample_rate / self._model.args.gpt_code_stride_len
        return min(most, round(grace + most * min(1.0, read / limit)))


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
