"""What the app needs below it."""

from __future__ import annotations

import frappe
from frappe import _

from support_retainer.words import filled

OLDEST = 15


def check() -> None:
	"""Refuse to be installed on a site without ERPNext, or on one older than the app was written for.

	Raises:
	        frappe.ValidationError: says what to install or upgrade.
	"""
	_require("Frappe", frappe.__version__)
	if "erpnext" not in frappe.get_installed_apps():
		frappe.throw(
			_(
				"Support Retainer works on ERPNext, which is not installed on this site. Install ERPNext first."
			)
		)
	import erpnext  # not before it is known to be there

	_require("ERPNext", erpnext.__version__)


def _require(name: str, version: str) -> None:
	if int(version.split(".")[0]) < OLDEST:
		frappe.throw(
			filled(
				_("Support Retainer needs {0} {1} or newer; this is {2}. Upgrade {0}, then install again."),
				name,
				OLDEST,
				version,
			)
		)
