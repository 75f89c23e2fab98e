"""Terms, and how what is made of several things inherits them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rights:
    """The terms of an engine, model, voice or file."""

    licence: str
    """SPDX identifier or a name: `Apache-2.0`, `CC-BY-NC-4.0`, `yours`; several joined with ` AND `."""
    commercial: bool | None
    """Whether what is made with it may be sold; None: not known."""
    credit: str = ""
    """Whom to name, word for word, one a line; empty where nobody must be named."""
    url: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"licence": self.licence, "commercial": self.commercial, "credit": self.credit, "url": self.url}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Rights":
        return cls(data["licence"], data["commercial"], data.get("credit", ""), data.get("url", ""))


def inherited(sources: Iterable[Rights]) -> Rights:
    """The terms of what is made of `sources`: one "no" forbids selling, one "not known" leaves it unknown,
    every licence and every credit is kept once, in order. Of nothing at all, nothing is known."""
    rights = list(sources)
    answers = {one.commercial for one in rights}
    commercial = False if False in answers else None if None in answers or not rights else True
    return Rights(
        " AND ".join(dict.fromkeys(part for one in rights for part in one.licence.split(" AND ") if part)) or "unknown",
        commercial,
        "\n".join(dict.fromkeys(line for one in rights for line in one.credit.splitlines() if line)),
        rights[0].url if len(rights) == 1 else "",
    )
