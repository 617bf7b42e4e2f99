"""The page Audit log: who did what, filtered, looked at one by one, and taken away as a workbook."""
