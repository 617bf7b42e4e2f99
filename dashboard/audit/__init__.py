"""Who did what in a campaign, kept in `private/audit/`: what only staff and administrators can do, line by line."""
