"""Tests in a real Chromium: a package, so that their shared fixtures end with the last of them."""
