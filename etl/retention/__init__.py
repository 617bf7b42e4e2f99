"""The retention of files: data older than its setting allows is found, named and removed."""
