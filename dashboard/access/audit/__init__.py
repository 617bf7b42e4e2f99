"""Who did what in a campaign: what only staff and administrators can do, line by line in `private/audit/`."""
