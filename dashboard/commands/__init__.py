"""The commands of `python -m dashboard`, and what all of them share."""
