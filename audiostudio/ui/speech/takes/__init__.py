"""The takes of a line: judged, compared, chosen, recorded and brought in."""
