"""A campaign folder as one file, and back: what is published in the open, all that may name somebody sealed."""
