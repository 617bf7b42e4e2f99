"""Work outside the server process: files, pictures and commands made by processes of their own."""
