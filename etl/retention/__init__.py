"""How long things are kept: what is older than its setting allows is found, named and removed."""
