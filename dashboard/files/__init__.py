"""Files to take away: rows as extracts, several charts as briefings."""
