"""The descriptions of all routes: OpenAPI 3.1 for programs, a page for people."""
