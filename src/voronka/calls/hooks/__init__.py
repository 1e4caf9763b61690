"""What exchanges send by themselves: stored and acknowledged before anybody reads it."""
