"""As the first people of a division: added by a command, let in by their own mail, in a real browser."""

import email
import email.policy
import re
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.running_stack import RunningStack, remit
from tests.support.waiting import until

ROBIN = "robin.vega@larches.example.org"


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStack]:
    running = RunningStack(tmp_path_factory.mktemp("sign-in") / "data")
    loaded = remit("demo", "--data", running.data)
    assert loaded.returncode == 0, loaded.stderr
    yield running
    running.stop()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    yield page
    page.close()


def added(stack: RunningStack, role: str) -> str:
    done = remit(
        "person", "add", ROBIN, "--name", "Robin Vega", "--role", role, "--data", stack.data
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def letters(stack: RunningStack) -> list[EmailMessage]:
    found = []
    for path in Path(stack.address.mail_folder).rglob("*.eml"):
        letter = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        if ROBIN in str(letter["To"]):
            found.append(letter)
    return found


def code_in(letter: EmailMessage) -> str:
    body = letter.get_body(("plain",))
    assert body
    found = re.search(r"\b[A-Z2-9]{4} [A-Z2-9]{4}\b", body.get_content())
    assert found
    assert found[0] not in str(letter["Subject"])
    return found[0]


def test_who_is_added_signs_in_chooses_a_role_and_is_out_when_her_account_is_closed(
    stack: RunningStack, page: Page
) -> None:
    assert "may sign in as leader" in added(stack, "leader")
    assert "too" in added(stack, "admin")
    assert "nothing changed" in added(stack, "admin")

    page.goto(f"{stack.address.web_url}/requests")
    page.get_by_label("Your work email address").fill(ROBIN)
    page.get_by_role("button", name="Send me a code").click()
    (letter,) = until(lambda: letters(stack), 60)
    page.get_by_label("The eight letters and digits from the mail").fill(code_in(letter))
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Division admin").click()
    page.wait_for_url("**/model")
    page.get_by_role(
        "link", name="Coaches", exact=True
    ).click()  # another service, the same session
    page.wait_for_url("**/coaches")

    closed = remit("person", "close", ROBIN, "--data", stack.data)
    assert closed.returncode == 0, closed.stderr
    for path in ("coaches", "model"):
        page.goto(f"{stack.address.web_url}/{path}")
        page.wait_for_url("**/sign-in**")
    assert remit("check", "audit", "--data", stack.data).returncode == 0


def test_what_a_person_command_can_not_do_it_says(stack: RunningStack) -> None:
    for arguments, said in (
        (("add", "robin", "--name", "Robin"), "an email address has an @"),
        (("add", "a@b.org", "--name", "A", "--school", "nope"), "there is no school nope"),
        (("close", "nobody@larches.example.org"), "There is no such person"),
    ):
        done = remit("person", *arguments, "--data", stack.data)
        assert done.returncode != 0
        assert said in done.stderr
