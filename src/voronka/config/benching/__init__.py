"""Measuring the product: a base of the peers' size, pages, memory and loads, with bars."""
