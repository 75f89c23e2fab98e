"""Small real sounds, pictures and films, made with PyAV."""

from pathlib import Path

import av
import numpy as np

RATE = 48_000


def sound(path: Path, seconds: float = 1.0, codec: str = "pcm_s16le", container: str | None = None) -> Path:
    wave = (0.3 * np.sin(np.arange(round(RATE * seconds)) * 0.05)).astype(np.float32)
    with av.open(str(path), "w", format=container) as file:
        stream = file.add_stream(codec, rate=RATE)
        stream.layout = "mono"
        frame = av.AudioFrame.from_ndarray(wave[None], format="fltp", layout="mono")
        frame.sample_rate, frame.pts = RATE, 0
        size = stream.codec_context.frame_size or 1024
        for piece in av.AudioResampler(stream.format, "mono", RATE, frame_size=size).resample(frame):
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return path


def picture(path: Path, codec: str = "png", pixels: str = "rgb24", container: str = "image2", size: int = 64) -> Path:
    noise = np.random.default_rng(1).integers(0, 255, (size, 2 * size, 3), dtype=np.uint8)
    with av.open(str(path), "w", format=container) as file:
        stream = file.add_stream(codec, rate=1)
        stream.width, stream.height, stream.pix_fmt = 2 * size, size, pixels
        file.mux(stream.encode(av.VideoFrame.from_ndarray(noise, format="rgb24").reformat(format=pixels)))
        file.mux(stream.encode(None))
    return path


def film(path: Path, frames: int = 50, options: dict[str, str] | None = None) -> Path:
    chance = np.random.default_rng(2)
    with av.open(str(path), "w", options=options or {}) as file:
        stream = file.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuv420p"
        for _ in range(frames):
            noise = chance.integers(0, 255, (120, 160, 3), dtype=np.uint8)
            file.mux(stream.encode(av.VideoFrame.from_ndarray(noise, format="rgb24")))
        file.mux(stream.encode(None))
    return path
