"""The piano roll: the melody of a song with its words under the notes."""
