"""Presentations: every chart on a slide of its own, native and editable, with its words and its notes."""

from dashboard.slides.deck import write_chart_slide, write_deck
from dashboard.slides.templates import TEMPLATE

__all__ = ["TEMPLATE", "write_chart_slide", "write_deck"]
