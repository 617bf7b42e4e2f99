"""The frame of every page: opening and closing, header, links, who is staff, style."""
