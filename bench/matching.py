"""How near a matched voice comes to a speaker whom Kokoro has never heard, on sentences that its search has not seen.

    python bench/matching.py --fit 1.wav 2.wav 3.wav --unseen 4.wav 5.wav 6.wav [--judge campplus_cn_en_common.pt]
    python bench/matching.py --voices

The first judge is the speaker encoder that the search listens to, with recordings that were not given to it; the second
is `campplus`, which nothing in the search knows. `--voices` makes `resources/engines/kokoro/speakers.npz` anew.
"""

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from campplus import CamPlusPlus
from numpy.typing import NDArray
from quality import dnsmos, transcribed, word_errors

from audiostudio.engines.base import SpeechSettings
from audiostudio.engines.kokoro import matching
from audiostudio.engines.kokoro.engine import KokoroEngine
from audiostudio.engines.models import ModelStore
from audiostudio.engines.registry import EngineRegistry
from audiostudio.engines.speakers import SpeakerEncoder, direction, similarity
from audiostudio.engines.tokens import SAMPLE_RATE
from audiostudio.engines.voices import shipped
from audiostudio.resource import resource
from audiostudio.script.reading import read
from audiostudio.sound.files import read_sound

MODELS = Path(os.environ.get("AUDIOSTUDIO_TEST_MODELS") or ".test-data/models")
OWN = "mine/00000000"
SAID = ("The old keeper climbed the winding stairs.", "She read it twice and put it away.",
        "We will discuss the budget on Thursday.")  # fmt: skip
Floats = NDArray[np.float32]


class Supplied:
    """The models, and the folder of the voice."""

    def __init__(self, folder: Path) -> None:
        self._models = ModelStore(MODELS)
        self._folder = folder

    def path(self, name: str, file: str) -> Path:
        return self._models.path(name, file)

    def voice(self, identity: str) -> Path:
        return self._folder


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--fit", nargs="+", type=Path, default=[])
    words.add_argument("--unseen", nargs="+", type=Path, default=[])
    words.add_argument("--judge", type=Path, help="CAM++'s weights, see campplus.py")
    words.add_argument("--language", default="en-us")
    words.add_argument("--dimensions", type=int, default=matching._DIMENSIONS, help="of the space that is searched")
    words.add_argument("--no-colour", action="store_true", help="without the equaliser")
    words.add_argument("--voices", action="store_true", help="only make the embeddings of Kokoro's voices")
    for name in ("generations", "seconds", "seed"):
        words.add_argument(f"--{name}")
    given = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        engines = EngineRegistry(ModelStore(MODELS))
        loaded: KokoroEngine = engines.load("kokoro")  # type: ignore[assignment]
        kokoro = KokoroEngine(Supplied(Path(folder)), loaded.manifest, loaded._stages, 2)
        if given.voices:
            stock(kokoro)
        else:
            matching._DIMENSIONS = given.dimensions
            if given.no_colour:
                matching.correction = lambda _, had: np.zeros(len(had))  # type: ignore[assignment]
            match(kokoro, Path(folder), given)
        engines.close()


def match(kokoro: KokoroEngine, folder: Path, given: argparse.Namespace) -> None:
    chosen = {name: getattr(given, name) for name in ("language", "generations", "seconds", "seed")}
    steps = kokoro.learn(given.fit, folder, {name: value for name, value in chosen.items() if value is not None})
    began, computed = time.perf_counter(), time.process_time()
    while True:
        try:
            step = next(steps)
            print(f"{time.perf_counter() - began:6.1f} s  {step.message}", flush=True)
        except StopIteration as end:
            made = end.value.made_by
            break
    print(f"{time.perf_counter() - began:.1f} s, {time.process_time() - computed:.1f} s of computing")
    print(json.dumps(made))
    texts = matching.phrases(given.language)["unseen"]
    encoder = SpeakerEncoder(ModelStore(MODELS))
    judges: dict[str, Callable[[Floats, int], Floats]] = {"speaker encoder": encoder.embed}
    if given.judge:
        judges["CAM++"] = CamPlusPlus(given.judge).embed
    said = {voice: [spoken(kokoro, voice, text, given.language) for text in texts]
            for voice in (made["nearest_voice"], OWN)}  # fmt: skip
    for name, embed in judges.items():
        fit, unseen = (of(embed, [read_sound(one, SAMPLE_RATE, mono=True).samples[0] for one in files])
                       for files in (given.fit, given.unseen))  # fmt: skip
        stock_near, own_near = (similarity(of(embed, sounds), unseen) for sounds in said.values())
        print(f"{name}: {made['nearest_voice']} {stock_near:.3f}, matched {own_near:.3f}, "
              f"the speaker's own recordings {similarity(fit, unseen):.3f}")  # fmt: skip
    for voice, sounds in said.items():
        errors = [word_errors(text, transcribed(one, SAMPLE_RATE, MODELS, given.language[:2]))
                  for text, one in zip(texts, sounds, strict=True)]  # fmt: skip
        scores = [dnsmos(one, SAMPLE_RATE, MODELS) for one in sounds]
        print(f"{voice}: word errors {np.mean(errors):.3f}, DNSMOS {np.mean(scores):.2f}")


def of(embed: Callable[[Floats, int], Floats], sounds: Sequence[Floats]) -> Floats:
    return direction(np.stack([embed(one, SAMPLE_RATE) for one in sounds]))


def spoken(kokoro: KokoroEngine, voice: str, text: str, language: str) -> Floats:
    return np.concatenate([one.audio for one in kokoro.speak(read(text, language), SpeechSettings(voice))])


def stock(kokoro: KokoroEngine) -> None:
    encoder = SpeakerEncoder(ModelStore(MODELS))
    names = sorted(voice["id"] for voice in shipped("kokoro"))
    found = [of(encoder.embed, [spoken(kokoro, name, text, "en-us") for text in SAID]) for name in names]
    np.savez_compressed(resource("engines/kokoro/speakers.npz"), embeddings=np.stack(found).astype(np.float16))


if __name__ == "__main__":
    main()
