"""Entries of project management say at which share it was added: that of the terms on the day of the work."""

from __future__ import annotations

import frappe
from frappe.utils import getdate

from support_retainer import contracts
from support_retainer.setup.install import add_fields


def execute() -> None:
	add_fields()
	entry = frappe.qb.DocType("Timebank Entry")
	for name in frappe.get_all("Retainer", pluck="name"):
		retainer, versions = frappe.get_doc("Retainer", name), contracts.terms_versions(name)
		rows = (
			frappe.qb.from_(entry)
			.select(entry.name, entry.occurred_on)
			.where((entry.retainer == name) & (entry.component == "Project Management"))
			.where(entry.project_management_percent.isnull() | (entry.project_management_percent == 0))
		).run(as_dict=True)
		by_percent: dict[float, list[str]] = {}
		for row in rows:
			terms = contracts.terms_on(retainer, getdate(row.occurred_on), versions)
			by_percent.setdefault(terms.project_management_percent or 0, []).append(row.name)
		for percent, names in by_percent.items():
			(
				frappe.qb.update(entry)
				.set(entry.project_management_percent, percent)
				.where(entry.name.isin(names))
			).run()
