"""Signing in and out over HTTP: plain pages, the providers, and the cookie of the session."""
