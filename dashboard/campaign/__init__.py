"""The contents of a campaign folder: its settings, codelists, uploads and kept builds."""
