"""Engines: one module or folder each, behind the requests and results of `base`."""
