"""Sipuni: events of its exchange by GET or POST. See README.md."""
