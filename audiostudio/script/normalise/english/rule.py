"""What a rule of the English normaliser is."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

END = r"(?=[^\w\s$£€¥%‰°@#&+=/\\²³]*(?:\s|$))"
"""Nothing but punctuation follows in the last token."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where a rule looks around."""

    tokens: Sequence[str]
    """The tokens of the sentence."""
    at: int
    """The token that the match begins in."""
    british: bool

    def before(self, steps: int = 1) -> str:
        """The word some tokens back without its punctuation, or ""."""
        place = self.at - steps
        return bare(self.tokens[place]) if place >= 0 else ""

    def after(self, taken: str) -> str:
        """The word behind what was matched, without its punctuation, or "" when a clause ends between."""
        place = self.at + len(taken.split())
        if place >= len(self.tokens) or self.tokens[place - 1][-1] in ",;:!?)":
            return ""
        return bare(self.tokens[place])


Handler: TypeAlias = Callable[[re.Match[str], Context], "str | None"]
"""How the match is spoken; None: the rule does not apply after all."""


@dataclass(frozen=True, slots=True)
class Rule:
    pattern: re.Pattern[str]
    handler: Handler


def rule(pattern: str, handler: Handler, flags: re.RegexFlag = re.NOFLAG) -> Rule:
    """A rule for whole tokens: nothing but punctuation may follow the match."""
    return Rule(re.compile(f"(?:{pattern}){END}", flags), handler)


def bare(token: str) -> str:
    return token.strip(".,;:!?…\"'“”‘’()[]{}—–-«»")
