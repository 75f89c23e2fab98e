"""The performance editor: a line's melody, lengths, pauses and loudness, drawn over its sound."""
