"""What a sheet is: the tool that wrote it, where its rows begin, and what each column is."""
