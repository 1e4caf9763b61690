"""Our own protocol for exchanges: contact, event, history, record. See README.md."""
