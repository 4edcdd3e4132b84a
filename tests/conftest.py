"""What tests share: one Chromium, the built book, a place for numbers, walls."""

import contextlib
import copy

import pytest
from book_site import PAGES, SITE
from browser import DRAWN, PHONE, launch, open_watched, serve

from tools.grading import sandbox

NUMBERS = pytest.StashKey[list]()


def pytest_configure(config):
    config.stash[NUMBERS] = []


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Take over what a process that tests beside others has measured."""
    node.config.stash[NUMBERS] += node.workeroutput.get("numbers", [])


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["numbers"] = session.config.stash[NUMBERS]


def pytest_collection_modifyitems(items):
    # playwright leaves its event loop running in this thread, where no test after it
    # could start another one.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_terminal_summary(terminalreporter, config):
    if config.stash[NUMBERS]:
        terminalreporter.section("measured")
        for line in config.stash[NUMBERS]:
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def tell(pytestconfig):
    """Keep a line for the end of the run."""
    return pytestconfig.stash[NUMBERS].append


@pytest.fixture(scope="session")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site():
    """Folder of the built book."""
    if not (SITE / "index.html").exists():
        pytest.fail(f"the book is not built: run make book (looked in {SITE})")
    return SITE


@pytest.fixture(scope="session")
def address(site):
    """Where the built book is served."""
    with serve(site) as found:
        yield found


@pytest.fixture(scope="session")
def visit(chromium, address):
    """Open a page of the book in a profile of its own; wait until all is drawn.

    For a ``with`` statement; gives the page, and what was noticed.
    """

    @contextlib.contextmanager
    def open_(name, block=(), **options):
        options = {"viewport": {"width": 1280, "height": 800}} | options
        context = chromium.new_context(**options)
        try:
            page, noticed = open_watched(context, address, block)
            page.goto(f"{address}/{name}")
            if options.get("java_script_enabled", True):
                page.wait_for_function(DRAWN)
            yield page, noticed
        finally:
            context.close()

    return open_


@pytest.fixture(autouse=True)
def told_apart(request, monkeypatch):
    """Look at each figure that a test of plots draws: hue alone says nothing."""
    if not request.path.name.startswith("test_plots_"):
        yield
        return
    from matplotlib.figure import Figure
    from told_apart import confusable

    figures, make = [], Figure.__init__

    def remember(figure, *args, **kwargs):
        make(figure, *args, **kwargs)
        figures.append(figure)

    monkeypatch.setattr(Figure, "__init__", remember)
    yield
    assert [names for figure in figures for names in confusable(figure)] == []


# For the session, so that each page is opened once for the tests of all modules.
@pytest.fixture(scope="session", params=PAGES)
def at_desk(request, visit):
    """A page that is open for all tests of it, what was noticed at first, its name."""
    with visit(request.param) as (page, noticed):
        yield page, copy.deepcopy(noticed), request.param


@pytest.fixture(scope="session", params=PAGES)
def on_phone(request, visit):
    """The same on a phone whose owner wants nothing to move."""
    still = {"viewport": PHONE, "reduced_motion": "reduce"}
    with visit(request.param, **still) as (page, _):
        yield page


@pytest.fixture(scope="module")
def walls():
    """Linux namespaces around a student's process, where the machine makes them."""
    try:
        found = sandbox.find("namespaces")
    except sandbox.SandboxError as problem:
        pytest.skip(str(problem))
    yield found
    found.close()
