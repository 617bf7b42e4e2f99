"""The page Settings: the campaign's own data, its lists and its people, changed without a file."""
