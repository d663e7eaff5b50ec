"""One browser for the whole run: Playwright's loop stands once in a thread, and not twice."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.support.browser import running_chromium


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with running_chromium() as browser:
        yield browser
