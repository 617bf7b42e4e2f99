"""Tables of a selection to take away, as Excel, open files and packages."""
