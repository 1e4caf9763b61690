"""MegaFon and exchanges of the same make: the generic protocol, and a history to ask for."""
