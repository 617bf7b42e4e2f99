"""General tools that every room uses."""
