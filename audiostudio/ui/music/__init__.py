"""The Music tab: pieces of music and songs of the open project, and tools for any music."""
