"""The page New campaign."""
