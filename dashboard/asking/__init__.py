"""Questions in words: which words mean what, and the pages, filters and days that a question may mean."""
