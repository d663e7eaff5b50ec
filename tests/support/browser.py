"""A real browser on the real pages: the app on a free loopback port, Chromium, axe-core."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from werkzeug.serving import make_server

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}


@contextmanager
def serving(app: object) -> Iterator[str]:
    """The WSGI application on a free port of the loopback; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join(timeout=10)
        server.server_close()


@contextmanager
def running_chromium() -> Iterator[Browser]:
    """The machine's Chromium. Missing, it is an error that says so: these tests are never skipped."""
    if not CHROMIUM.exists():
        raise RuntimeError(f"The browser tests need Chromium at {CHROMIUM}: install it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visitor:
    """Somebody with a browser window, whose every complaint is kept."""

    context: BrowserContext
    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def visit(self, path: str) -> None:
        """Go to an address of the app."""
        self.page.goto(f"{self.base}{path}")

    def sideways(self) -> int:
        """By how many pixels the page is wider than the window."""
        script = "document.documentElement.scrollWidth - window.innerWidth"
        return int(self.page.evaluate(script))

    def small_targets(self) -> list[str]:
        """What is to be touched and lower than 44 pixels; links within a sentence are text."""
        script = """() => [...document.querySelectorAll('a, button, select, input, textarea, summary')]
            .filter(e => e.checkVisibility() && e.type !== 'hidden' && !e.closest('p, li > a ~ *'))
            .map(e => e.closest('label.card-choice') || e)
            .filter(e => e.getBoundingClientRect().height < 44 && !e.matches('.skip'))
            .map(e => e.outerHTML.slice(0, 120))"""
        found: list[str] = self.page.evaluate(script)
        return found

    def tab_to(self, name: str, most: int = 60) -> None:
        """Press Tab until the button of this name has the focus."""
        script = "document.activeElement.textContent.trim()"
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(script) == name:
                return
        raise AssertionError(f"{name!r} is not reached by {most} times Tab")

    def violations(self) -> list[str]:
        """What axe-core finds on the present page: every rule of it, best practices too."""
        found = Axe().run(self.page).response["violations"]
        return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


@contextmanager
def visitor(browser: Browser, base: str, **options: object) -> Iterator[Visitor]:
    """A fresh window on the app; options as Playwright's `new_context` takes them."""
    context = browser.new_context(**{"viewport": PHONE, "locale": "en-CA", **options})  # type: ignore[arg-type]
    page = context.new_page()
    someone = Visitor(context=context, page=page, base=base)

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            someone.complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: someone.complaints.append(str(error)))
    page.on(
        "request",
        lambda asked: None if asked.url.startswith(base) else someone.complaints.append(asked.url),
    )
    try:
        yield someone
    finally:
        context.close()
