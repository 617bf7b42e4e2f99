"""What several pages are made of: filters, charts, tables, messages, downloads."""
