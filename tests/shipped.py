"""The languages that come with the program; tests that go through all of them read them here."""

LANGUAGES = ("en", "fr", "es")
