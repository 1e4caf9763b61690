"""Mango Office: events of its virtual exchange and its statistics."""
