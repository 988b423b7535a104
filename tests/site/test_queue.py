"""First available slot: a place and a forecast; and the promise before there is a ticket."""

import frappe
import pytest

from support_retainer import clock, tickets
from support_retainer.tickets import form, promises
from tests.factories import CustomerFactory, IssueFactory, RetainerFactory, book


@pytest.fixture(autouse=True)
def alone():
	"""A site may have tickets of its own; these tests are about the order of all there are."""
	frappe.db.set_value("Issue", {"status": "Open"}, "status", "Closed", update_modified=False)


@pytest.fixture
def without(at):
	"""A retainer without a time bank: every normal ticket stands in the queue."""
	with at("2026-11-01 08:00"):
		return RetainerFactory(mode="Without Timebank")


@pytest.fixture
def capacity():
	settings = frappe.get_doc("Retainer Settings")
	settings.update({"team_capacity_hours": 6, "assumed_ticket_hours": 2})
	settings.save()


def in_queue() -> list[tuple[str, str]]:
	return [(place.name, str(clock.to_site(place.starts))[5:16]) for place in tickets.queue()]


def test_place_and_forecast_along_the_calendar(at, without, capacity):
	with at("2026-11-02 08:00"):
		first = IssueFactory(customer=without.customer, expected_hours=4)
		second = IssueFactory(customer=without.customer)
		third = IssueFactory(customer=without.customer, expected_hours=1)
		# 6 h of work in a day of 9 h: 4 h are done at 14:00, 6 h at Tuesday's opening
		assert in_queue() == [
			(first.name, "11-02 08:00"),
			(second.name, "11-02 14:00"),
			(third.name, "11-03 08:00"),
		]
		info = form.clock_info("Issue", second.name)
	assert (info["place"], str(info["forecast"])) == (2, "2026-11-02 14:00:00")


def test_promised_and_urgent_tickets_push_the_queue(at, without, capacity):
	with at("2026-11-02 08:00"):
		queued = IssueFactory(customer=without.customer)
		assert in_queue() == [(queued.name, "11-02 08:00")]
		IssueFactory(customer=without.customer, priority="Urgent", expected_hours=4)
		assert in_queue() == [(queued.name, "11-02 14:00")]


def test_paused_and_closed_tickets_stand_aside(at, without, capacity):
	with at("2026-11-02 08:00"):
		IssueFactory(customer=without.customer, status="On Hold")
		IssueFactory(customer=without.customer, status="Closed")
		queued = IssueFactory(customer=without.customer)
		assert in_queue() == [(queued.name, "11-02 08:00")]
		assert tickets.place_of(queued.name).place == 1


def test_work_that_is_done_is_no_longer_ahead(at, without, capacity):
	without.db_set("estimate_threshold_hours", 8)  # 4 h begin without an estimate
	with at("2026-11-02 08:00"):
		first = IssueFactory(customer=without.customer, expected_hours=4)
		second = IssueFactory(customer=without.customer)
		book(first, ("2026-11-02 06:00", "2026-11-02 08:00"))
		# it has begun, so it is out of the queue, and 2 of its 4 h are left
		assert in_queue() == [(second.name, "11-02 11:00")]


def test_the_promise_before_the_ticket(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory()
	with at("2026-11-02 10:00"):
		normal = tickets.offer(retainer.customer, "Normal")
		urgent = tickets.offer(retainer.customer, "Urgent", "2026-11-07 14:00")
		too_big = tickets.offer(retainer.customer, "Normal", expected_hours=11)
	assert (normal.rule, str(normal.assign_by), str(normal.start_by)) == (
		"Normal, within budget",
		"2026-11-03 13:00:00",
		"2026-11-09 13:00:00",
	)
	# a quarter of 1 000 kr/h; the bank covers it
	assert (normal.price, normal.to_pay, normal.increment_minutes) == (250, 0, 15)
	assert (str(urgent.assign_from), str(urgent.assign_by), str(urgent.start_by)) == (
		"2026-11-07 15:00:00",
		"2026-11-07 16:00:00",
		"2026-11-07 18:00:00",
	)
	# 250 + 150 %; the surcharge alone is paid
	assert (urgent.price, urgent.to_pay, urgent.surcharge_percent) == (625, 375, 150)
	assert (too_big.queued, too_big.place, too_big.to_pay, str(too_big.forecast)) == (
		True,
		1,
		250,
		"2026-11-02 10:00:00",
	)


def test_it_writes_nothing(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory()
	with at("2027-01-04 10:00"):
		before = frappe.db.count("Timebank Period")
		tickets.offer(retainer.customer, "Normal")
		assert frappe.db.count("Timebank Period") == before


def test_who_may_ask(at):
	with at("2026-11-02 10:00"):
		retainer = RetainerFactory()
		other = RetainerFactory()
		user = frappe.get_doc(
			{
				"doctype": "User",
				"email": "kund@fjall.example",
				"first_name": "Kund",
				"user_type": "Website User",
				"send_welcome_email": 0,
			}
		).insert()
		# Frappe makes a contact of each user
		contact = frappe.get_doc("Contact", {"user": user.name})
		contact.append("links", {"link_doctype": "Customer", "link_name": retainer.customer})
		contact.save()
		frappe.set_user(user.name)
		found = promises.preview_promise(retainer.customer, "Urgent")
		assert (found["rule"], found["to_pay"]) == ("Urgent, office hours", 187.5)
		for foreign in (other.customer, "Ingen"):
			with pytest.raises(frappe.PermissionError):
				promises.preview_promise(foreign, "Urgent")
		with pytest.raises(frappe.ValidationError, match="Normal, Urgent"):
			promises.preview_promise(retainer.customer, "Whenever")
		frappe.set_user("Guest")
		with pytest.raises(frappe.PermissionError):
			promises.preview_promise(retainer.customer)


def test_no_retainer_no_promise(at):
	with at("2026-11-02 10:00"):
		assert tickets.offer(CustomerFactory().name, "Normal") is None
