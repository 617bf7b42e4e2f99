"""Lists to look through: each declared once; pages draw them, and files and routes have the same columns and rows."""
