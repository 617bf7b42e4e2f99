"""Files that programs and persons write in turn: replacing, locking, editing and guarding them."""
