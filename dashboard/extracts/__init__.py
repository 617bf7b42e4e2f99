"""Rows to take away: tables of a selection as Excel, open files and packages."""
