"""Recordings of talks: fetched, checked, kept, listened to, dropped in time."""
