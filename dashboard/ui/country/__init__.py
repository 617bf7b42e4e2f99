"""The page of one country."""
