"""Find a coach and a time for each request in remit, book it, and keep the three promises.

Owns the schema `scheduler`: division, model versions as data (combinations and terms), coaches with
offers, schools, hours and exceptions, weeks that hold less and grants of protected time, who appraises
whom, requests as it was told of them, sessions, cycles with what their sides have ticked, hand-overs
that are asked, matches, per coach the days, weeks and cycles, the division's schools, their own time
with its closures, the ways between them, teachers' timetables, and the hourly stock that fairness is
reckoned by.
Hears school.kept, model.published, request.submitted, request.cancelled, person.moved,
appraisal.kept and its own time.freed, school.days_changed and timetable.kept; tells session.scheduled,
request.waiting, session.cancelled, session.completed, session.released, session.handed_over, session.offered,
cycle.scheduled, hand_over.asked, hand_over.declined, time.freed, school.time_kept and timetable.kept.
It decides nothing about remit: foreign keys to the published combinations do.
"""
