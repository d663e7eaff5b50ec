"""Behind `remit ask`: who asks, the one HTTP conversation, what happens live, and how it ended."""
