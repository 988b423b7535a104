"""A private MariaDB site that several processes work on at once."""

import os

import pytest

from tests import kinds

kinds.activate()


@pytest.fixture(scope="session")
def site():
	"""The site, open in this process too; its folder is what the workers attach to."""
	if os.environ.get("SUPPORT_RETAINER_SITE") != "mariadb":
		pytest.skip("locks need MariaDB: make test-mariadb")
	with kinds.site() as opened:
		yield opened
