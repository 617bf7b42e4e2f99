"""Commands of `python -m dashboard` that are more than one, and what all of them share."""
