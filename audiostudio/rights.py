"""Terms, and how what is made of several things inherits them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_ANSWERS = {True: "yes", False: "no", None: "not known"}
_NOTICE = re.compile(
    r"Made with Audio Studio\. Licence: (.+?)\. May be sold: (yes|no|not known)\."
    r"(?: Credit: (.+?)\.)?(?: (https?://\S+))?"
)
_LONGEST_NOTICE = 10_000


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

    @property
    def notice(self) -> str:
        """One line for people, for the copyright tag of a file that is made here; `of_notice` reads it again."""
        credit = " / ".join(self.credit.splitlines())
        parts = ["Made with Audio Studio.", f"Licence: {self.licence}.", f"May be sold: {_ANSWERS[self.commercial]}."]
        return " ".join(parts + [f"Credit: {credit}."] * bool(credit) + [self.url] * bool(self.url))

    @classmethod
    def of_notice(cls, text: str) -> "Rights | None":
        """None: it is no `notice`."""
        found = _NOTICE.fullmatch(text.strip()) if len(text) < _LONGEST_NOTICE else None
        if found is None:
            return None
        licence, answer, credit, url = found.groups()
        commercial = next(one for one, word in _ANSWERS.items() if word == answer)
        return cls(licence, commercial, (credit or "").replace(" / ", "\n"), url or "")


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
