"""The contents of a campaign folder: settings, codelists, uploads, answers, reports by link, builds and copies."""
