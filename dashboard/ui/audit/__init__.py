"""The page Audit log: entries of people's doings, filtered, opened one by one, and taken away as a workbook."""
