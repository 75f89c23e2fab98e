"""How good speech is, as machines hear it: DNSMOS and Whisper's word errors."""

import importlib.util
import re
from functools import cache
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

_RATE = 16_000
_WINDOW = 9.01


def dnsmos(audio: NDArray[np.float32], sample_rate: int) -> float:
    """The overall score of DNSMOS P.835, 1…5: the mean over windows of 9.01 s, one each 3 s.

    Shorter sound is repeated, as Microsoft's own script does.
    """
    sound = soxr.resample(audio, sample_rate, _RATE).astype(np.float32)
    length = int(_WINDOW * _RATE)
    while len(sound) < length:
        sound = np.concatenate([sound, sound])
    starts = range(0, len(sound) - length + 1, 3 * _RATE)
    raw = [_dnsmos_session().run(None, {"input_1": sound[None, at : at + length]})[0][0][2] for at in starts]
    return float(np.mean(np.polyval([-0.06766283, 1.11546468, 0.04602535], raw)))


def transcribed(audio: NDArray[np.float32], sample_rate: int, whisper: Path, language: str = "en") -> str:
    """What Whisper hears."""
    sound = soxr.resample(audio, sample_rate, _RATE).astype(np.float32)
    segments, _ = _whisper(whisper).transcribe(sound, language=language, beam_size=5, condition_on_previous_text=False)
    return " ".join(segment.text for segment in segments)


def word_errors(said: str, heard: str) -> float:
    """Insertions, deletions and replacements for each word of `said`, in whatever case and punctuation."""
    wanted, found = words(said), words(heard)
    row = np.arange(len(found) + 1)
    for i, word in enumerate(wanted, 1):
        before, row = row, np.empty_like(row)
        row[0] = i
        for j, other in enumerate(found, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (word != other))
    return int(row[-1]) / max(1, len(wanted))


def words(text: str) -> list[str]:
    """In lower case, numbers as words and in American spelling: how Whisper writes is not how we speak."""
    from num2words import num2words

    text = text.lower().replace("’", "'").replace("-", " ").replace("harbour", "harbor").replace("some day", "someday")
    text = text.replace("bedsheet", "bed sheet")
    text = re.sub(r"\b(1[1-9]|20)(\d\d)\b", r"\1 \2", text)
    text = re.sub(r"(\d+)(?:st|nd|rd|th)\b", lambda found: num2words(found[1], to="ordinal"), text)
    text = re.sub(r"\d+", lambda found: num2words(found[0]).replace("-", " "), text)
    return re.findall(r"[\w']+", text)


@cache
def _dnsmos_session():
    import onnxruntime

    spec = importlib.util.find_spec("speechmos")
    model = Path(spec.submodule_search_locations[0]) / "dnsmos_models" / "sig_bak_ovr.onnx"
    return onnxruntime.InferenceSession(str(model), providers=["CPUExecutionProvider"])


@cache
def _whisper(folder: Path):
    from faster_whisper import WhisperModel

    return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=2)
