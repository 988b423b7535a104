"""Notices name each address they went to in a row of its own, so that Frappe can hand a person's data out, and delete it."""

from __future__ import annotations

import frappe

from support_retainer.setup.install import add_fields
from support_retainer.writing import insert_rows

NOTICE, ROW = "Retainer Notice", "Retainer Notice Recipient"


def execute() -> None:
	add_fields()
	have = set(frappe.get_all(ROW, pluck="parent", distinct=True))
	filters = {"contact_emails": ("is", "set")}
	rows = []
	for notice in frappe.get_all(NOTICE, filters=filters, fields=["name", "contact_emails"]):
		if notice.name in have:
			continue
		for number, email in enumerate(filter(None, map(str.strip, notice.contact_emails.split(","))), 1):
			rows.append(
				{
					"name": frappe.generate_hash(length=10),
					"parent": notice.name,
					"parenttype": NOTICE,
					"parentfield": "recipients",
					"idx": number,
					"email": email,
				}
			)
	if rows:
		insert_rows(ROW, rows)
