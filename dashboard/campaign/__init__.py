"""The contents of a campaign folder: its settings, codelists, uploads, kept builds and copies of builds."""
