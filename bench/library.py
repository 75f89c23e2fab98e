"""How fast a library of 100,000 assets answers. Run: `python bench/library.py [ASSETS]`.

Required: every first page and every search within 50 ms. The rows are written as `Library.add` writes them, without
their files, which searching does not touch. Two thirds of the names and texts hold common words.
"""

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from audiostudio.library import AssetKind, AssetSource, Library, MediaInfo, NewAsset, Query, Sort, rows
from audiostudio.rights import Rights

LIMIT_MS = 50
REPEATS = 15
COMMON = ("the", "intro", "voice", "scene", "music", "welcome", "to", "our", "show", "today", "take", "final", "emma")
TERMS = Rights("Apache-2.0", True)


def main() -> None:
    assets = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder, Library.open(Path(folder) / "library") as library:
        began = time.perf_counter()
        rare = fill(library, assets)
        print(f"{assets} assets written in {time.perf_counter() - began:.0f} s, {size(library):.0f} MB")
        slow = [name for name, ask in questions(library, rare).items() if not measure(name, ask)]
    print(f"Slower than {LIMIT_MS} ms: {', '.join(slow)}" if slow else f"All within {LIMIT_MS} ms.")
    sys.exit(1 if slow else 0)


def fill(library: Library, assets: int) -> str:
    """Write the rows; answers with a word that few of them hold."""
    chance = random.Random(7)
    words = ["".join(chance.choices("abcdefghiklmnoprstuvw", k=chance.randint(3, 9))) for _ in range(20_000)]
    folders = [library.create_folder(f"Folder {number}").id for number in range(40)]
    folders += [library.create_folder(f"Part {number}", folders[0]).id for number in range(10)]
    tags = [f"Tag {number}" for number in range(50)]
    first = datetime(2024, 1, 1, tzinfo=UTC)
    for start in range(0, assets, 2000):
        with library.database.write() as session:
            for number in range(start, min(start + 2000, assets)):
                name = " ".join([*chance.choices(COMMON, k=2), *chance.choices(words, k=2), str(number)])
                new = NewAsset(
                    *(chance.choice(list(AssetKind)), chance.choice(list(AssetSource)), name, TERMS),
                    media=MediaInfo(chance.uniform(0.5, 600), 48_000, 2),
                    text=" ".join([*chance.choices(COMMON, k=10), *chance.choices(words, k=30)]),
                    recipe={"engine": "kokoro", "text": name, "seed": number},
                    tags=tuple(chance.sample(tags, chance.choice([0, 0, 1, 3]))),
                    folder=chance.choice([None, *folders]),
                    project=f"project-{number % 300}",
                    take_only=number % 10 == 0,
                )
                columns = rows.new_columns(session, new, first + timedelta(minutes=number)) | {
                    **{"file": f"{number}.wav", "file_key": f"{number}.wav", "format": "wav"},
                    **{"size": chance.randint(10**4, 10**8), "content_hash": f"{number:064x}"},
                }
                rows.insert(session, f"asset-{number}", columns)
    return words[11]


def questions(library: Library, rare: str) -> dict[str, Callable[[], object]]:
    folder = library.folders()[0].id
    asked = {
        "first page": Query(),
        "first page by name": Query(sort=Sort.NAME, descending=False),
        "first page by duration": Query(sort=Sort.DURATION),
        "first page by size": Query(sort=Sort.SIZE),
        "with takes, by name": Query(include_takes=True, sort=Sort.NAME),
        "one kind": Query(kinds=(AssetKind.MUSIC,)),
        "one kind, by name": Query(kinds=(AssetKind.MUSIC,), sort=Sort.NAME),
        "four kinds, two sources, by duration": Query(
            kinds=(AssetKind.MUSIC, AssetKind.SONG, AssetKind.VOICEOVER, AssetKind.RECORDING),
            sources=(AssetSource.TTS, AssetSource.AI_MUSIC),
            sort=Sort.DURATION,
        ),
        "folder with ten folders, by name": Query(folder=folder, sort=Sort.NAME),
        "two tags": Query(tags=("tag 3", "Tag 17")),
        "project": Query(project="project-7", include_takes=True),
        "favourites": Query(favourite=True),
        "not a favourite, by size": Query(favourite=False, sort=Sort.SIZE),
        "bin": Query(binned=True),
        "rare word": Query(rare),
        "rare word, by name": Query(rare, sort=Sort.NAME),
        "unknown word": Query("zzzzzz"),
        "common word": Query("intro"),
        "common word, by name": Query("intro", sort=Sort.NAME, descending=False),
        "common word, by duration": Query("intro", sort=Sort.DURATION),
        "common word, by relevance": Query("intro", sort=Sort.RELEVANCE),
        "three common words": Query("welcome to our"),
        "three common words, by name": Query("welcome to our", sort=Sort.NAME),
        "one letter": Query("t"),
        "one letter, by name": Query("t", sort=Sort.NAME),
        "one letter, by relevance": Query("t", sort=Sort.RELEVANCE),
        "four letters": Query("intr", sort=Sort.RELEVANCE),
        "common word, kind, source, by size": Query(
            "voice", kinds=(AssetKind.VOICEOVER,), sources=(AssetSource.TTS,), sort=Sort.SIZE
        ),
        "common and rare word, tag": Query(f"intro {rare}", tags=("Tag 3",)),
    }
    found: dict[str, Callable[[], object]] = {
        name: (lambda query=query: library.search(query)) for name, query in asked.items()
    }
    found["page 500 of common word"] = lambda: library.search(Query("intro"), offset=50_000)
    found["page 500 by name"] = lambda: library.search(Query(sort=Sort.NAME), offset=50_000)
    found["counts by kind"] = library.counts
    found["tags in use"] = library.tags
    found["recipe made before"] = lambda: library.find_by_recipe("0" * 64)
    found["version"] = library.version
    return found


def measure(name: str, ask: Callable[[], object]) -> bool:
    """Prints median and greatest time, and the median of computing; whether the median is within the limit."""
    times, computing = [], []
    for _ in range(REPEATS):
        began, began_computing = time.perf_counter(), time.thread_time()
        ask()
        times.append((time.perf_counter() - began) * 1000)
        computing.append((time.thread_time() - began_computing) * 1000)
    median = statistics.median(times)
    computed = statistics.median(computing)
    print(f"{name:40} median {median:6.1f} ms   max {max(times):6.1f} ms   computing {computed:6.1f} ms")
    return median <= LIMIT_MS


def size(library: Library) -> float:
    return (library.folder / "library.db").stat().st_size / 1e6


if __name__ == "__main__":
    main()
