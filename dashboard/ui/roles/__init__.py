"""The page People and roles: who may do what, and who is here."""
