"""Recipes: how one kind of export is recognised, and which header is which field."""
