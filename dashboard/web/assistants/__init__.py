"""Figures for assistants: their tools, the Model Context Protocol, and what the dashboard says of itself to them."""
