"""The parts that the pages, the HTTP routes and the extracts share: snapshot, selection, measures, charts."""

__version__ = "1.0"
