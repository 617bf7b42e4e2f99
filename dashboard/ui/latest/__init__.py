"""The page Latest news: the journey's entries, newest first, and what is new since a day."""
