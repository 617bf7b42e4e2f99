"""Files that left the house, held against what their build gives: read, made again, compared figure by figure."""
