"""An overdue review, from the bus to every admin's mailbox: once each, without the teacher's words."""
