"""A person found everywhere in the campaign folder, and erased."""
