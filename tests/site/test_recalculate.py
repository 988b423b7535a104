"""Edited rules, office hours and holidays reach running tickets when staff ask for it, not before."""

import frappe
import pytest
from frappe.desk.form import assign_to

from support_retainer.tickets import recalculate
from tests.factories import IssueFactory, RetainerFactory
from tests.world import NO_HOLIDAYS


@pytest.fixture
def ticket(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory()
	with at("2026-11-02 10:00"):
		return IssueFactory(customer=retainer.customer)


def close_tuesday():
	holidays = frappe.get_doc("Holiday List", NO_HOLIDAYS)
	holidays.append("holidays", {"holiday_date": "2026-11-03", "description": "Stängt"})
	holidays.save()


def mine(found: dict, ticket) -> list[dict]:
	return [each for each in found["examples"] if each["ticket"] == ticket.name]


def test_nothing_moves_until_it_is_asked_for(at, ticket):
	with at("2026-11-02 11:00"):
		close_tuesday()
		doc = frappe.get_doc("Issue", ticket.name)
		doc.subject = "Annan rubrik"
		doc.save()
		assert str(doc.assign_by) == "2026-11-03 13:00:00"
		(change,) = mine(recalculate.preview(), ticket)
		assert change["assign_by"] == ["2026-11-03 13:00:00", "2026-11-04 13:00:00"]
		ticket.reload()
		assert str(ticket.assign_by) == "2026-11-03 13:00:00"
		assert recalculate.run() >= 1
		ticket.reload()
		assert str(ticket.assign_by) == "2026-11-04 13:00:00"
		assert mine(recalculate.preview(), ticket) == []
	(comment,) = frappe.get_all(
		"Comment", {"reference_name": ticket.name, "comment_type": "Info"}, pluck="content"
	)
	assert comment.startswith("Recalculated for changed rules")


def test_pauses_and_reached_targets_are_kept(at, ticket):
	with at("2026-11-02 11:00"):
		assign_to.add({"doctype": "Issue", "name": ticket.name, "assign_to": ["Administrator"]})
		doc = frappe.get_doc("Issue", ticket.name)
		doc.status = "On Hold"
		doc.save()
	with at("2026-11-02 13:00"):
		doc.reload()
		doc.status = "Open"
		doc.save()
		close_tuesday()
		recalculate.run()
	ticket.reload()
	assert (str(ticket.assign_by), ticket.assign_status) == ("2026-11-03 13:00:00", "Met")
	# Mon 9 13:00, two hours of pause and a day of nine hours later
	assert str(ticket.start_by) == "2026-11-10 15:00:00"


def test_an_edited_rule(at, ticket):
	with at("2026-11-02 11:00"):
		rule = frappe.get_doc("SLA Rule", "Normal, within budget")
		rule.update({"assign_from_hours": 1, "assign_within_hours": 2})
		rule.save()
		recalculate.run()
	ticket.reload()
	assert (str(ticket.assign_from), str(ticket.assign_by)) == ("2026-11-02 11:00:00", "2026-11-02 12:00:00")


def test_it_is_for_those_who_write_the_settings(ticket):
	frappe.set_user("Guest")
	for ask in (recalculate.preview, recalculate.start):
		with pytest.raises(frappe.PermissionError):
			ask()
