"""The page of signed links: making one, copying what was made, the list of those that were made."""
