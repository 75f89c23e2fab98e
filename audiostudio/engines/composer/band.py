"""Who plays what: an instrument's name to a player."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from audiostudio.engines.base import Models
from audiostudio.engines.composer.playing import SAMPLE_RATE, FontPlayer, Hit, Player, SynthPlayer, Together, Voice
from audiostudio.engines.composer.soundfont import DRUM_BANK, SoundFontFile
from audiostudio.errors import EngineFailed, EngineUnavailable
from audiostudio.music.genres import Instrument, instrument

MODEL, FILE = "musescore-general", "MuseScore_General_Lite.sf3"
_KEPT = 40 << 20
"""Bytes of the SoundFont's instruments, compressed, that stay loaded: half a gigabyte of sound at most."""
_VOICES = 96
_ORCHESTRA = (
    {39: 38, 42: 27, 44: 28, 46: 29, 49: 57, 51: 30, 52: 57, 53: 30, 55: 57}
    | dict.fromkeys((41, 43), 35)
    | dict.fromkeys((45, 47, 48, 50), 36)
)
"""Drums of General MIDI where its orchestra kit has them: there timpani lie on toms and cymbals, each with a pitch of
its own that belongs to no key."""
_ORCHESTRA_KIT = 48
_BASS_DRUMS = (35, 36)
_BASS_DRUM_PITCH = 29.51
"""MIDI number of what rings: 45 Hz, measured."""


class Band:
    """Instruments, loaded when first played and kept for the next piece."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._file: SoundFontFile | None = None
        self._fonts: OrderedDict[tuple[int, int], tuple[Any, int]] = OrderedDict()

    def player(self, name: str, tonic: int = 0) -> Callable[[Sequence[Hit]], Player]:
        """What plays hits on an instrument in a piece with that tonic (pitch class).

        Raises `RequestError` for an unknown instrument, `ModelMissing`, `ModelDamaged`, `EngineFailed`.
        """
        wanted = instrument(name)
        if wanted.synth:
            from audiostudio.engines.composer.synths import voice

            made: Voice = voice(wanted.synth, tonic)
            return lambda hits: SynthPlayer(made, hits)
        if wanted.drums and wanted.program == _ORCHESTRA_KIT:
            return lambda hits: self._orchestra(wanted, hits, tonic)
        return lambda hits: FontPlayer(self._font(wanted), hits)

    def _orchestra(self, wanted: Instrument, hits: Sequence[Hit], tonic: int) -> Player:
        """Drums of General MIDI on the orchestra's, whose bass drum rings for a second: it gets the tonic."""
        placed = [hit._replace(pitch=_ORCHESTRA.get(hit.pitch, hit.pitch)) for hit in hits]
        deep = self._font(wanted)
        deep.channel_set_tuning(0, (tonic - _BASS_DRUM_PITCH + 6) % 12 - 6)
        return Together(
            FontPlayer(deep, [hit for hit in placed if hit.pitch in _BASS_DRUMS]),
            FontPlayer(self._font(wanted), [hit for hit in placed if hit.pitch not in _BASS_DRUMS]),
        )

    def close(self) -> None:
        self._fonts.clear()
        if self._file is not None:
            self._file.close()
            self._file = None

    def _font(self, wanted: Instrument) -> Any:
        """The instrument at rest, of its own: what it plays disturbs no other player of the same instrument."""
        bank = DRUM_BANK if wanted.drums else 0
        program = wanted.program or 0
        if (bank, program) not in self._fonts:
            self._fonts[bank, program] = self._loaded(bank, program)
            while len(self._fonts) > 1 and sum(size for _, size in self._fonts.values()) > _KEPT:
                self._fonts.popitem(last=False)
        self._fonts.move_to_end((bank, program))
        loaded, _ = self._fonts[bank, program]
        font = type(loaded)(loaded)
        font.set_output(_interleaved(), SAMPLE_RATE, 0.0)
        font.set_max_voices(_VOICES)
        font.channel_set_bank(0, 0 if wanted.drums else bank)
        font.channel_set_preset_number(0, program, wanted.drums)
        return font

    def _loaded(self, bank: int, program: int) -> tuple[Any, int]:
        """The instrument, and how many bytes it has in the file."""
        try:
            from tinysoundfont import _tinysoundfont as tiny
        except ImportError as error:
            raise EngineUnavailable(
                f"The composer's instruments cannot be played: {error}.", "Install Audio Studio again."
            ) from error
        if self._file is None:
            self._file = SoundFontFile(self._models.path(MODEL, FILE))
        excerpt = self._file.excerpt(bank, program)
        try:
            return tiny.SoundFont(excerpt), len(excerpt)
        except RuntimeError as error:
            raise EngineFailed(
                f"The instrument {program} of {self._file.path.name} could not be loaded: {error}.",
                "Fetch it again: `audiostudio models verify`.",
            ) from error


def _interleaved() -> Any:
    from tinysoundfont import _tinysoundfont as tiny

    return tiny.OutputMode.StereoInterleaved
