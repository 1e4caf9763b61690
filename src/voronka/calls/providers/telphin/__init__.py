"""Telphin and exchanges of the same platform: events of extensions. See README.md."""
