"""What is written to clients: letters and short messages, by templates, sent by a job."""
