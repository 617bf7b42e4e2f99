"""HTTP beside the pages: charts, extracts, the files that pages offer, and what all answers share."""
