"""What is counted: definitions, counts, time, the register of actions, survey answers."""
