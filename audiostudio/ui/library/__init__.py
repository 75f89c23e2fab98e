"""The Library panel: everything that was made or brought in, to be found, heard, ordered and dragged out.

`shelf` says what is looked at, `assets` holds the rows of it that are in sight, `clerk` asks the library beside the
window's thread, `thumbnails` and `audition` have files looked at and listened to in workers. Widgets show them.
"""

from audiostudio.ui.library.panel import LibraryPanel

__all__ = ["LibraryPanel"]
