"""What recording and playing share: the sound card's devices, as PortAudio lists and opens them."""

import platform
import time
from collections.abc import Callable
from typing import Any, ClassVar, TypeAlias

from audiostudio.errors import DeviceError

RATE = 48_000
SILENT_SECONDS = 2.0
"""Without a call of the device, after which it is taken for lost."""

NewStream: TypeAlias = Callable[[Any, dict[str, Any]], Any]
"""Makes a stream of the library `sounddevice` with these settings."""


class PortAudioDevice:
    """One direction of the sound card. Its streams call `called` whenever the device does."""

    side: ClassVar[int]
    """0: sound comes in, 1: it goes out. The place of the usual device in PortAudio's pair."""
    none: ClassVar[tuple[str, str]]
    """The error's sentence and hint where there is no device."""

    def __init__(self) -> None:
        self._stream: Any = None
        self._called = 0.0
        self._failed = False

    def close(self) -> None:
        """Stop. May be called at any time."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close(ignore_errors=True)

    @property
    def lost(self) -> bool:
        """Whether the device went away after it was opened."""
        if self._stream is None:
            return False
        if not self._stream.active or time.monotonic() - self._called > SILENT_SECONDS:
            self._failed = True
        return self._failed

    def devices(self) -> list[str]:
        """Names, the usual one first. Raises `DeviceError`."""
        sounddevice = self._library(self._stream is None)
        usual = int(sounddevice.default.device[self.side])
        names = [name for number, name in sorted(self._all(sounddevice), key=lambda one: one[0] != usual)]
        if not names:
            raise self._missing()
        return list(dict.fromkeys(names))

    def called(self) -> None:
        self._called = time.monotonic()

    def _begin(self, device: str | None, make: NewStream, refused: tuple[str, str]) -> int:
        """Open the device of that name, else the usual one, at 48 kHz where it can; give the sample rate.

        `refused`: the error's sentence, with `{name}`, and hint where the device cannot be used. Raises `DeviceError`.
        """
        sounddevice = self._library(self._failed)
        number = self._number(sounddevice, device)
        info = sounddevice.query_devices(number)
        problem: Exception | None = None
        for rate in dict.fromkeys((RATE, int(info["default_samplerate"]))):
            channels = min(2, info[self._channels])
            settings = {"samplerate": rate, "device": number, "channels": channels, "dtype": "float32"}
            try:
                self._start(sounddevice, make(sounddevice, settings))
            except sounddevice.PortAudioError as error:
                problem = error
            else:
                self._failed = False
                return rate
        self._failed = True
        raise DeviceError(refused[0].replace("{name}", str(info["name"])), refused[1]) from problem

    def _start(self, sounddevice: Any, stream: Any) -> None:
        self.called()
        try:
            stream.start()
        except sounddevice.PortAudioError:
            stream.close()
            raise
        self._stream = stream

    def _number(self, sounddevice: Any, device: str | None) -> int:
        names = {name: number for number, name in reversed(self._all(sounddevice))}
        usual = int(sounddevice.default.device[self.side])
        if device in names:
            return names[device]
        if usual >= 0 and names:
            return usual
        if names:
            return min(names.values())
        raise self._missing()

    def _all(self, sounddevice: Any) -> list[tuple[int, str]]:
        devices = enumerate(sounddevice.query_devices())
        return [(number, str(device["name"])) for number, device in devices if device[self._channels] > 0]

    @property
    def _channels(self) -> str:
        return ("max_input_channels", "max_output_channels")[self.side]

    def _missing(self) -> DeviceError:
        self._failed = True
        return DeviceError(*self.none)

    def _library(self, look_again: bool) -> Any:
        """`sounddevice`. PortAudio lists the devices once, when it starts (PortAudio issue 11): `look_again`."""
        sounddevice = sounddevice_library()
        if look_again:
            sounddevice._terminate()
            sounddevice._initialize()
        return sounddevice


def sounddevice_library() -> Any:
    """Raises `DeviceError` where PortAudio is not installed."""
    try:
        import sounddevice
    except OSError as error:
        hint = {
            "Linux": "Install the package libportaudio2 (Debian, Ubuntu: sudo apt install libportaudio2; "
            "Fedora: sudo dnf install portaudio).",
            "Darwin": "Install it with: brew install portaudio.",
        }.get(platform.system(), "Install Audio Studio again.")
        raise DeviceError("The library that plays and records sound, PortAudio, is not installed.", hint) from error
    return sounddevice
