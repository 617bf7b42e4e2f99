"""Sources for staff: blocks, the form, first rows; drawn by every page that has them."""
