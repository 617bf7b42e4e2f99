"""The published database, and the selection that every query takes."""
