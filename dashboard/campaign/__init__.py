"""What a campaign folder holds: its settings, codelists, uploads, and the builds that are kept."""
