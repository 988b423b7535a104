"""`bench --site SITE support-retainer …`"""

from __future__ import annotations

import sys

import click
import frappe
from frappe.commands import get_site, pass_context


@click.group("support-retainer")
def support_retainer() -> None:
	"""Look after the time banks of Support Retainer."""


@support_retainer.command("audit")
@click.option("--retainer", help="Audit one retainer only.")
@pass_context
def audit(context: object, retainer: str | None = None) -> None:
	"""Check ledger, timesheets and invoices against each other. Exit status 1 if anything is wrong."""
	frappe.init(site=get_site(context))
	frappe.connect()
	from support_retainer import billing

	try:
		wrong = billing.report_audit(retainer)
	except frappe.DoesNotExistError as error:
		raise click.ClickException(str(error)) from error
	finally:
		frappe.destroy()
	sys.exit(1 if wrong else 0)


commands = [support_retainer]
