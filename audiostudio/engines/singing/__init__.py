"""Singing: phrases with notes become sound, in the voices of engines that speak.

`syllables` shares a word's phonemes among its syllables, `timing` says how long each lasts, `melody` how high it is,
`phrase` puts them together for engines whose durations and melody can be imposed, `moving` moves speech of any other
onto the notes.
"""
