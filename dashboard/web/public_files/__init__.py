"""The public side as files: charts, their list, the open tables, feeds, for a plain web server or an object store."""
