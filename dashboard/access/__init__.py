"""Who may see and do what: roles, what each of them may open, passwords, sessions."""
