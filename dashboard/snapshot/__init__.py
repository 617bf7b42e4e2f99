"""The published database, and the selection that every question to it takes."""
