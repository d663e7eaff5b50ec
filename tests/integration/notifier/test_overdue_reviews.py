"""An overdue review, from the bus to every admin's mailbox: once each, without the teacher's words."""

from tests.support.notifier.builders import an_overdue_review
