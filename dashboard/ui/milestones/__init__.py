"""The page Milestones."""
