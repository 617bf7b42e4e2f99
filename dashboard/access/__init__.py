"""Who may see and do what: roles, what each role may open, passwords, sessions."""
