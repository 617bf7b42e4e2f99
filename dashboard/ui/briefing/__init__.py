"""The page Briefing."""
