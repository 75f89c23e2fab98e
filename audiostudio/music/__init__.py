"""Musicians' words: scores, keys and chords, form, lyrics and prosody, what is heard in a recording. Makes no sound."""
