"""Singing: phrases with notes become sound, in the voices of engines that speak.

`phrase` leads: a voice says a phrase by itself, `syllables` and `carriers` lay its vowels on the notes, `anchors` and
`alignment` find where they are in what was said, `warping` moves them to their time, `melody` says how high each moment
is, and `finish` evens it and adds a breath. Voices: `instant` (Hibari), `world` (any sound that can be taken apart into
pitch and spectrum), `cloned` (an engine that clones, marked again).
"""
