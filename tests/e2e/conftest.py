"""Real phones before a real server: Chromium at 390 × 844, a network that can fail in between."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser import launch, new_phone
from tests.e2e.house import House, prepare
from tests.e2e.proxy import Network
from tests.people import PASSWORD

expect.set_options(timeout=20_000)  # a busy machine is no failure


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("template") / "data"
    prepare(data)
    return data


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    found = launch(playwright)
    yield found
    found.close()


@pytest.fixture
def house(tmp_path: Path, template: Path) -> Iterator[House]:
    """The server behind `network`; phones know only the network's address."""
    house = House(tmp_path / "data", template)
    network = Network(house.port)
    house.url, house.network = network.url, network  # type: ignore[attr-defined]
    house.start()
    yield house
    house.kill()
    network.close()


@pytest.fixture
def network(house: House) -> Network:
    return house.network  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def phones(browser: Browser, house: House) -> Iterator[Callable[..., Page]]:
    """phones("an"): a phone of her own, signed in by hand; phones(None): nobody yet."""
    contexts: list[BrowserContext] = []

    def pick_up(name: str | None, *, flags: Browser | None = None) -> Page:
        context = new_phone(flags or browser, house.url)
        contexts.append(context)
        page = context.new_page()
        page.goto("/")
        if name:
            sign_in(page, name)
        return page

    yield pick_up
    for context in contexts:
        context.close()


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "image.jpg"
    Image.effect_noise((1200, 900), 60).convert("RGB").save(path, quality=90)
    return path


def sign_in(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("link", name="今天")).to_be_visible()
