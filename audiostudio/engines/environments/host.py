"""The root of an engine's process: what the studio asks of engines, done where their packages are.

Nothing of the user's profile is known here. What an engine needs, its models' files, the data of own voices, the text
to be spoken, it asks of the studio, which answers with paths and parts (`hosted`).
"""

import contextlib
import gc
import importlib
import importlib.metadata
import re
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any, NoReturn, TypeAlias, cast

import numpy as np

from audiostudio.engines.base import (
    Converter,
    EngineManifest,
    MusicEngine,
    MusicRequest,
    Separator,
    SpeechEngine,
    SpeechSettings,
    VoiceMaker,
)
from audiostudio.engines.environments.boot import provide
from audiostudio.engines.environments.wire import decode, decoded_parts, encode, partial_of
from audiostudio.engines.marking import marked
from audiostudio.errors import EngineFailed, EngineUnavailable, StudioError
from audiostudio.jobs.job import JsonObject, Partial, Progress
from audiostudio.jobs.operation import Operation
from audiostudio.jobs.protocol import Frame
from audiostudio.jobs.serve import Ask, serve
from audiostudio.script.spoken import Pause, Sentence

Events: TypeAlias = Generator[Progress | Partial, None, JsonObject]

BEGUN = "begun"
"""The kind of the `Partial` that says that a request can be done."""
_GPU_MEMORY = re.compile(r"(?<!CPU )out of memory", re.IGNORECASE)
_MEMORY = re.compile(r"allocate memory|not enough memory|CPU out of memory", re.IGNORECASE)
_LESS = {
    "speech": "Close other programs that use the GPU, or shorten the text or the recordings; then try again.",
    "music": "Close other programs that use the GPU, or choose a smaller model or fewer variants; then try again.",
    "separation": "Close other programs that use the GPU; then try again.",
}
"""What to do about it, by the kind of engine."""
_CARD = re.compile(r"(CUDA|cuDNN|HIP|MPS|cuBLAS)[^\n]{0,40} (error|failed)|device-side assert", re.IGNORECASE)


class Host:
    """The engines of this process, each loaded once; and the `Models` that they are given."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._engines: dict[str, SpeechEngine] = {}

    def ask(self, want: str, **data: Any) -> Frame:
        """Raises the `StudioError` with which the studio answers."""
        answer = self._ask({"want": want, **data})
        if "error" in answer.data:
            raise StudioError.from_json(answer.data["error"])
        return answer

    def path(self, name: str, file: str) -> Path:
        return Path(self.ask("path", name=name, file=file).data["path"])

    def voice(self, identity: str) -> Path:
        return Path(self.ask("voice", identity=identity).data["path"])

    def parts(self) -> Iterator[Sentence | Pause]:
        more = True
        while more:
            answer = self.ask("parts").data
            yield from decoded_parts(answer["parts"])
            more = answer["more"]

    def engine(self, request: JsonObject) -> SpeechEngine:
        """Of a request's manifest; loaded where it is not. Raises `EngineUnavailable`, and what `create` raises."""
        manifest: EngineManifest = decode(EngineManifest, request["manifest"])
        if manifest.name not in self._engines:
            if "package" in request:
                provide(manifest.module.partition(".")[0], Path(request["package"]))
            try:
                engine = importlib.import_module(manifest.module).create(self, manifest)
            except ImportError as error:
                raise EngineUnavailable(
                    f"{manifest.title} cannot be used: {error}.",
                    f"Run `audiostudio engines install {manifest.environment}`, which mends its environment.",
                ) from error
            self._engines[manifest.name] = marked(engine, manifest, self)
        return self._engines[manifest.name]

    @contextlib.contextmanager
    def running(self, request: JsonObject) -> Iterator[SpeechEngine]:
        """The engine of a request; failures of the card and of memory become the user's."""
        try:
            yield self.engine(request)
        except RuntimeError as error:
            if _GPU_MEMORY.search(str(error)):
                self._let_go()  # so that the next request has it
                raise EngineFailed(
                    f"{request['manifest']['title']} ran out of GPU memory.",
                    _LESS.get(request["manifest"]["kind"], _LESS["speech"]),
                ) from error
            if _MEMORY.search(str(error)):
                raise MemoryError(str(error)) from error
            if _CARD.search(str(error)):  # nothing works in this process any more; the next request gets another
                print(f"The graphics card failed: {error}", file=sys.stderr)
                raise SystemExit(1) from error
            raise

    def _let_go(self) -> None:
        while self._engines:
            self._engines.popitem()[1].close()
        gc.collect()
        torch = sys.modules.get("torch")
        if torch is not None and torch.cuda.is_available():
            torch.cuda.empty_cache()


