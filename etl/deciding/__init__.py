"""What staff settle, written to decisions.csv and classification sheets."""
