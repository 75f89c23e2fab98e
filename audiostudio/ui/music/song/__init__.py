"""Songs with words: lyrics, singers, the melody in a piano roll, karaoke, and words for a song that exists already."""
