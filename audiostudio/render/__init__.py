"""Timelines made into what leaves the studio: mixes, films, hand-offs to editors."""
