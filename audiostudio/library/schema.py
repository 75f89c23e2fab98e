"""The tables, as SQLAlchemy maps them. `migrations/` makes them; a test holds the two together."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from sqlalchemy import JSON, Dialect, ForeignKey, LargeBinary, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from audiostudio.errors import LibraryDamaged
from audiostudio.jobs.job import JsonObject
from audiostudio.library.names import is_file_name


class UtcTime(TypeDecorator[datetime]):
    """A moment, kept as ISO 8601 text in UTC, which sorts as it should."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        return None if value is None else value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


class AnyText(TypeDecorator[str]):
    """Text as it comes; half characters, as in file names that are not UTF-8, become question marks."""

    impl = String
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else value.encode(errors="replace").decode()


class MediaName(AnyText):
    """The name of a file in `media/`. A database from outside may say anything: raises `LibraryDamaged` for a path."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        if value is not None and not is_file_name(value):
            raise LibraryDamaged("The library names a file outside of its folder.", "Restore it from another backup.")
        return value


class AnyPath(TypeDecorator[Path]):
    """A path, byte for byte."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Path | None, dialect: Dialect) -> bytes | None:
        return None if value is None else os.fsencode(value)

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Path | None:
        return None if value is None else Path(os.fsdecode(value))


class Base(DeclarativeBase):
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcTime(),
        str: AnyText(),
        Path: AnyPath(),
        JsonObject: JSON(none_as_null=True),
        list[JsonObject]: JSON(none_as_null=True),
    }


class AssetRow(Base):
    """One finished file. `number` grows with time and is what the full-text index points to."""

    __tablename__ = "assets"

    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    source: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]
    """`words.natural_key(name)`."""
    file: Mapped[str] = mapped_column(MediaName())
    """The file's name in `media/`."""
    file_key: Mapped[str] = mapped_column(unique=True)
    """`names.file_key(file)`."""
    format: Mapped[str]
    size: Mapped[int]
    duration: Mapped[float | None]
    sample_rate: Mapped[int | None]
    channels: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    folder_id: Mapped[int | None] = mapped_column(ForeignKey("folders.id", ondelete="SET NULL"))
    favourite: Mapped[bool]
    take_only: Mapped[bool]
    missing: Mapped[bool]
    binned: Mapped[datetime | None]
    created: Mapped[datetime]
    updated: Mapped[datetime]
    project: Mapped[str | None]
    line: Mapped[str | None]
    content_hash: Mapped[str]
    recipe: Mapped[JsonObject | None]
    recipe_key: Mapped[str | None]
    licence: Mapped[str]
    commercial: Mapped[bool | None]
    credit: Mapped[str]
    rights_url: Mapped[str]
    detail: Mapped[JsonObject]
    text: Mapped[str]
    words: Mapped[str]
    """What the full-text index holds of it, with the facets that only Python can make (tags, project)."""


class FolderRow(Base):
    __tablename__ = "folders"

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("folders.id"))
    name: Mapped[str]


class TagRow(Base):
    """A tag of an asset; `key` is the same for tags that differ in case or accents only."""

    __tablename__ = "asset_tags"

    number: Mapped[int] = mapped_column(ForeignKey("assets.number", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    tag: Mapped[str]


class MadeOfRow(Base):
    """`asset` was made of `source`."""

    __tablename__ = "made_of"

    asset_id: Mapped[str] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("assets.id", ondelete="CASCADE"), primary_key=True)


class TakeRow(Base):
    __tablename__ = "takes"

    project: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    asset_id: Mapped[str | None] = mapped_column(ForeignKey("assets.id", ondelete="SET NULL"))
    """None when the asset was deleted for good: the number is not given again."""
    chosen: Mapped[bool]
    words: Mapped[list[JsonObject] | None]


class MoveRow(Base):
    """A file on its way to its place in `media/`: written before the file moves, gone when the asset is listed."""

    __tablename__ = "moves"

    asset_id: Mapped[str] = mapped_column(primary_key=True)
    origin: Mapped[Path]
    """Where the file comes from."""
    target: Mapped[str] = mapped_column(MediaName())
    """The file's name in `media/`."""
    target_key: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]
    columns: Mapped[JsonObject]
    """What the asset's row becomes when the file has arrived."""
    adds: Mapped[bool]
    """Whether the asset is new."""
    keep_origin: Mapped[bool]
    """Whether the file is copied."""
    owner_pid: Mapped[int]
    owner_started: Mapped[str]
    begun: Mapped[datetime]


class ProjectRow(Base):
    __tablename__ = "projects"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    path: Mapped[Path]
    updated: Mapped[datetime]


class VoiceRow(Base):
    __tablename__ = "voices"

    id: Mapped[str] = mapped_column(primary_key=True)
    favourite: Mapped[bool]


class PresetRow(Base):
    __tablename__ = "presets"

    kind: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[JsonObject]


class JobRow(Base):
    __tablename__ = "jobs"

    id: Mapped[str] = mapped_column(primary_key=True)
    operation: Mapped[str]
    request: Mapped[JsonObject]
    title: Mapped[str]
    priority: Mapped[int]
    project: Mapped[str | None]
    created: Mapped[datetime]
    owner_pid: Mapped[int]
    owner_started: Mapped[str]
    heartbeat: Mapped[datetime]
    state: Mapped[str]
    fraction: Mapped[float | None]
    message: Mapped[str]
    seconds_left: Mapped[float | None]
    result: Mapped[JsonObject | None]
    error: Mapped[JsonObject | None]


class ChangeCountRow(Base):
    """One row that grows with every change a window should show."""

    __tablename__ = "change_count"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
