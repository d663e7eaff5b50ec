"""Who may go which way: the authorization matrix, written down apart from the product.

Who is named is let in; everybody else finds nothing there, or is told to sign in. A route that is not
here fails the test.
"""

EVERYBODY = frozenset(
    {
        "owner",
        "colleague",
        "elsewhere",
        "coach",
        "other coach",
        "leader",
        "admin",
        "disabled",
        "nobody",
    }
)
SIGNED_IN = EVERYBODY - {"disabled", "nobody"}
ASKERS = SIGNED_IN - {"admin"}
OWNER = frozenset({"owner"})
ADMIN = frozenset({"admin"})

# She, the coach who was chosen, and an admin: time and reasons, never her words.
TOLD_OF_IT = frozenset({"owner", "coach", "admin"})

MATRIX: dict[str, frozenset[str]] = {
    "GET /api/notifier/v1/health": EVERYBODY,
    "GET /api/notifier/v1/health/live": EVERYBODY,
    "GET /api/notifier/v1/openapi.json": EVERYBODY,
    "GET /api/scheduler/v1/health": EVERYBODY,
    "GET /api/scheduler/v1/health/live": EVERYBODY,
    "GET /api/scheduler/v1/openapi.json": EVERYBODY,
    "GET /api/intake/v1/health": EVERYBODY,
    "GET /api/intake/v1/health/live": EVERYBODY,
    "GET /api/intake/v1/openapi.json": EVERYBODY,
    "GET /api/intake/v1/model": EVERYBODY,
    "GET /api/intake/v1/schools": EVERYBODY,
    "GET /bootstrap/static/<filename>": EVERYBODY,
    "GET /ui/<filename>": EVERYBODY,
    "GET /": EVERYBODY,
    "POST /be": EVERYBODY,
    "POST /leave": EVERYBODY,
    "GET /api/notifier/v1/notices": SIGNED_IN,
    "GET /api/intake/v1/requests": SIGNED_IN,
    "POST /api/intake/v1/requests": SIGNED_IN,
    "POST /api/intake/v1/need": SIGNED_IN,
    "GET /api/intake/v1/requests/<request_id>": OWNER,
    "POST /api/intake/v1/requests/<request_id>/cancel": OWNER,
    "GET /requests/<request_id>": OWNER,
    "GET /requests/<request_id>/cancel": OWNER,
    "POST /requests/<request_id>/cancel": OWNER,
    "GET /api/scheduler/v1/requests/<request_id>/match": TOLD_OF_IT,
    "GET /ask": ASKERS,
    "POST /ask": ASKERS,
    "POST /ask/reading": ASKERS,
    "GET /requests": ASKERS,
    "POST /api/notifier/v1/notices/<notice_id>/resend": ADMIN,
    "GET /api/intake/v1/versions": ADMIN,
    "GET /api/intake/v1/draft": ADMIN,
    "POST /api/intake/v1/draft": ADMIN,
    "PUT /api/intake/v1/draft/<section>/<key>": ADMIN,
    "DELETE /api/intake/v1/draft/<section>/<key>": ADMIN,
    "POST /api/intake/v1/draft/publish": ADMIN,
    "POST /api/intake/v1/draft/discard": ADMIN,
    "GET /model": ADMIN,
    "POST /model/draft": ADMIN,
    "GET /model/draft": ADMIN,
    "GET /model/draft/preview": ADMIN,
    "GET /model/draft/<section>": ADMIN,
    "POST /model/draft/<section>": ADMIN,
    "GET /model/draft/<section>/<key>": ADMIN,
    "POST /model/draft/<section>/<key>": ADMIN,
    "POST /model/draft/<section>/<key>/remove": ADMIN,
    "POST /model/draft/publish": ADMIN,
    "POST /model/draft/discard": ADMIN,
    "GET /what-coaches-do": EVERYBODY,
    "GET /what-coaches-do/<coach_type>": EVERYBODY,
    "GET /what-coaches-do/slides": EVERYBODY,
    "GET /what-coaches-do/my-copy.pdf": SIGNED_IN,
    "POST /what-coaches-do/<coach_type>/new-to-me": ASKERS,
    "GET /coaches": ADMIN,
    "GET /coaches/<coach_id>": ADMIN,
    "POST /coaches/<coach_id>": ADMIN,
    "GET /api/scheduler/v1/coaches": ADMIN,
    "PUT /api/scheduler/v1/coaches/<coach_id>/offers": ADMIN,
    "POST /api/intake/v1/requests/<request_id>/appeal": OWNER,
    "POST /requests/<request_id>/appeal": OWNER,
    "GET /reviews": ADMIN,
    "GET /reviews/<review_id>": ADMIN,
    "POST /reviews/<review_id>/answer": ADMIN,
    "GET /api/intake/v1/reviews": ADMIN,
    "GET /api/intake/v1/reviews/<review_id>": ADMIN,
    "POST /api/intake/v1/reviews/<review_id>/answer": ADMIN,
}
