"""The timeline panel: tracks of clips to look at, to hear and to edit."""
