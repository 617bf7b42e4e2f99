"""Finished builds in an object store: what stands where in it, and how a server takes them from there."""
