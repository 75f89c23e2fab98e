"""The Text to Speech tab."""

from audiostudio.ui.speech.tab import SpeechTab

__all__ = ["SpeechTab"]
