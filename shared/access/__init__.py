"""Who is signed in, and in which role: read by every service, written by request_intake alone."""
