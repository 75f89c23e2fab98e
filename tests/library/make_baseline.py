"""Writes a library of this version to `tests/data/library/VERSION.db.gz`, to be opened by all later ones.

Run once for each version: `python -m tests.library.make_baseline`.
"""

import contextlib
import gzip
import sqlite3
import tempfile
from pathlib import Path

from audiostudio.jobs.job import Job
from audiostudio.jobs.owner import Owner
from audiostudio.library import AssetKind, AssetSource, Library, MediaInfo, NewAsset, Preset
from audiostudio.library.database import HEAD
from audiostudio.library.jobs import LibraryJobStore
from audiostudio.rights import Rights

BASELINES = Path(__file__).resolve().parents[1] / "data" / "library"


def fill(library: Library, files: Path) -> None:
    folder = library.create_folder("Show")
    voice = _add(library, files, AssetKind.VOICEOVER, "Product intro – Emma", text="Welcome to the show")
    music = _add(library, files, AssetKind.MUSIC, "Theme", tags=("promo", "Été"), folder=folder.id)
    _add(library, files, AssetKind.FILM, "Film 🎬", made_of=(voice, music))
    binned = _add(library, files, AssetKind.IMAGE, "Old")
    library.bin([binned])
    library.set_favourite(voice, True)
    take = _add(library, files, AssetKind.VOICEOVER, "Line 1", take_only=True)
    library.add_take("project", "line-1", take, [{"text": "Hello", "start": 0, "end": 24_000}])
    library.index_project("project", "My project", Path("/projects/mine.json"))
    library.set_favourite_voice("af_heart", True)
    library.save_preset(Preset("Calm", "speech", {"speed": 0.9}))
    LibraryJobStore(library).add(Job("speak", {"text": "Hello"}, "Speak “Hello”", id="job"), Owner(1, "x/y/1"))


def _add(library: Library, files: Path, kind: AssetKind, name: str, **facts: object) -> str:
    file = files / "f.wav"
    file.write_bytes(name.encode())
    new = NewAsset(
        *(kind, AssetSource.TTS, name, Rights("Apache-2.0", True, "Kokoro")),
        media=MediaInfo(1.5, 48_000, 1),
        recipe={"engine": "kokoro", "text": name},
        **facts,
    )
    return library.add(file, new).id


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        with Library.open(Path(folder) / "library") as library:
            fill(library, Path(folder))
            copy = Path(folder) / "copy.db"
            library.database.copy_to(copy)
        with contextlib.closing(sqlite3.connect(copy)) as connection:
            connection.execute("VACUUM")
        (BASELINES / f"{HEAD}.db.gz").write_bytes(gzip.compress(copy.read_bytes(), mtime=0))


if __name__ == "__main__":
    main()
