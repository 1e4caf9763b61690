"""Telephony on the pages: calling by a click, the caller's card, exchanges and their lists."""
