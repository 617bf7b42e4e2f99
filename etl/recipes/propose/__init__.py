"""A recipe proposed for an export that no recipe knows."""
