"""Zadarma and Novofon: notifications of their virtual exchange."""
