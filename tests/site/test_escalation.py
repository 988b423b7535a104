"""Escalation: at risk and breached, each once, at the moment it truly happened, whoever looks and when."""

import frappe
import pytest
from frappe.desk.form import assign_to

from support_retainer import tickets
from support_retainer.tickets import escalation
from tests.factories import IssueFactory, outgoing_account

AGENT, LEAD = "handlaggare@example.com", "supportchef@example.com"


@pytest.fixture
def ticket(at, retainer):
	"""Registered Mon 2 Nov 10:00: assign by Tue 13:00 (at risk Tue 10:00), start by Mon 9 13:00 (at risk Fri 6 10:00)."""
	with at("2026-11-02 10:00"):
		return IssueFactory(customer=retainer.customer)


@pytest.fixture
def people():
	for email, role in ((AGENT, "Support Agent"), (LEAD, "Retainer Manager")):
		if not frappe.db.exists("User", email):
			frappe.get_doc(
				{
					"doctype": "User",
					"email": email,
					"first_name": email,
					"send_welcome_email": 0,
					"roles": [{"role": role}],
				}
			).insert()


def escalate(at, moment: str, ticket):
	with at(moment):
		found = tickets.escalate()
	ticket.reload()
	return found


def mails(ticket) -> list[tuple[str, list[str]]]:
	"""Subject and recipients of what went out about a ticket, in order."""
	found = []
	for row in frappe.get_all(
		"Communication",
		{"reference_name": ticket.name, "communication_type": "Automated Message"},
		["subject", "recipients"],
		order_by="creation",
	):
		found.append((row.subject, sorted(each.strip() for each in row.recipients.split(","))))
	return found


def test_at_risk_after_three_quarters_and_not_a_second_before(at, ticket):
	escalate(at, "2026-11-03 10:00", ticket)
	assert ticket.assign_at_risk_on is None
	escalate(at, "2026-11-03 10:04", ticket)
	assert (str(ticket.assign_at_risk_on), ticket.assign_status) == ("2026-11-03 10:00:00", "Pending")
	assert str(ticket.clock_due) == "2026-11-03 13:00:00"


def test_breached_when_the_limit_has_passed(at, ticket):
	escalate(at, "2026-11-03 13:00", ticket)
	assert ticket.assign_status == "Pending"
	escalate(at, "2026-11-03 13:05", ticket)
	assert (str(ticket.assign_breached_on), ticket.assign_status) == ("2026-11-03 13:00:00", "Breached")
	assert ticket.start_status == "Pending"
	assert str(ticket.clock_due) == "2026-11-06 10:00:00"


def test_an_outage_changes_nothing_but_when_it_is_told(at, ticket, people):
	escalate(at, "2026-11-10 09:00", ticket)
	stamped = [
		str(ticket.get(field))
		for field in ("assign_at_risk_on", "assign_breached_on", "start_at_risk_on", "start_breached_on")
	]
	assert stamped == [
		"2026-11-03 10:00:00",
		"2026-11-03 13:00:00",
		"2026-11-06 10:00:00",
		"2026-11-09 13:00:00",
	]
	assert (ticket.assign_status, ticket.start_status, ticket.clock_due) == ("Breached", "Breached", None)
	# one mail for both targets: that they were at risk too is no news any more
	assert len(mails(ticket)) == 1


def test_it_happens_once(at, ticket, people):
	assert escalate(at, "2026-11-03 13:05", ticket)["happened"] == 1
	assert escalate(at, "2026-11-03 13:05", ticket)["happened"] == 0
	assert escalate(at, "2026-11-03 13:10", ticket) == {"caught_up": 0, "due": 0, "happened": 0}
	assert len(mails(ticket)) == 1


def test_only_due_tickets_are_touched(at, ticket, retainer, monkeypatch):
	with at("2026-11-03 09:00"):
		new = {"customer": retainer.customer, "opening_date": "2026-11-03"}
		others = [IssueFactory(**new) for _ in range(3)]
		closed = IssueFactory(**new, status="Closed")
	assert [str(each.clock_due) for each in others] == ["2026-11-04 09:00:00"] * 3
	touched = []
	real = escalation._escalate
	monkeypatch.setattr(escalation, "_escalate", lambda *args: touched.append(args[1]) or real(*args))
	escalate(at, "2026-11-03 10:04", ticket)
	assert touched == [ticket.name]
	assert not {each.name for each in (*others, closed)} & set(touched)


