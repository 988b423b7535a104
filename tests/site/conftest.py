"""One site for the session, one rolled-back transaction for each test, whatever kind of site it is."""

import pytest

from tests import kinds

kinds.activate()

# What many tests begin with. A test module that needs another of the name makes its own.


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


@pytest.fixture
def now(at, transaction):
	"""It is Fri 20 Nov 2026, noon."""
	with at("2026-11-20 12:00"):
		yield


@pytest.fixture
def audited(transaction):
	"""Whatever a test does, the audit finds nothing wrong afterwards."""
	from support_retainer import billing

	yield
	assert [str(finding) for finding in billing.audit()] == []


@pytest.fixture
def retainer(at):
	"""10 h a month at 1 000 SEK/h, active since 1 Nov 2026."""
	from tests.factories import RetainerFactory

	with at("2026-11-01 08:00"):
		return RetainerFactory()


@pytest.fixture
def ticket(at, retainer):
	"""A ticket of its customer, of Mon 2 Nov."""
	from tests.factories import IssueFactory

	with at("2026-11-02 08:00"):
		return IssueFactory(customer=retainer.customer)


@pytest.fixture
def without_bank(at):
	"""Make retainers without a time bank, each with a ticket: (retainer, ticket)."""
	from tests.factories import IssueFactory, RetainerFactory

	def made(**terms):
		with at("2026-11-01 08:00"):
			retainer = RetainerFactory(**{"mode": "Without Timebank", "hours_per_period": 0, **terms})
			return retainer, IssueFactory(customer=retainer.customer)

	return made
