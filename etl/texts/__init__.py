"""Short texts compared: folding, plain words, headers that speak of persons."""
