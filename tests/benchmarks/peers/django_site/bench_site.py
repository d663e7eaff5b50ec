"""A plain Django project around django-appointment and django-helpdesk, run by the peers' own Python.

Mail is off; else both are as they come. `create` is what gunicorn calls; run as a
program it makes the tables, fills them and prints what a load needs to know.
"""

import json
import os
import sys
from datetime import date, time, timedelta
from typing import Any

import django
from django.conf import settings
from psycopg.conninfo import conninfo_to_dict

_GIVEN = conninfo_to_dict(os.environ["PEER_DATABASE_URL"])
_DJANGO = (
    "admin",
    "auth",
    "contenttypes",
    "sessions",
    "messages",
    "staticfiles",
    "sites",
    "humanize",
)
_CONTEXT = (
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
    "django.template.context_processors.i18n",
)
_MIDDLEWARE = (
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
)
settings.configure(
    SECRET_KEY="for a benchmark on one machine",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="bench_site",
    INSTALLED_APPS=[
        *(f"django.contrib.{name}" for name in _DJANGO),
        "phonenumber_field",
        "django_cleanup",
        "rest_framework",
        "appointment",
        "helpdesk",
    ],
    MIDDLEWARE=list(_MIDDLEWARE),
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": list(_CONTEXT)},
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": _GIVEN["dbname"],
            "USER": _GIVEN["user"],
            "PASSWORD": _GIVEN.get("password", ""),
            "HOST": _GIVEN["host"],
            "CONN_MAX_AGE": None,
        }
    },
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    TIME_ZONE="America/Denver",
    LANGUAGES=[("en", "English")],
    STATIC_URL="/static/",
    SITE_ID=1,
    LOGIN_URL="/login/",
    LOGGING={"version": 1, "disable_existing_loggers": True, "root": {"level": "CRITICAL"}},
    HELPDESK_TEAMS_MODE_ENABLED=False,
    HELPDESK_SUBMIT_A_TICKET_PUBLIC=True,
    HELPDESK_VIEW_A_TICKET_PUBLIC=True,
    HELPDESK_REDIRECT_TO_LOGIN_BY_DEFAULT=False,
    HELPDESK_ACTIVATE_API_ENDPOINT=False,
)
_STAFF, _CLIENTS = 200, 40
_FIRST, _LAST = time(8), time(16)
_AHEAD = 7  # days until the first date that is asked for
_DATES = 300


def create() -> Any:
    """The WSGI application."""
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def seed(requests: int) -> dict[str, Any]:
    """Fill fresh tables: staff with hours, clients who are signed in, and so many requests of theirs."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command(
        "migrate", verbosity=0, run_syncdb=True
    )  # django-appointment comes without migrations
    call_command("loaddata", "emailtemplate", verbosity=0)
    service, staff = _staff()
    return {
        "service": service.pk,
        "staff": [member.pk for member in staff],
        "sessions": _signed_in(),
        "requests": _requests(service, staff, requests),
        "queue": _queue(),
    }


def _staff() -> tuple[Any, list[Any]]:
    from appointment.models import Config, Service, StaffMember, WorkingHours
    from django.contrib.auth import get_user_model

    hours = {"lead_time": _FIRST, "finish_time": _LAST, "slot_duration": 30}
    Config.objects.create(appointment_buffer_time=0, **hours)
    service = Service.objects.create(name="Coaching", duration=timedelta(minutes=30), price=0)
    staff = []
    for number in range(_STAFF):
        user = get_user_model().objects.create(
            username=f"coach{number}", first_name="Coach", email=f"coach{number}@example.org"
        )
        member = StaffMember.objects.create(user=user, **hours)
        member.services_offered.add(service)
        for weekday in range(1, 6):
            WorkingHours.objects.create(
                staff_member=member, day_of_week=weekday, start_time=_FIRST, end_time=_LAST
            )
        staff.append(member)
    return service, staff


def _signed_in() -> list[str]:
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
        get_user_model,
    )
    from django.contrib.sessions.backends.db import SessionStore

    keys = []
    for number in range(_CLIENTS):
        user = get_user_model().objects.create(
            username=f"teacher{number}", email=f"teacher{number}@example.org"
        )
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        keys.append(session.session_key)
    return keys


def _requests(service: Any, staff: list[Any], count: int) -> list[str]:
    """What a first POST would have stored, so that the second can be measured by itself; their paths."""
    from appointment.models import AppointmentRequest

    paths, today = [], date.today()  # noqa: DTZ011  -- the peer's own calendar
    for number in range(count):
        hour = _FIRST.hour + number // len(staff) % (_LAST.hour - _FIRST.hour)
        request = AppointmentRequest.objects.create(
            date=today + timedelta(days=_AHEAD + number // 1_600 % _DATES),
            start_time=time(hour),
            end_time=time(hour, 30),
            service=service,
            staff_member=staff[number % len(staff)],
        )
        paths.append(f"/a/client-info/{request.pk}/{request.id_request}/")
    return paths


def _queue() -> int:
    from helpdesk.models import Queue

    queue = Queue.objects.create(
        title="Coaching",
        slug="coaching",
        allow_public_submission=True,
        email_address="q@example.org",
    )
    return int(queue.pk)


def _url_patterns() -> list[Any]:
    from django.http import HttpResponse
    from django.urls import include, path

    return [
        path("login/", lambda _request: HttpResponse("login"), name="login"),
        path("logout/", lambda _request: HttpResponse("logout"), name="logout"),
        path("i18n/", include("django.conf.urls.i18n")),
        path("a/", include("appointment.urls", namespace="appointment")),
        path("h/", include("helpdesk.urls", namespace="helpdesk")),
    ]


django.setup()
if __name__ == "__main__":
    print(json.dumps(seed(int(sys.argv[1]))))
else:
    urlpatterns = _url_patterns()
