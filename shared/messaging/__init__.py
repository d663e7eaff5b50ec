"""Events between services that survive anything but the database.

Appending writes an event and a delivery for each subscriber in the caller's transaction (the
outbox); a drain claims deliveries and marks them done in the transaction of their effect (the
inbox); the ringer sees what is due and rings the subscriber's Celery queue.
"""
