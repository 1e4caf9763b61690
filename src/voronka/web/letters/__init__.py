"""Letters to clients: written by a template, read, set up."""
