"""Who made which action: one stakeholder however it is written, one action however often it was sent.

What is certain is joined by SQL, what staff decided comes from decisions.csv, what is merely alike is suggested.
"""

from etl.entities.identity import identify
from etl.entities.likeness import suggest_duplicates

__all__ = ["identify", "suggest_duplicates"]
