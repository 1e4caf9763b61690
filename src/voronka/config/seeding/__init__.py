"""Made-up data: a department to look around in, and one of the peers' size to measure with."""
