"""The page of signed links: making one, copying it, and the list of those made."""
