"""The address at which exchanges tell what happens."""
