"""The page Actions: the register, and the sheet of one action."""
