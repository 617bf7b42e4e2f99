"""The page Extracts."""
