"""What stands before every answer: one ASGI middleware a file, listed in `dashboard/server.py`."""
