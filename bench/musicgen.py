"""How fast MusicGen samples: the loop of `engines/musicgen/fast.py` beside audiocraft's own `generate`, in one run, on
networks as large as the published ones with random weights.

    python bench/musicgen.py --engines .test-data/engines [--size small|medium|large] [--seconds 2] [--rounds 2]

Both compute the same tokens (temperature 0), turn by turn; what counts is the ratio. On a graphics card audiocraft runs
as its makers run it, in 16 bits under autocast. Wanted: at least 3 times on a card, not slower on the processor.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIZES = {"small": (1024, 16, 24), "medium": (1536, 24, 48), "large": (2048, 32, 48)}
"""Width, heads, layers."""
INSIDE = "--inside"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--engines", type=Path, default=ROOT / ".test-data/engines")
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--threads", type=int, default=0, help="of the processor; 0: as many as PyTorch takes")
    parser.add_argument(INSIDE, action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        measure(given)
        return
    from audiostudio.engines.environments.packages import interpreter

    python = interpreter(given.engines / "torch")
    subprocess.run([python, "-I", "-W", "ignore", __file__, INSIDE, *sys.argv[1:]], check=True)


def measure(given: argparse.Namespace) -> None:
    sys.path.insert(0, str(ROOT))
    import torch

    from audiostudio.engines.musicgen.standins import audiocraft, standins
    from audiostudio.engines.torch_device import best_device, device_name

    if given.threads:
        torch.set_num_threads(given.threads)
    audiocraft()
    device = best_device()
    print(f"MusicGen {given.size}, {given.seconds:g} s of music, on {device_name(device)}, torch {torch.__version__}")
    with standins(), torch.inference_mode(), tempfile.TemporaryDirectory() as place:
        ours, theirs = networks(given.size, device, Path(place))
        frames = int(given.seconds * 50)
        ways = {"audiocraft": lambda: plain(theirs, ours, frames), "ours": lambda: quick(ours, frames)}
        found, times = compared(ways, given.rounds, device)
    same = bool((found["audiocraft"] == found["ours"]).float().mean() == 1)
    for name, seconds in times.items():
        print(f"  {name:11} {seconds:6.2f} s   {frames / seconds:6.1f} frames/s   RTF {seconds / given.seconds:.2f}")
    ratio = times["audiocraft"] / times["ours"]
    print(f"  ours is {ratio:.2f} times as fast; the tokens are {'the same' if same else 'not all the same'}")
    if device == "cpu":
        print("  on a graphics card: not measured")
    else:
        print(f"  most memory: {torch.cuda.max_memory_allocated() / 1e9:.1f} GB")


def networks(size: str, device: str, folder: Path) -> tuple[Any, Any]:
    """The same weights as ours (weights, patterns, conditions) and as audiocraft's language model."""
    import torch

    from audiostudio.engines.musicgen import weights
    from audiostudio.engines.musicgen.checkpoint import Network
    from audiostudio.engines.musicgen.conditions import T5, read_encoder, read_words
    from tests.engines import tiny_musicgen as tiny

    width, heads, layers = SIZES[size]
    config = tiny.settings("text")
    config["transformer_lm"] |= {
        "card": 2048, "dim": width, "num_heads": heads, "num_layers": layers, "weight_init": None,
        "depthwise_init": None, "zero_bias_init": False,
    }  # fmt: skip
    torch.manual_seed(0)
    tiny.write_t5(folder)
    reader = T5(read_encoder(folder / "model.safetensors"), read_words(folder / "tokenizer.json"), device)
    theirs = tiny.language_model(config, reader).to(device)
    state = theirs.state_dict()
    numbers = weights.read(state, config["transformer_lm"], device, half=device == "cuda")
    if device == "cuda":
        theirs.transformer.half()
    codec = type("Codec", (), {"sample_rate": 32000, "channels": 1, "frame_rate": 50})()
    network = Network(
        numbers, theirs.pattern_provider, theirs.condition_provider, theirs.fuser, codec, device, longest=30.0
    )
    return network, theirs


def plain(theirs: Any, ours: Any, frames: int) -> Any:
    import torch
    from audiocraft.modules.conditioners import ConditioningAttributes

    asked = [ConditioningAttributes(text={"description": "happy rock music with drums"})]
    asked[0].wav["self_wav"] = ours._heard(None)
    with torch.autocast("cuda", dtype=torch.float16, enabled=ours.device == "cuda"):
        return theirs.generate(None, asked, max_gen_len=frames, use_sampling=False)


def quick(ours: Any, frames: int) -> Any:
    import torch

    from audiostudio.engines.musicgen import fast
    from tests.engines import tiny_musicgen as tiny

    prompt = torch.zeros(1, 4, 0, dtype=torch.long, device=ours.device)
    conditions = ours.listen(["happy rock music with drums"], [None])
    pattern = ours.patterns.get_pattern(frames)
    work = fast.generate(ours.weights, pattern, conditions, prompt, fast.Sampling(temperature=0.0), [0])
    return tiny.finished(work)


def compared(ways: dict[str, Callable[[], Any]], rounds: int, device: str) -> tuple[dict[str, Any], dict[str, float]]:
    """What each gives, and its best time; one after the other in each round, after one that warms up."""
    import torch

    found: dict[str, Any] = {}
    times = dict.fromkeys(ways, float("inf"))
    for number in range(rounds + 1):
        for name, way in ways.items():
            begun = time.perf_counter()
            found[name] = way()
            if device == "cuda":
                torch.cuda.synchronize()
            if number:
                times[name] = min(times[name], time.perf_counter() - begun)
    return found, times


if __name__ == "__main__":
    main()
