"""What a build asks staff, and what they answer: kinds declared once, for page, command line and build alike."""
