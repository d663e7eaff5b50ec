"""Make the whole division from its size, a seed and the model. Pure: no clock, no database."""

from deploy.demo import coaches as coaching
from deploy.demo import people as staff
from deploy.demo import schools as places
from deploy.demo.division import COACH, TEACHER, USUAL_SEED, Division, Size
from deploy.demo.history import History
from services.request_intake.domain.coaching_model import CoachingModel


def division(size: Size, model: CoachingModel, seed: int = USUAL_SEED) -> Division:
    """The Three Larches School Division of this size; equal arguments make equal divisions."""
    schools = places.invent(size, seed)
    people = staff.invent(size, schools, seed)
    teachers = [person for person in people if person.role == TEACHER]
    coaches = coaching.invent([p for p in people if p.role == COACH], schools, model, seed)
    history = History(model, schools, teachers, seed)
    return Division(
        size=size,
        seed=seed,
        zone=model.division.zone,
        schools=schools,
        people=people,
        coaches=coaches,
        past_sessions=history.invent(coaches, size.past_sessions),
    )
