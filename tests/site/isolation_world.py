"""What the isolation table is tried on: two customers, everything of the first one's, and everybody who might ask for it."""

from __future__ import annotations

import frappe

from support_retainer import consent
from tests.factories import CustomerFactory, EmployeeFactory, IssueFactory, RetainerFactory, book, timesheet

# Whatever shows this word shows something of customer A's. The rest would run as a script, were it not shown as text.
MARK = "Alfahemlig"
SCRIPT = f'{MARK} <img src=x onerror="alert(1)"> <script>alert(2)</script>'
FORMULA = f'=HYPERLINK("http://example.com";"{MARK}")'
PASSWORD = "Norrsken-i-Abisko-9"

# Letter, who it is, roles (of a role profile, when it names one)
PEOPLE = {
	"A": ("contact of A", ("Customer",)),
	"B": ("contact of B", ("Customer",)),
	"M": ("contact of both", ("Customer",)),
	"X": ("disabled contact of A", ("Customer",)),
	"S": ("support agent", "Support Agent"),
	"R": ("retainer manager", "Retainer Manager"),
	"C": ("accounts user", ("Accounts User",)),
	"P": ("projects user", ("Projects User",)),
	"Q": ("projects manager", ("Projects Manager",)),
	"O": ("support agent for customer B alone", "Support Agent"),
}


def email(letter: str) -> str:
	return f"isolering.{letter.lower()}@example.com"


def build() -> frappe._dict:
	"""Make it all; returns the names: `customer`, `other`, `ticket`, ... and `docs` (DocType to name)."""
	world = frappe._dict(customer=_customer("Kunden Alfa AB"), other=_customer("Betakund AB"))
	world.retainer, world.other_retainer = (
		RetainerFactory(customer=name, overage_policy="Ask First", hours_per_period=2).name
		for name in (world.customer, world.other)
	)
	frappe.db.set_value("Customer", world.customer, "customer_name", f"{MARK} AB")
	for letter, (_who, roles) in PEOPLE.items():
		_person(letter, roles)
	for letter, customers in {
		"A": [world.customer],
		"B": [world.other],
		"M": [world.customer, world.other],
		"X": [world.customer],
	}.items():
		_contact(letter, customers)
	for letter in "SRO":
		EmployeeFactory(first_name=letter, user_id=email(letter))
	frappe.get_doc(
		{"doctype": "User Permission", "user": email("O"), "allow": "Customer", "for_value": world.other}
	).insert()
	_tickets(world)
	_agreements(world)
	_rest(world)
	return world


def _customer(name: str) -> str:
	return CustomerFactory(customer_name=name).name


def _person(letter: str, roles: tuple | str) -> None:
	if isinstance(roles, str):
		filters = {"parenttype": "Role Profile", "parent": roles}
		roles = frappe.get_all("Has Role", filters=filters, pluck="role")
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": email(letter),
			"first_name": PEOPLE[letter][0],
			"send_welcome_email": 0,
			"new_password": PASSWORD,
			"roles": [{"role": role} for role in roles],
		}
	)
	user.flags.no_welcome_mail = True
	user.insert()


def _contact(letter: str, customers: list[str]) -> None:
	frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": letter,
			"user": email(letter),
			"email_ids": [{"email_id": email(letter), "is_primary": 1}],
			"links": [{"link_doctype": "Customer", "link_name": name} for name in customers],
		}
	).insert()
	for name in customers:
		customer = frappe.get_doc("Customer", name)
		customer.append("portal_users", {"user": email(letter)})
		customer.save()


