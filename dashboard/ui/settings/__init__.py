"""The page Settings: what the campaign says of itself, its lists and its people, changed without a file."""
