"""Favourite voices and presets."""

from sqlalchemy import select

from audiostudio.errors import NotFound, RequestError
from audiostudio.library.model import Preset
from audiostudio.library.opened import Opened
from audiostudio.library.schema import PresetRow, VoiceRow


class Preferences(Opened):
    def favourite_voices(self) -> frozenset[str]:
        with self.database.read() as session:
            return frozenset(session.scalars(select(VoiceRow.id).where(VoiceRow.favourite)))

    def set_favourite_voice(self, voice: str, on: bool) -> None:
        with self.database.write() as session:
            session.merge(VoiceRow(id=voice, favourite=on))

    def presets(self, kind: str) -> tuple[Preset, ...]:
        """Those of one kind, by name."""
        with self.database.read() as session:
            rows = session.scalars(select(PresetRow).where(PresetRow.kind == kind).order_by(PresetRow.name))
            return tuple(Preset(row.name, row.kind, row.body) for row in rows)

    def save_preset(self, preset: Preset) -> None:
        """Keep a preset; one of the same kind and name is replaced. Raises `RequestError` without a name."""
        if not preset.name.strip():
            raise RequestError("A preset needs a name.", "Type one.")
        with self.database.write() as session:
            session.merge(PresetRow(kind=preset.kind, name=preset.name, body=preset.values))

    def remove_preset(self, kind: str, name: str) -> None:
        """Raises `NotFound`."""
        with self.database.write() as session:
            row = session.get(PresetRow, (kind, name))
            if row is None:
                raise NotFound(f"There is no preset “{name}”.")
            session.delete(row)
