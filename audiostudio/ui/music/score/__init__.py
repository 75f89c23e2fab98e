"""The score of a piece on the screen: its sections with their chords, its parts, and edits of both."""
