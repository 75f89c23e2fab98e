"""Voices of the user's own: whose they are, who agreed to what, what they were made of. Plain data in folders."""
