"""Exports that come by themselves: fetched from their tools, put into the inbox as a person would."""
