"""The page Stakeholders: their list, and the page of one."""
