"""The pages that break the actions down by one dimension: Regions, Categories, Themes, Groups."""
