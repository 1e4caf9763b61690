"""OnlinePBX: its web hooks. See README.md."""
