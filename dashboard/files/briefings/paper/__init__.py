"""Briefings and charts on paper: tagged PDF (PDF/UA) with bookmarks, set by Typst without a browser."""
