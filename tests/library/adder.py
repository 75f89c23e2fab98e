"""A process that adds files to a library until it is killed: `adder.py LIBRARY SOURCES NAME COUNT WAY`.

It says the id and the content of each asset on a line of its own after the library has reported it.
"""

import hashlib
import sys
from pathlib import Path

from audiostudio.library import Library, recipe_key
from tests.library.conftest import new


def main(folder: str, sources: str, name: str, count: str, way: str) -> None:
    with Library.open(Path(folder)) as library:
        print("open", flush=True)
        for number in range(int(count)):
            content = f"{name} {number} ".encode() * (1 + number * 977 % 20_000)
            file = Path(sources) / f"{name}-{number}.wav"
            file.write_bytes(content)
            recipe = {"name": name, "number": number}
            asset = library.add(file, new(f"{name} {number % 3}", recipe=recipe), move=way == "move")
            assert library.find_by_recipe(recipe_key(recipe)) == asset
            if way == "rename":
                library.rename(asset.id, f"{name} renamed {number % 3}")
            print(asset.id, hashlib.sha256(content).hexdigest(), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