def _tickets(world: frappe._dict) -> None:
	ticket = IssueFactory(
		customer=world.customer, subject=MARK, raised_by=email("A"), description=f"<p>{MARK}</p>"
	)
	world.ticket = ticket.name
	world.second = IssueFactory(customer=world.customer, subject=f"{MARK} två", raised_by=email("A")).name
	world.free = IssueFactory(customer=world.customer, subject=f"{MARK} tre", raised_by=email("A")).name
	book(frappe.get_doc("Issue", world.free), ("2026-11-04 09:00", "2026-11-04 12:00"))
	world.held = frappe.get_all(
		"Timebank Entry", {"ticket": world.free, "billing_status": "Held"}, pluck="name"
	)[0]
	world.reason = "Provskal"
	frappe.get_doc(
		{
			"doctype": "Not Charged Reason",
			"reason": world.reason,
			"description": MARK,
			"hidden_from_customer": 1,
		}
	).insert()
	fifth = IssueFactory(customer=world.customer, subject=f"{MARK} fem")
	sheet = timesheet(
		[
			(fifth, "2026-11-05 09:00", "2026-11-05 10:00"),
			(fifth, "2026-11-05 10:00", "2026-11-05 11:00"),
		],
		submit=False,
	)
	sheet.time_logs[1].not_charged_because = world.reason
	sheet.save()
	sheet.submit()
	world.charged_row, world.given_row = (row.name for row in sheet.time_logs)
	world.free_of_ledger = IssueFactory(customer=world.customer, subject=f"{MARK} fyra").name
	world.other_ticket = IssueFactory(customer=world.other, raised_by=email("B")).name
	book(ticket, ("2026-11-03 09:00", "2026-11-03 12:00"))
	# as it may stand in the database, whatever Frappe cleaned on its way there
	frappe.db.set_value("Issue", ticket.name, "subject", SCRIPT)
	world.communication = (
		frappe.get_doc(
			{
				"doctype": "Communication",
				"communication_type": "Communication",
				"communication_medium": "Email",
				"sent_or_received": "Received",
				"subject": MARK,
				"content": f"<p>{MARK}</p>",
				"sender": email("A"),
				"reference_doctype": "Issue",
				"reference_name": ticket.name,
			}
		)
		.insert()
		.name
	)
	world.comment = ticket.add_comment("Comment", f"{MARK}: mellan oss").name
	for letter, field in (("Administrator", "file"), (email("A"), "own_file")):
		frappe.set_user(letter)
		file = frappe.get_doc(
			{
				"doctype": "File",
				"file_name": f"{field}-{MARK.lower()}.txt",
				"attached_to_doctype": "Issue",
				"attached_to_name": ticket.name,
				"is_private": 1,
				"content": f"{MARK} {field}",
			}
		).save(ignore_permissions=True)
		world[field], world[f"{field}_url"] = file.name, file.file_url
		frappe.set_user("Administrator")
	_things_around(world, ticket)
	world.bell = (
		frappe.get_doc(
			{
				"doctype": "Notification Log",
				"type": "Alert",
				"subject": MARK,
				"for_user": email("S"),
				"from_user": email("A"),
				"document_type": "Issue",
				"document_name": ticket.name,
			}
		)
		.insert()
		.name
	)
	world.todo = (
		frappe.get_doc(
			{
				"doctype": "ToDo",
				"description": MARK,
				"reference_type": "Issue",
				"reference_name": ticket.name,
				"allocated_to": email("S"),
			}
		)
		.insert()
		.name
	)


def _things_around(world: frappe._dict, ticket) -> None:
	"""What Frappe keeps beside a ticket: a tag, a board, and a file of a stranger's own."""
	from frappe.desk.doctype.tag.tag import add_tag

	world.tag = f"{MARK.lower()}a"
	add_tag(world.tag, "Issue", ticket.name)
	add_tag(world.tag, "Retainer", world.retainer)
	world.tag_link = frappe.get_all("Tag Link", {"document_name": ticket.name}, pluck="name")[0]
	world.board = (
		frappe.get_doc(
			{
				"doctype": "Kanban Board",
				"kanban_board_name": "Isolering",
				"reference_doctype": "Issue",
				"field_name": "status",
				"columns": [{"column_name": status} for status in ("Open", "Closed")],
			}
		)
		.insert()
		.name
	)
	frappe.set_user(email("B"))
	world.strangers_file = (
		frappe.get_doc({"doctype": "File", "file_name": "x.txt", "is_private": 1, "content": "x"})
		.insert()
		.name
	)
	frappe.set_user("Administrator")


