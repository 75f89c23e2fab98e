"""`audiostudio …`: the same operations as in the window, for scripts and terminals."""

from audiostudio.cli.entry import main, parse, profile

__all__ = ["main", "parse", "profile"]
