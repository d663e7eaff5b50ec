"""What the notifier can be asked or told: to tell of an event, to send what is due."""
