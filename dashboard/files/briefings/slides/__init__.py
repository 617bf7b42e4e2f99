"""Presentations: every chart on a slide of its own, native and editable, with its words and its notes."""
