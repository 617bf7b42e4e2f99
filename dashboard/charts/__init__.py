"""Charts: the catalogue, the values and words of one chart, and how it is drawn."""
