"""The page Latest news: the journey's entries, newest first, and those since a day."""
