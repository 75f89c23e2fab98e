"""The names of the forms in which a stretch of text can be said; `script.sayas` says them."""

from audiostudio.script.wordlist import word_set

FORMS = {
    "letters": ("letters", "characters", "spell-out", "spell out", "spell", "spelled", "verbatim"),
    "digits": ("digits", "digit"),
    "number": ("number", "cardinal"),
    "ordinal": ("ordinal",),
    "date": ("date",),
    "year": ("year",),
    "time": ("time",),
    "telephone": ("telephone", "phone"),
}
"""Each form and what it may be called."""
ORDERS = word_set("mdy dmy ymd ydm")
"""Of a date's numbers."""

_BY_NAME = {name: form for form, all_names in FORMS.items() for name in all_names}


def form_named(text: str) -> tuple[str, str] | None:
    """The form that `text` names, and its detail; None when it names none."""
    lower = " ".join(text.lower().split())
    if (form := _BY_NAME.get(lower)) is not None:
        return form, ""
    head, _, tail = lower.partition(" ")
    return ("date", tail) if head == "date" and tail in ORDERS else None