def test_immediately_is_at_risk_and_breached_within_its_grace(at, retainer):
	with at("2026-11-05 15:50"):
		ticket = IssueFactory(customer=retainer.customer, priority="Urgent")
	escalate(at, "2026-11-05 16:04", ticket)
	assert (str(ticket.assign_at_risk_on), ticket.assign_status) == ("2026-11-05 16:01:15", "Pending")
	escalate(at, "2026-11-05 16:06", ticket)
	assert (str(ticket.start_breached_on), ticket.start_status) == ("2026-11-05 16:05:00", "Breached")


def test_who_is_told(at, ticket, people):
	outgoing_account()  # Frappe mails who is assigned, and fails on a site that has none
	# nobody has it: the support manager
	escalate(at, "2026-11-03 10:04", ticket)
	assert [LEAD in to and AGENT not in to for _, to in mails(ticket)] == [True]
	with at("2026-11-03 11:00"):
		assign_to.add({"doctype": "Issue", "name": ticket.name, "assign_to": [AGENT]})
	# somebody has it: them; and the support manager when the promise is broken
	escalate(at, "2026-11-06 10:04", ticket)
	escalate(at, "2026-11-09 13:04", ticket)
	(_, risk), (subject, breach) = mails(ticket)[1:]
	assert risk == [AGENT]
	assert {AGENT, LEAD} <= set(breach)
	assert subject.startswith("Breached: ") and ticket.name in subject


def test_in_swedish_on_a_swedish_site(at, ticket, people):
	frappe.db.set_single_value("System Settings", "language", "sv")
	escalate(at, "2026-11-03 13:05", ticket)
	mail = frappe.get_last_doc("Communication", {"reference_name": ticket.name})
	assert mail.subject.startswith("Missat löfte: ")
	assert "Skulle ha varit tilldelat senast" in mail.content


def test_a_site_may_switch_the_notification_off(at, ticket, people):
	notification = frappe.get_doc("Notification", "Ticket Breached")
	notification.enabled = 0
	notification.save()
	escalate(at, "2026-11-03 13:05", ticket)
	assert ticket.assign_status == "Breached"
	assert mails(ticket) == []


def test_a_broken_template_stops_nothing(at, ticket, people):
	frappe.db.set_value("Notification", "Ticket Breached", "message", "{{ doc.nothing.at.all }}")
	escalate(at, "2026-11-03 13:05", ticket)
	assert ticket.assign_status == "Breached"


def test_assigning_late_keeps_the_true_moment_of_the_breach(at, ticket):
	with at("2026-11-03 13:02"):  # before any run has seen it
		assign_to.add({"doctype": "Issue", "name": ticket.name, "assign_to": ["Administrator"]})
	ticket.reload()
	assert (ticket.assign_status, str(ticket.assign_breached_on)) == ("Breached", "2026-11-03 13:00:00")


def test_a_new_deadline_can_be_breached_anew(at, ticket):
	escalate(at, "2026-11-03 13:05", ticket)
	with at("2026-11-03 13:10"):
		doc = frappe.get_doc("Issue", ticket.name)
		doc.opening_date, doc.opening_time = "2026-11-03", "12:00:00"
		doc.save()
	ticket.reload()
	# 12 h from Tue 12:00: 5 h on Tuesday, 7 on Wednesday
	assert (ticket.assign_status, ticket.assign_breached_on) == ("Pending", None)
	assert str(ticket.assign_by) == "2026-11-04 15:00:00"
	escalate(at, "2026-11-04 15:01", ticket)
	assert str(ticket.assign_breached_on) == "2026-11-04 15:00:00"


def test_how_early_is_a_setting(at, retainer):
	settings = frappe.get_doc("Retainer Settings")
	settings.at_risk_percent = 50
	settings.save()
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
	# 6 of 12 h: Mon 16:00
	assert str(ticket.clock_due) == "2026-11-02 16:00:00"
