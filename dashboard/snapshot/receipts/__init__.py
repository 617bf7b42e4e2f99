"""The receipt of a figure, with which anyone with the inputs can compute it again."""
