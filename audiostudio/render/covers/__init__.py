"""Cover pictures: painted from title, genre, mood and the music's own outline; the same every time.

What a cover shows (`cover`) is known without Qt; `painting` needs it.
"""

from audiostudio.render.covers.cover import Cover, chosen, design_names

__all__ = ["Cover", "chosen", "design_names"]
