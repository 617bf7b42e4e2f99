"""The page People and roles: the rights of everybody, and who is here."""
