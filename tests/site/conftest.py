"""One site for the session, one rolled-back transaction for each test, whatever kind of site it is."""

import pytest

from tests import kinds

kinds.activate()


@pytest.fixture(scope="session")
def open_site():
	"""The site the whole session runs on; the embedded kinds are throw-away copies."""
	with kinds.site() as site:
		yield site


@pytest.fixture(autouse=True)
def transaction(open_site):
	"""Give each test a clean start as Administrator and take back whatever it did."""
	with kinds.rolled_back():
		yield


@pytest.fixture
def at():
	"""Set the site's clock: `with at("2026-11-02 10:00"):` in the site's time zone."""
	return kinds.at
