"""Files that hold items instead of tables: the export of a WordPress site, a feed, a calendar. Each item is a row."""
