"""The document: a project's script, cast and takes as frozen data, edits on it, one undo stack, its file."""
