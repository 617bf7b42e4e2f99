"""The page Silent: who has not answered, the answers that count most, and the letters that ask for them."""
