"""Timelines for video editors: a file that they open, and its media in a folder beside it.

`plan` decides what the editor gets (`Plan`), `media` writes the sound, one module for each format writes the timeline,
`readback` reads it again through OpenTimelineIO and compares it with the plan; `folder` does all of it.
"""
