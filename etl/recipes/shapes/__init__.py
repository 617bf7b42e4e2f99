"""The shape of a sheet: the tool that wrote it, where its rows begin, and the role of each column."""
