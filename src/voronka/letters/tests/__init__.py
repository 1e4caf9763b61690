"""Tests of room `letters`."""
