"""A campaign folder as one file, and back: published data in the open, all that may name somebody sealed."""
