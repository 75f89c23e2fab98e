"""Filters, of pedalboard's (JUCE's) biquads."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from audiostudio.sound.effects.processor import Processor

_NYQUIST_SHARE = 0.49
LONGEST = 8_192
"""Samples of a piece that plug-ins take at once."""


def restart(plugin: Any, sample_rate: float, channels: int = 2) -> int:
    """Let a plug-in of pedalboard begin anew, ready for pieces of any length. → samples that it is late.

    One that was reset begins anew once more when it meets a longer piece than any before: it hears the longest one at
    once, of silence.
    """
    plugin.reset()
    heard = plugin.process(np.zeros((channels, LONGEST), np.float32), sample_rate, buffer_size=LONGEST, reset=False)
    return LONGEST - int(heard.shape[1])


class Board:
    """Plug-ins of pedalboard, each restarted, one after the other, as a stream. Empty: the sound itself."""

    def __init__(self, plugins: list[Any], sample_rate: int) -> None:
        from pedalboard._pedalboard import Pedalboard

        self._board = Pedalboard(plugins)
        self._rate = sample_rate
        self._empty = not plugins
        self._heard = True
        """Whether something was, since the last reset."""

    def process(self, sound: NDArray[np.float32]) -> NDArray[np.float32]:
        """float32 (2, n) → float32 (2, n)."""
        if self._empty:
            return sound
        self._heard = True
        made: NDArray[np.float32] = self._board.process(sound, self._rate, buffer_size=LONGEST, reset=False)
        return made

    def reset(self) -> None:
        if self._heard:
            for plugin in self._board:
                restart(plugin, self._rate)
        self._heard = False


class Equaliser(Processor):
    """Bands at 0 dB are left out, so that an equaliser that does nothing changes no bit."""

    BANDS = ("low", "bell1", "bell2", "bell3", "high")

    def __init__(self, values: Mapping[str, float], sample_rate: int) -> None:
        super().__init__(values, sample_rate)
        self._bands: dict[str, Any] = {}
        self._arrange()

    def changed(self, name: str) -> None:
        band, _, what = name.partition("_")
        plugin = self._bands.get(band)
        if plugin is None:
            if what == "gain":
                self._arrange()
        elif what == "gain":
            plugin.gain_db = self.values[name]
        elif what == "q":
            plugin.q = self.values[name]
        else:
            plugin.cutoff_frequency_hz = self._hertz(self.values[name])

    def process(self, sound: NDArray[np.float32], key: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        return self._board.process(sound)

    def reset(self) -> None:
        self._board.reset()

    def _arrange(self) -> None:
        """A band that begins to do something begins with nothing heard; the others go on."""
        import pedalboard

        kinds = {"low": pedalboard.LowShelfFilter, "high": pedalboard.HighShelfFilter}
        for band in self.BANDS:
            if self.values[f"{band}_gain"] != 0 and band not in self._bands:
                plugin = kinds.get(band, pedalboard.PeakFilter)(
                    cutoff_frequency_hz=self._hertz(self.values[f"{band}_frequency"]),
                    gain_db=self.values[f"{band}_gain"],
                    q=self.values[f"{band}_q"],
                )
                restart(plugin, self.rate)
                self._bands[band] = plugin
        self._board = Board([self._bands[band] for band in self.BANDS if band in self._bands], self.rate)

    def _hertz(self, wanted: float) -> float:
        return min(wanted, _NYQUIST_SHARE * self.rate)


class _Pass(Processor):
    """Butterworth of second or fourth order.

    pedalboard's own are of first order. Two of them are a filter of second order with Q = ½; a bell of 2Q at its
    corner, with its own Q = √(2Q)/2, makes exactly the one with Q of it: (s² + 2s + 1)/(s² + s/Q + 1).
    """

    name = ""

    def __init__(self, values: Mapping[str, float], sample_rate: int) -> None:
        super().__init__(values, sample_rate)
        self._arrange()

    def changed(self, name: str) -> None:
        if name == "frequency":
            for plugin in self._plugins:
                plugin.cutoff_frequency_hz = self._hertz()
        else:
            self._arrange()

    def process(self, sound: NDArray[np.float32], key: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
        return self._board.process(sound)

    def reset(self) -> None:
        self._board.reset()

    def _hertz(self) -> float:
        return min(self.values["frequency"], _NYQUIST_SHARE * self.rate)

    def _arrange(self) -> None:
        import pedalboard

        first_order = getattr(pedalboard, self.name)
        order = 4 if self.values["slope"] >= 18 else 2
        self._plugins: list[Any] = []
        for pair in range(order // 2):
            q = 1 / (2 * math.sin((2 * pair + 1) * math.pi / (2 * order)))
            bell = pedalboard.PeakFilter(self._hertz(), gain_db=20 * math.log10(2 * q), q=math.sqrt(2 * q) / 2)
            self._plugins += [first_order(self._hertz()), first_order(self._hertz()), bell]
        self._board = Board(self._plugins, self.rate)
        self._board.reset()


class HighPass(_Pass):
    name = "HighpassFilter"


class LowPass(_Pass):
    name = "LowpassFilter"
