"""Pictures of voices: what kinds there are, told by their first bytes."""

import contextlib
from pathlib import Path

from audiostudio.errors import UnreadableMedia

MOST_BYTES = 10 << 20


def suffix_of(path: Path) -> str:
    """`.png`, `.jpg` or `.webp`. Raises `UnreadableMedia`, `OSError`."""
    with path.open("rb") as file:
        head = file.read(16)
    kind = ""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        kind = ".png"
    elif head.startswith(b"\xff\xd8\xff"):
        kind = ".jpg"
    elif head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        kind = ".webp"
    if not kind or path.stat().st_size > MOST_BYTES:
        raise UnreadableMedia(f"{path.name} cannot be a voice's picture.", "Use a PNG, JPEG or WebP of up to 10 MB.")
    return kind


def remove_others(folder: Path, name: str) -> None:
    """Remove the pictures beside the card that are not `name`."""
    for path in folder.glob("picture-*"):
        if path.name != name:
            with contextlib.suppress(OSError):
                path.unlink()
