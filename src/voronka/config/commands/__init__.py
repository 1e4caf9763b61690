"""The commands behind ./voronka, one file each: `run(arguments)` gives the exit code."""
