"""Twilio: what it tells of the state of calls and of recordings."""
