"""What is wrong in the files, each list declared once for the page and for Excel."""
