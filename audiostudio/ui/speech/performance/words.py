"""What the performance editor says."""

from PySide6.QtCore import QCoreApplication

from audiostudio.ui.speech.performance import notes
from audiostudio.ui.speech.performance.shape import Shape, WordShape


def _tr(text: str) -> str:
    return QCoreApplication.translate("Performance", text)


def step(kind: str) -> str:
    """What an undo step is called."""
    return {
        "pitch": _tr("Pitch"),
        "draw": _tr("Draw the melody"),
        "length": _tr("Length of a word"),
        "gap": _tr("Pause between words"),
        "phonemes": _tr("Length of a sound"),
        "energy": _tr("Loudness of a word"),
        "flatten": _tr("Flatten the melody"),
        "smooth": _tr("Smooth the melody"),
        "reset": _tr("Reset the performance"),
        "fit": _tr("Fit to a length"),
    }[kind]


def reason(why: str, names: str = "") -> tuple[str, str]:
    """Why there is nothing to draw on, and what the button for it says; empty where there is none."""
    return {
        "none": (_tr("Put the caret into a line that says something: its words and its melody are shown here."), ""),
        "engine": (
            _tr(
                "This voice’s engine does not let its performance be redrawn. What voices of {names} say can be."
            ).replace("{names}", names),
            "",
        ),
        "models": (_tr("This voice has to be fetched before its performance can be redrawn."), _tr("Fetch the voice")),
        "unmade": (_tr("This line is not made yet. Make it to see its words and its melody."), _tr("Make this line")),
        "made": (_tr("The line is being made."), ""),
        "recorded": (
            _tr(
                "This line plays a recording or an imported sound; only what a voice of the studio says can be redrawn."
            ),
            _tr("Choose another take"),
        ),
        "gone": (_tr("The sound of this line is no longer in the library."), _tr("Make it again")),
        "bare": (_tr("This take was made without its melody. Make it again to redraw it."), _tr("Make it again")),
        "long": (_tr("This line is longer than three minutes. Break it in two to redraw it."), ""),
        "failed": ("", _tr("Try again")),
    }[why]


def figures(words: tuple[WordShape, ...], natural: Shape, hertz: bool) -> str:
    """Of the one word that is selected, or of several."""
    if len(words) != 1:
        return _tr("{count} words selected").replace("{count}", str(len(words))) if words else ""
    word = words[0]
    own = natural.word(word.index)
    parts = [f"“{word.text}”"]
    if word.voiced:
        there = word.centre
        parts.append(f"{notes.hertz(there):.0f} Hz" if hertz else notes.name(there))
        if own is not None and own.voiced and abs(there - own.centre) >= 0.05:
            parts[-1] += f" ({there - own.centre:+.1f})"
    parts.append(f"{word.seconds:.3f} s")
    if own is not None and abs(word.seconds - own.seconds) >= 0.0015:
        parts[-1] += f" (×{word.seconds / own.seconds:.2f})"
    if word.gap:
        parts.append(_tr("then {gap} s").replace("{gap}", f"{word.gap:.3f}"))
    if word.energy:
        parts.append(f"{word.energy:+.1f} dB")
    return "  ·  ".join(parts)
