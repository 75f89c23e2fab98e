"""Run by the Python of the torch environment: `tiny_htdemucs.py REPOSITORY FOLDER`.

Writes a small HTDemucs with random weights into FOLDER, as its makers published theirs, one whose pickle would run
code, a mix, and what demucs's own code makes of the mix.
"""

import os
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

SEGMENT = Fraction(3, 10)


class Evil:
    """What a pickle may hold: a call."""

    def __init__(self, mark: Path) -> None:
        self._mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self._mark),)


def main(folder: Path) -> None:
    import numpy as np
    import soundfile
    import torch
    from demucs.apply import apply_model
    from demucs.htdemucs import HTDemucs

    torch.manual_seed(0)
    settings = {
        "sources": ["drums", "bass", "other", "vocals"], "channels": 8, "nfft": 1024, "depth": 4, "t_layers": 1,
        "t_heads": 2, "segment": SEGMENT, "samplerate": 44100, "unheard_of": 1,
    }  # fmt: skip
    network = HTDemucs(**{name: value for name, value in settings.items() if name != "unheard_of"}).eval()
    state = {name: one.half() for name, one in network.state_dict().items()}
    measured = {"nsdr": np.float64(9.0), "best": np.array(3.0)[()]}
    package = {
        "klass": HTDemucs, "args": (), "kwargs": settings, "state": state, "training_args": {"seed": 42},
        "metrics": measured,
    }  # fmt: skip
    torch.save(package, folder / "htdemucs.th")
    torch.save(package | {"metrics": Evil(folder / "executed")}, folder / "evil.th")
    torch.save(package | {"klass": Fraction}, folder / "other.th")
    (folder / "no.th").write_bytes(b"no checkpoint at all")

    network.load_state_dict({name: one.float() for name, one in state.items()})
    mix = torch.randn(2, 44_100 + 1234) * 0.1 + 0.01
    soundfile.write(folder / "mix.wav", mix.T.numpy(), 44_100, subtype="FLOAT")
    reference = mix.mean(0)
    heard = (mix - reference.mean()) / (reference.std() + 1e-8)
    found = apply_model(network, heard[None], shifts=0, split=True, overlap=0.25)[0]
    np.save(folder / "wanted.npy", (found * (reference.std() + 1e-8) + reference.mean()).numpy())


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    import torch

    from audiostudio.engines.musicgen.standins import standins

    torch.set_num_threads(1)
    with standins():
        main(Path(sys.argv[2]))
