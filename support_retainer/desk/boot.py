"""What the desk's scripts know before they ask."""

from __future__ import annotations

from datetime import timedelta

import frappe

from support_retainer import clock

DAYS = 730  # a moment lies within a year of today, before or after


def extend_bootinfo(bootinfo: frappe._dict) -> None:
	"""Tell the desk which wall times happen twice (naive site time), so that forms can ask which one is meant."""
	start = clock.today() - timedelta(days=DAYS // 2)
	bootinfo.support_retainer = {
		"doubled_hours": [[str(first), str(last)] for first, last in clock.doubled_hours(start, DAYS)]
	}
