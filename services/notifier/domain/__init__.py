"""Pure rules: who is told what, what becomes of a notice, how a session looks in a calendar."""
