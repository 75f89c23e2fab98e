"""Markup that a writer puts between words: `[speed 1.2]…[/speed]` in brackets, and a subset of SSML.

Everything in the form `[name …]`, with a name of small ASCII letters, is markup; anything else in brackets is text.
"""

from audiostudio.script.markup.meaning import Change, Element, ElementKind, PauseMark, Problem, Saying, Span
from audiostudio.script.markup.values import LONGEST_PAUSE

__all__ = ["LONGEST_PAUSE", "Change", "Element", "ElementKind", "PauseMark", "Problem", "Saying", "Span"]
