"""What a figure carries so that anyone with the inputs can compute it again."""
