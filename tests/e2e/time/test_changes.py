"""Through the running stack, mail included: two changes at once, and the question why."""

import re
from concurrent.futures import ThreadPoolExecutor

from click.testing import CliRunner

from deploy.cli import main
from tests.e2e.time.days import Days, methods
from tests.support.running_stack import RunningStack
from tests.support.stack_people import People, Program
from tests.support.waiting import until

_WORDS = "I would like to think through how I plan my next unit."


def booked(teacher: Program) -> dict[str, object]:
    request = teacher.asks(words=_WORDS, topic="unit_planning", support_mode="consultation")
    return dict(teacher.booked(request))


def test_of_two_changes_at_once_the_second_is_told(
    stack: RunningStack, people: People, days: Days
) -> None:
    teacher = people.teacher("birch-creek", timetable=True)
    request = booked(teacher)
    session = request["session"]
    assert isinstance(session, dict)
    path = f"/meetings/{session['session_id']}"
    windows = [people.at_her_browser(teacher) for _ in range(2)]
    times = []
    for window in windows:
        window.get(path)
        times = re.findall(r'name="to" value="([^" ]+)"', window.page)
    assert len(times) > 1

    def send(index: int) -> int:
        return windows[index].post(f"{path}/move", sequence="0", to=times[index])

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(send, (0, 1)))
    assert sorted(answers) == [303, 409]
    told = windows[answers.index(409)].text
    assert "It was changed while you looked." in told
    won = times[answers.index(303)]
    moved = until(
        lambda: (
            s
            if (s := teacher.sees(request)["session"])["starts_at"] != session["starts_at"]
            else None
        )
    )
    assert days.same_instant(moved["starts_at"], won)
    mails = until(lambda: m if len(m := days.mail_to(teacher.person)) >= 2 else None)
    assert methods(mails) == ["REQUEST", "REQUEST"]
    assert days.entry(mails[0])["UID"] == days.entry(mails[1])["UID"]
    assert int(days.entry(mails[1])["SEQUENCE"]) > int(days.entry(mails[0])["SEQUENCE"])


def test_why_is_said_in_the_terminal_in_words_and_numbers(
    stack: RunningStack, people: People, days: Days
) -> None:
    teacher = people.teacher("birch-creek", timetable=True)
    request = booked(teacher)
    run = CliRunner().invoke(main, ["why", str(request["id"]), "--data", stack.address.data])
    assert run.exit_code == 0, run.output
    session = request["session"]
    assert isinstance(session, dict)
    assert run.output.startswith(session["coach"])
    assert "whose role covers" in run.output
    assert "In points:" in run.output
    missing = CliRunner().invoke(
        main, ["why", str(teacher.person.id), "--data", stack.address.data]
    )
    assert missing.exit_code == 1
    her = people.at_her_browser(teacher)
    assert "whose role covers" in her.get(f"/why/{request['id']}")
    assert "In numbers" not in her.text
    office = people.at_her_browser(people.admin())
    assert "In numbers" in office.get(f"/why/{request['id']}")
