"""Templates for decks and documents, and the logo: taken in, made harmless, judged, shown before they are in force."""
