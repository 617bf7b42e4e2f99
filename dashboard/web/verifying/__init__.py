"""Verify published files against their build: read them, make them again, compare figure by figure."""
