"""A site of its own for the customers' browser: contracts, contacts, tickets, and questions that wait for an answer.

Run as `python -m tests.portal.contacts`; prints one line of JSON with what the browser needs to know, and serves until its
input closes. Its clock is set to a Saturday at 14:00 and runs from there, so the story is the same whenever it is played.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

import time_machine

import embedded

SATURDAY = datetime(2026, 11, 7, 14, 0, tzinfo=ZoneInfo("Europe/Stockholm"))
PASSWORD = "norrsken-9"
ANNA = "anna@fjallbutiken.example"
BERTIL = "bertil@kafeet.example"
CECILIA = "cecilia@bada.example"
ERIK = "erik@cykel.example"
DISA = "disa@byran.example"
RAGNAR = "ragnar@byran.example"
HANNA = "hanna@skript.example"


def main() -> None:
	"""Open a throw-away copy, fill it, serve it, and wait."""
	with embedded.open_site() as _site:
		import frappe

		with time_machine.travel(SATURDAY, tick=True):
			told = fill()
			frappe.db.commit()
			with embedded.server() as server:
				print(json.dumps({"url": server.url, "password": PASSWORD, **told}), flush=True)
				sys.stdin.read()


def fill() -> dict:
	"""Make the customers and what is between them and the agency; returns names."""
	import frappe

	from tests import world
	from tests.factories import IssueFactory, book

	world.prepare()
	frappe.db.set_value("Activity Type", "Execution", "work_category", "Development")
	_person(DISA, "Disa", "Support Agent", "Support Team", "Sales User")
	shop, cafe = _contract("Fjällbutiken AB"), _contract("Kaféet i Visby")
	cycles = _contract("Västkustcykel AB", hours_per_period=1, overage_policy="Ask First")
	for email, first, contracts in (
		(ANNA, "Anna", [shop]),
		(BERTIL, "Bertil", [cafe]),
		(CECILIA, "Cecilia", [shop, cafe]),
		(ERIK, "Erik", [cycles]),
	):
		_person(email, first, "Customer")
		for contract in contracts:
			_list(contract.customer, email)
	story = IssueFactory(
		customer=shop.customer,
		subject="Fraktkostnaden stämmer inte",
		description="<p>Frakten till Gotland blir fel i kassan.</p>",
		raised_by=ANNA,
	)
	book(story, ("2026-11-02 09:00", "2026-11-02 09:50"))
	for subject in ("Bilderna på startsidan", "Ny färg på knapparna"):
		IssueFactory(customer=shop.customer, subject=subject, raised_by=ANNA, expected_hours=1)
	_questions(shop)
	held = IssueFactory(customer=cycles.customer, subject="Lagersaldot", raised_by=ERIK)
	book(held, ("2026-11-02 09:00", "2026-11-02 11:00"))
	_person(
		RAGNAR, "Ragnar", "Retainer Manager", "Support Agent", "Support Team", "Accounts User", "Sales User"
	)
	return {
		"scripts": _scripts(),
		"ragnar": RAGNAR,
		"hanna": HANNA,
		"anna": ANNA,
		"bertil": BERTIL,
		"cecilia": CECILIA,
		"erik": ERIK,
		"disa": DISA,
		"shop": shop.customer,
		"story": story.name,
		"period": f"{shop.name}-2026-11-01",
	}


def _contract(customer: str, **terms):
	from tests.factories import CustomerFactory, RetainerFactory

	return RetainerFactory(
		customer=CustomerFactory(customer_name=customer).name, estimate_threshold_hours=4, **terms
	)


def _person(email: str, first: str, *roles: str) -> None:
	import frappe

	frappe.get_doc(
		{
			"doctype": "User",
			"email": email,
			"first_name": first,
			"send_welcome_email": 0,
			"new_password": PASSWORD,
			"time_zone": "Europe/Stockholm",
			"roles": [{"role": role} for role in roles],
		}
	).insert()


def _list(customer: str, email: str) -> None:
	import frappe

	doc = frappe.get_doc("Customer", customer)
	doc.append("portal_users", {"user": email})
	doc.save()


def _questions(contract) -> None:
	"""Ask the customer about an estimate and a sprint of two tickets."""
	import frappe

	from support_retainer import consent
	from support_retainer.consent.sprints import propose
	from tests.factories import IssueFactory

	till = IssueFactory(customer=contract.customer, subject="Ny kassa", raised_by=ANNA, expected_hours=6)
	consent.ask("Issue", till.name)
	gathered = [
		IssueFactory(customer=contract.customer, subject=subject, raised_by=ANNA, expected_hours=2)
		for subject in ("Snabbare sökning", "Nya ikoner")
	]
	sprint = frappe.get_doc(
		{
			"doctype": "Support Sprint",
			"title": "Novembersprint",
			"customer": contract.customer,
			"company": contract.company,
			"tickets": [{"ticket_type": "Issue", "ticket": each.name, "work": 7200} for each in gathered],
		}
	).insert()
	propose(sprint.name)


def _scripts() -> dict:
	"""A customer of whom every text would run as a script, were it not shown as text; as it may stand in the database."""
	from html import escape

	import frappe

	from support_retainer import consent
	from support_retainer.consent.sprints import propose
	from tests.factories import IssueFactory, book

	def script(where: str) -> str:
		run = f"window.ran = (window.ran || []).concat('{where} {{}}')"
		hidden = escape(f"</title><script>{run.format('entities')}</script>")
		return (
			f"""<!-- markdown --><!--><img src="/x" onerror="{run.format("comment")}">{where}"""
			f"""\"'><img src="/x" onerror="{run.format("quotes")}">{hidden}{escape(hidden)}"""
			f"""<svg/onload="{run.format("svg")}"><a href="javascript:{run.format("link")}">x</a>{{{{ 7 * 191 }}}}\u202e"""
		)

	contract = _contract("Skript AB", hours_per_period=1, overage_policy="Ask First")
	_person(HANNA, "Hanna", "Customer")
	_list(contract.customer, HANNA)
	names = {"retainer": contract.name, "customer": contract.customer}
	worked, asked, gathered = (
		IssueFactory(customer=contract.customer, subject=subject, raised_by=HANNA, expected_hours=6)
		for subject in ("Ett", "Två", "Tre")
	)
	consent.ask("Issue", asked.name, note="x")
	frappe.db.set_value("Issue", worked.name, "expected_hours", 0)
	names["timesheet"] = book(worked, ("2026-11-02 09:00", "2026-11-02 11:00")).name
	tickets = [{"ticket_type": "Issue", "ticket": gathered.name, "work": 7200}]
	sprint = frappe.get_doc(
		{
			"doctype": "Support Sprint",
			"title": "x",
			"customer": contract.customer,
			"company": contract.company,
			"tickets": tickets,
		}
	).insert()
	propose(sprint.name)
	letter = frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"sent_or_received": "Received",
			"subject": "x",
			"content": "x",
			"sender": HANNA,
			"reference_doctype": "Issue",
			"reference_name": worked.name,
		}
	).insert()
	frappe.set_user(HANNA)
	file = frappe.get_doc(
		{
			"doctype": "File",
			"file_name": "x.txt",
			"attached_to_doctype": "Issue",
			"attached_to_name": worked.name,
			"is_private": 1,
			"content": "x",
		}
	).insert(ignore_permissions=True)
	frappe.set_user("Administrator")
	written = {
		("Customer", contract.customer): ("customer_name",),
		("Retainer", contract.name): ("customer_name",),
		("User", HANNA): ("first_name", "full_name"),
		("Communication", letter.name): ("subject", "content", "sender_full_name"),
		("File", file.name): ("file_name",),
		("Support Sprint", sprint.name): ("title", "note", "question"),
		("Support Sprint Ticket", sprint.tickets[0].name): ("subject",),
		**{
			("Issue", each.name): ("subject", "description", "customer_name")
			for each in (worked, asked, gathered)
		},
		**{
			("Ticket Estimate", name): ("subject", "note", "question")
			for name in frappe.get_all("Ticket Estimate", {"customer": contract.customer}, pluck="name")
		},
		**{
			("Timesheet Detail", name): ("description", "timebank_note")
			for name in frappe.get_all("Timesheet Detail", {"parent": names["timesheet"]}, pluck="name")
		},
		**{
			("Timebank Entry", name): ("derivation", "reason")
			for name in frappe.get_all("Timebank Entry", {"customer": contract.customer}, pluck="name")
		},
	}
	for (doctype, name), fields in written.items():
		kept = [field for field in fields if frappe.db.has_column(doctype, field)]
		frappe.db.set_value(doctype, name, {field: script(f"{doctype} {field}") for field in kept})
	frappe.clear_cache()
	free = IssueFactory(customer=contract.customer, subject="Fyra", raised_by=HANNA)
	frappe.db.set_value("Issue", free.name, "subject", script("Issue subject"))
	draft = frappe.copy_doc(sprint)
	draft.update({"status": "Draft", "title": "y", "tickets": []})
	draft.append("tickets", {"ticket_type": "Issue", "ticket": free.name, "work": 3600})
	draft.insert()
	last = IssueFactory(customer=contract.customer, subject="Fem", raised_by=HANNA)
	frappe.db.set_value("Issue", last.name, "subject", script("Issue subject"))
	found = {"ticket": worked.name, "asked": asked.name, "sprint": sprint.name, "draft": draft.name}
	estimate = frappe.get_all("Ticket Estimate", {"customer": contract.customer}, pluck="name")[0]
	return {**names, **found, "estimate": estimate}


if __name__ == "__main__":
	main()
