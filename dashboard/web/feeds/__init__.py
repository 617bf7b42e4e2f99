"""The news as files that other programs follow: Atom, JSON Feed, and a calendar of events."""
