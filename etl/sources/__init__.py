"""Exports that come by themselves: asked of the tools that hold them, put into the inbox as a person would."""
