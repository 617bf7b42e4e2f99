"""The contents of a campaign folder: its settings, codelists, uploads, answers, kept builds and copies of builds."""
