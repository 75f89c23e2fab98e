"""From the document to sound: the mix of a timeline, for playback and for files alike."""
