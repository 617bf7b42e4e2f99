"""The questions of a build and staff's answers: kinds declared once, for page, command line and build alike."""
