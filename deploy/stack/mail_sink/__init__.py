"""A mail server that sends nothing: it keeps every message as a file and shows it on a page."""
