"""Random months. LEDGER_RUNS and LEDGER_STEPS make it as long as one likes (500 and 40 before a release)."""

import os

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.site.ledger_machine import Months


def test_random_months_leave_a_ledger_that_audits_clean():
	run_state_machine_as_test(
		Months,
		settings=settings(
			max_examples=int(os.environ.get("LEDGER_RUNS", 4)),
			stateful_step_count=int(os.environ.get("LEDGER_STEPS", 15)),
			deadline=None,
			database=None,
			suppress_health_check=list(HealthCheck),
		),
	)
	print(f"{Months.steps} steps, {Months.refused} refused")
