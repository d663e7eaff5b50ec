"""How people, programs and the ringer reach intake."""
