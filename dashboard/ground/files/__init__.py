"""Files that programs and persons write in turn: how they are replaced, locked, edited and guarded."""