def load(host: Host, request: JsonObject) -> Events:
    """`{manifest, package?}` (as in all others) → `{device}`."""
    yield Progress(None, "Loading the engine.")
    with host.running(request) as engine:
        return {"device": engine.device}


def speak(host: Host, request: JsonObject) -> Events:
    """`{manifest, settings}` → the partial `begun`, then one for each chunk; asks for `parts`."""
    settings: SpeechSettings = decode(SpeechSettings, request["settings"])
    with host.running(request) as engine, contextlib.closing(_closable(engine.speak(host.parts(), settings))) as chunks:
        yield Partial(BEGUN)
        for chunk in chunks:
            yield partial_of(chunk)
    return {}


def learn(host: Host, request: JsonObject) -> Events:
    """`{manifest, samples, folder, options}` → `{files, made_by}`."""
    samples = [Path(sample) for sample in request["samples"]]
    with host.running(request) as engine:
        maker = cast(VoiceMaker, engine)
        learnt = yield from maker.learn(samples, Path(request["folder"]), request["options"])
        return {"files": list(learnt.files), "made_by": learnt.made_by}


def convert(host: Host, request: JsonObject) -> Events:
    """`{manifest, sample_rate, voice}` → the partial `begun`, then one for each chunk; asks for `audio`."""
    audio = host.ask("audio").arrays["audio"].astype(np.float32, copy=False)
    with host.running(request) as engine:
        stream = cast(Converter, engine).convert(audio, request["sample_rate"], request["voice"])
        with contextlib.closing(_closable(stream)) as chunks:
            yield Partial(BEGUN)
            for chunk in chunks:
                yield partial_of(chunk)
    return {}


def make(host: Host, request: JsonObject) -> Events:
    """`{request, folder}` → `{pieces: [{file, seed, stems}]}`."""
    wanted: MusicRequest = decode(MusicRequest, request["request"])
    with host.running(request) as engine:
        pieces = yield from cast(MusicEngine, engine).make(wanted, Path(request["folder"]))
        return {"pieces": [{"file": one.file, "seed": one.seed, "stems": encode(one.stems)} for one in pieces]}


def separate(host: Host, request: JsonObject) -> Events:
    """`{path, folder}` → `{stems: [[name, file]]}`."""
    with host.running(request) as engine:
        separator = cast(Separator, engine)
        stems = yield from separator.separate(Path(request["path"]), Path(request["folder"]))
        return {"stems": encode(stems)}


def examine(host: Host, request: JsonObject) -> Events:
    """`{imports}` → `{python, packages, failures, device}`: what is here and truly works."""
    failures: dict[str, str] = {}
    for name in request["imports"]:
        yield Progress(None, f"Trying {name}.")
        try:
            importlib.import_module(name)
        except Exception as error:  # noqa: BLE001 - packages fail to import in every way there is
            failures[name] = f"{type(error).__name__}: {error}"[:500]
    packages = {one.name: one.version for one in importlib.metadata.distributions()}
    return {
        "python": sys.version.split()[0],
        "packages": packages,
        "failures": failures,
        "device": _device() if "torch" in sys.modules else "",
    }


def _device() -> str:
    """What torch truly computes on, tried with a multiplication."""
    from audiostudio.engines.torch_device import best_device, device_name

    torch = sys.modules["torch"]
    device = best_device(mps=True)
    try:
        (torch.ones(8, 8, device=device) @ torch.ones(8, 8, device=device)).sum().item()
    except RuntimeError as error:
        return f"{device_name(device)}, which fails: {error}"
    return device_name(device)


def _closable(stream: Any) -> Any:
    """Engines may give plain iterators."""
    return stream if hasattr(stream, "close") else (one for one in stream)


_BODIES: tuple[Callable[[Any, JsonObject], Events], ...] = (load, speak, learn, convert, make, separate, examine)
OPERATIONS = {body.__name__: Operation(body.__name__, body, keep=False) for body in _BODIES}


def main() -> NoReturn:
    serve(lambda: OPERATIONS, Host)
