"""Timelines for video editors: a file that they open, and its media in a folder beside it.

`plan` decides what the editor gets (`cuts.Plan`), `media` writes the sound, one module for each format its timeline,
`readback` reads it again through OpenTimelineIO and compares it with the plan; `folder` does all of it.
"""
