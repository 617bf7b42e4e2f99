"""The lists of faults in the files, each declared once for the page and for Excel."""
