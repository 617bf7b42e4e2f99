"""What stands before every answer: ASGI middleware, listed in `dashboard/server.py`."""
