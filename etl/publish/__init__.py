"""Snapshots published, kept, restored; drafts; the way back from a figure to its row."""
