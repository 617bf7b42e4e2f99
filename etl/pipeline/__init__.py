"""Exports → a new snapshot: rows staged, coded, identified, checked and accounted for."""
