"""The criteria of a good commitment: specific, measurable, achievable, relevant, time-bound; each a rule over its text.

The rules look at what is written, never at who wrote it, and each answer names its rule and the words that it rests on.
"""
