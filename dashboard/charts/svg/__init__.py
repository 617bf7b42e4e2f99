"""Charts as static SVG, and PNG from it: no browser, no script. One file a kind of chart."""
