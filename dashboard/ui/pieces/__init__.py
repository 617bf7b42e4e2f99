"""Pieces that several pages share: filters, charts, tables, messages, downloads."""
