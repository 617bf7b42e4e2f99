"""ASGI middleware that stands before every answer, in the order of `dashboard/server.py`."""
