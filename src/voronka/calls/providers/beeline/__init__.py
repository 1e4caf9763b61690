"""Beeline, the cloud exchange: its events in XML. See README.md."""
