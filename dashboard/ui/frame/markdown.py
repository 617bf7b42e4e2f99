"""Texts from data where Streamlit reads Markdown."""

_MARKS = frozenset("\\`*_{}[]()<>#+!|~$:")


def plain(text: str) -> str:
    """Escape `text` so that Markdown shows it as it is: no emphasis, links, formulas or icons."""
    return "".join(f"\\{c}" if c in _MARKS else c for c in text)
