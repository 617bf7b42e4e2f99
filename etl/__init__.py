"""Exports → snapshot: read, map, resolve, check, build, publish. Run as `python -m etl`."""
