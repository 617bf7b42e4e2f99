"""The page Newsletter: signing up."""
