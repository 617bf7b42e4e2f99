"""The Excel extract: sheets of rows, and the sheets About, Summary and Dictionary around them."""
