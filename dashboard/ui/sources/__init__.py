"""Sources as staff see and state them: blocks, the form, first rows; drawn by every page that has them."""
