"""The measures: definitions, counts, time, the register of actions, survey answers."""
