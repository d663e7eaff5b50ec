"""Who is told what, by mail, once per change, in a form that calendars understand.

Owns (schema `notifier`): heard, notice, hold; the view due_work tells the ringer that mail is due.
Events in: request.declined, request.under_review, review.overdue, session.scheduled,
request.waiting, session.cancelled, session.released, session.handed_over, session.offered,
cycle.scheduled, hand_over.asked, hand_over.declined, sign_in.code_asked,
model.copy_sent. Events out: notice.failed.
"""
