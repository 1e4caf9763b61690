"""MTS, the service "Autosecretary 2.0": its events. See README.md."""
