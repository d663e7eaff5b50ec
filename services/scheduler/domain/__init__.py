"""The scheduler's rules, pure: local weeks, availability, matching, planning, and their reasons."""
