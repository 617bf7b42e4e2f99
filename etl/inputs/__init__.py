"""The inputs of a build: exports, decisions, and the list of persons to forget."""
