"""Finished builds in an object store: its layout, and how a server takes builds from it."""
