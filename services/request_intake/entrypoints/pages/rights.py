"""Who may open which page: the authorization matrix of intake's pages, as data.

A page without a row here is closed to everybody; a test finds it. What a row lets in still sees only
what is hers: each use case looks for her own, and row security stands behind it.
"""

TEACHER, COACH, LEADER, ADMIN = "teacher", "coach", "leader", "admin"

_ASKS = frozenset({TEACHER, COACH, LEADER})
_ADMIN = frozenset({ADMIN})
_SIGNED_IN = _ASKS | _ADMIN
# A coach finds there what its teacher let coaches read.
_REVIEWS = _ADMIN | {COACH}
# None: open to all, signed in or not.
PAGES: dict[str, frozenset[str] | None] = {
    "pages.who": None,
    "pages.be": None,
    "pages.leave": None,
    "pages.sign_in": None,
    "pages.send_code": None,
    "pages.code": None,
    "pages.enter_code": None,
    "pages.go": None,
    "pages.back": None,
    "pages.my_roles": _SIGNED_IN,
    "pages.change_role": _SIGNED_IN,
    "pages.ask": _ASKS,
    "pages.send": _ASKS,
    "pages.reading": _ASKS,
    "pages.requests": _ASKS,
    "pages.request_page": _ASKS,
    "pages.cancel": _ASKS,
    "pages.cancel_now": _ASKS,
    "pages.model": _ADMIN,
    "pages.begin_draft": _ADMIN,
    "pages.draft": _ADMIN,
    "pages.preview": _ADMIN,
    "pages.discard": _ADMIN,
    "pages.publish": _ADMIN,
    "pages.about": _ADMIN,
    "pages.save_about": _ADMIN,
    "pages.new_entry": _ADMIN,
    "pages.add_entry": _ADMIN,
    "pages.entry": _ADMIN,
    "pages.save_entry": _ADMIN,
    "pages.remove_entry": _ADMIN,
    "pages.replay": _ADMIN,
    "pages.start_replay": _ADMIN,
    "pages.stop_replay": _ADMIN,
    "pages.open_requests": _ADMIN,
    "pages.schools": _ADMIN,
    "pages.school": _ADMIN,
    "pages.save_school": _ADMIN,
    "pages.appraisals": _ADMIN,
    "pages.find_appraisal": _ADMIN,
    "pages.keep_appraisal": _ADMIN,
    "pages.end_appraisal": _ADMIN,
    "pages.role": None,
    "pages.role_type": None,
    "pages.slides": None,
    "pages.my_copy": _SIGNED_IN,
    "pages.new_to_me": _ASKS,
    "pages.appeal": _ASKS,
    "pages.pulse": _ASKS,
    "pages.answer_pulse": _ASKS,
    "pages.understanding": _ADMIN,
    "pages.send_copies": _ADMIN,
    "pages.open_pulse": _ADMIN,
    "pages.close_pulse": _ADMIN,
    "pages.reviews": _REVIEWS,
    "pages.review": _REVIEWS,
    "pages.answer_review": _REVIEWS,
    "pages.packs": _ADMIN,
    "pages.pack_file": _ADMIN,
    "pages.compare_pack": _ADMIN,
    "pages.adopt_parts": _ADMIN,
    "pages.import_pack": _ADMIN,
}


def is_open(endpoint: str | None) -> bool:
    """Whether nobody need be signed in for it."""
    return endpoint in PAGES and PAGES[endpoint] is None


def may(role: str, endpoint: str | None) -> bool:
    """Whether this role may open it; what is not listed is closed."""
    roles = PAGES.get(endpoint or "", frozenset())
    return roles is None or role in roles
