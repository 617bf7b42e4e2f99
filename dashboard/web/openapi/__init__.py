"""What every route says of itself, and the description of all of them: OpenAPI 3.1 for programs, a page for people."""
