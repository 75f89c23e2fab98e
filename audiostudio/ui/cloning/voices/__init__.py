"""“My voices”: what there is, how good it is, whose it is, and what can be done with it."""

from audiostudio.ui.cloning.voices.page import VoicesPage

__all__ = ["VoicesPage"]
