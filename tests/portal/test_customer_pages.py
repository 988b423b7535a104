"""Every page under /support: no violation that axe-core finds, nothing wider than the screen, all in the reader's language."""

import pytest

pytestmark = pytest.mark.browser

PAGES = (
	"/support",
	"/support/tickets",
	"/support/new",
	"/support/order",
	"/support/time",
	"/support/approvals",
)
WIDTHS = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}
FOUND = """async () => (await axe.run()).violations.map(
	(each) => [each.id, each.help, each.nodes.map((node) => node.html.slice(0, 200))])"""


@pytest.fixture(scope="session")
def axe():
	"""The file of axe-core, as npm brings it."""
	from embedded import bundles

	return bundles.modules() / "axe-core" / "axe.min.js"


@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_accessible_and_fit(width, window, customers, axe):
	page = window("anna", viewport=WIDTHS[width])
	for path in (*PAGES, f"/support/tickets/{customers['story']}"):
		assert page.goto(path).ok
		page.add_script_tag(path=axe)
		assert page.evaluate(FOUND) == [], path
		assert page.evaluate("document.documentElement.scrollWidth") <= WIDTHS[width]["width"], path


def test_the_choice_is_accessible(window, axe):
	page = window("cecilia")
	assert page.goto("/support").ok
	page.add_script_tag(path=axe)
	assert page.evaluate(FOUND) == []
