"""Asterisk and what is built on it: FreePBX, MikoPBX and others."""
