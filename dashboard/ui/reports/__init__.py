"""The page Reports received: what stakeholders sent by link, and the links."""
