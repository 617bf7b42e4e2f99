"""What a build reads: exports, decisions, and who asked to be forgotten."""
