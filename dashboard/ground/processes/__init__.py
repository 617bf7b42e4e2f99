"""Work outside the server process: separate processes make files and pictures and run commands."""
