"""The page Silent: the silent, the answers that count most, and the letters that ask for them."""
