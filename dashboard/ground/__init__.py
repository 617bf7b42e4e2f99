"""What every room stands on and nobody's purpose is."""
