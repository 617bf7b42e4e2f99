"""The commands of `python -m dashboard`, and their common parts."""