def _agreements(world: frappe._dict) -> None:
	from support_retainer.consent import api

	world.estimate = api.make_estimate("Issue", world.ticket, hours=6, send=True)
	world.draft_estimate = api.make_estimate("Issue", world.second, hours=1)
	world.sprint = (
		frappe.get_doc(
			{
				"doctype": "Support Sprint",
				"title": MARK,
				"customer": world.customer,
				"company": frappe.db.get_value("Retainer", world.retainer, "company"),
				"tickets": [
					{
						"ticket_type": "Issue",
						"ticket": IssueFactory(customer=world.customer, subject=MARK).name,
						"work": 3600,
					}
				],
			}
		)
		.insert()
		.name
	)
	frappe.set_user(email("R"))
	world.waiver = api.go_on("Issue", world.ticket, f"{MARK} sa ja i telefon")
	frappe.set_user(email("A"))
	question = next(each for each in consent.waiting_for_answer(world.customer) if each.kind == "Overage")
	world.overage = question.name
	world.answer = consent.answer("Overage", question.name, False, fingerprint=question.fingerprint)["answer"]
	frappe.set_user(email("S"))
	from support_retainer.desk.api import start_timer

	world.timer = start_timer("Issue", world.ticket)["timer"]["name"]
	frappe.set_user("Administrator")


def _rest(world: frappe._dict) -> None:
	retainer = frappe.get_doc("Retainer", world.retainer)
	retainer.update({"hourly_rate": 1100, "terms_from": "2026-12-01"})
	retainer.save()
	world.terms = frappe.get_all("Retainer Terms", {"retainer": world.retainer}, pluck="name")[0]
	world.period = frappe.get_all("Timebank Period", {"retainer": world.retainer}, pluck="name")[0]
	world.entry = frappe.get_all("Timebank Entry", {"retainer": world.retainer}, pluck="name")[0]
	world.rule = (
		frappe.get_doc(
			{
				"doctype": "SLA Rule",
				"rule_name": f"{MARK} regel",
				"urgency": "Normal",
				"budget": "Within",
				"registered": "Any",
				"hours_counted": "Office Hours",
				"target": "First Available Slot",
				"retainer": world.retainer,
			}
		)
		.insert()
		.name
	)
	world.contact = frappe.get_all("Contact", {"user": email("A")}, pluck="name")[0]
	world.company = frappe.db.get_value("Retainer", world.retainer, "company")
	world.agent, world.manager = email("S"), email("R")
	world.fingerprint = frappe.db.get_value("Ticket Estimate", world.estimate, "fingerprint")
	notice = frappe.get_doc(
		{
			"doctype": "Retainer Notice",
			"kind": "Question",
			"status": "Told",
			"customer": world.customer,
			"retainer": world.retainer,
			"title": MARK,
			"text": MARK,
			"key": MARK,
		}
	)
	notice.flags.from_room = True
	world.notice = notice.insert().name
	closing = frappe.get_doc(
		{
			"doctype": "Timebank Closing",
			"retainer": world.retainer,
			"customer": world.customer,
			"period": world.period,
			"action": "Close",
			"status": "Not Done",
			"happened": MARK,
		}
	)
	closing.flags.from_room = True
	world.closing = closing.insert().name
	from support_retainer import background

	world.problem = background.failed(MARK, MARK, MARK, retainer=world.retainer)
	sent = frappe.get_doc(
		{"doctype": "Sent Form", "user": email("A"), "action": "send", "led_to": f"/support/{MARK}"}
	)
	world.sent_form = sent.insert(set_name=f"{MARK}-form").name
	world.docs = {
		"Sent Form": world.sent_form,
		"Background Problem": world.problem,
		"Customer": world.customer,
		"Retainer": world.retainer,
		"Retainer Terms": world.terms,
		"Retainer Notice": world.notice,
		"SLA Rule": world.rule,
		"Not Charged Reason": world.reason,
		"Timebank Period": world.period,
		"Timebank Entry": world.entry,
		"Timebank Closing": world.closing,
		"Ticket Estimate": world.draft_estimate,
		"Support Sprint": world.sprint,
		"Customer Answer": world.answer,
		"Consent Waiver": world.waiver,
		"Work Timer": world.timer,
		"Issue": world.ticket,
	}
