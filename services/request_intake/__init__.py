"""Where a teacher asks, and where the coaching model is kept and every ask is decided by it.

Owns (schema `request_intake`): division, school, person, model_version, model_draft, request,
replay, replay_chunk, ask_vector, school_addition, own_copy, clause_tap, review, exception_grant,
copy_round, pulse, pulse_answered, pulse_school, pulse_statement, school_time, known_timetable,
appraisal.
A request's words are stored here and nowhere else.
Events out: school.kept, model.published, request.submitted, request.declined, request.under_review,
request.cancelled, review.overdue, person.moved, appraisal.kept, sign_in.code_asked,
model.copy_sent. Events in: session.scheduled, request.waiting,
session.cancelled, session.completed, session.released, session.offered, cycle.scheduled,
notice.failed, school.time_kept, timetable.kept. To itself: replay.chunk_ready.
"""
