"""Text on its way to being spoken: markup, sentences, normalisation, phonemes, captions."""
