"""What every page stands in: opening and closing, header, links, who is staff, style."""
