"""The newsletter: who asks for it and leaves, what a digest says, and how an issue is put together and sent."""
