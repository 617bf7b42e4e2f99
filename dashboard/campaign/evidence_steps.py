"""The steps of evidence: what may stand behind a status. Each has those before it behind it."""

CLAIMED, EVIDENCED, REVIEWED, VERIFIED = STEPS = ("claimed", "evidenced", "reviewed", "verified")
"""The stakeholder says so; with a document or address; by the secretariat; by somebody independent."""
