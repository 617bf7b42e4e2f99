"""The pages of a briefing's file as pictures, before somebody takes it."""
