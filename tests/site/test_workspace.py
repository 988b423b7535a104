"""The workspace: its cards and charts count what their reader may see, and its records come and go with the app."""

import frappe
import pytest
from frappe.desk.form import assign_to

from support_retainer import tickets
from support_retainer.desk import charts, figures
from tests.factories import (
	CustomerFactory,
	EmployeeFactory,
	IssueFactory,
	RetainerFactory,
	book,
	urgent_issue,
)

CARDS = {
	"Urgent Tickets Open": figures.urgent_open,
	"Tickets at Risk": figures.at_risk,
	"Tickets Breached Today": figures.breached_today,
	"Time Banks Nearly Empty": figures.nearly_empty,
	"Support Held for Approval": figures.held,
	"Support to Invoice": figures.to_invoice,
}


def value(card) -> float:
	return card()["value"]


def user(*roles: str) -> str:
	name = f"{'-'.join(map(frappe.scrub, roles)) or 'nobody'}@example.com"
	frappe.get_doc(
		{
			"doctype": "User",
			"email": name,
			"first_name": "U",
			"send_welcome_email": 0,
			"roles": [{"role": role} for role in roles],
		}
	).insert()
	return name


def test_urgent_tickets_are_counted_while_they_are_open(at, retainer):
	with at("2026-11-02 10:00"):
		before = value(figures.urgent_open)
		ticket = urgent_issue(customer=retainer.customer)
		IssueFactory(customer=retainer.customer)
		urgent_issue(customer=CustomerFactory().name)  # of no retainer
		assert value(figures.urgent_open) == before + 1
		assert ticket.name in figures.urgent_open()["route_options"]["name"][1]
		ticket.status = "Closed"
		ticket.save()
		assert value(figures.urgent_open) == before


def test_at_risk_and_breached_today(at, retainer):
	with at("2026-11-02 10:00"):
		risk, breached = value(figures.at_risk), value(figures.breached_today)
		ticket = IssueFactory(customer=retainer.customer)  # at risk Tue 10:00, breached Tue 13:00
	with at("2026-11-03 11:00"):
		tickets.escalate()
		assert (value(figures.at_risk), value(figures.breached_today)) == (risk + 1, breached)
	with at("2026-11-03 14:00"):
		tickets.escalate()
		assert (value(figures.at_risk), value(figures.breached_today)) == (risk, breached + 1)
		assert ticket.name in figures.breached_today()["route_options"]["name"][1]
	with at("2026-11-04 08:00"):
		assert ticket.name not in figures.breached_today()["route_options"]["name"][1]


def test_a_ticket_somebody_took_is_at_risk_no_more(at, retainer):
	with at("2026-11-02 10:00"):
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-03 11:00"):
		tickets.escalate()
		assign_to.add({"doctype": "Issue", "name": ticket.name, "assign_to": ["Administrator"]})
		assert ticket.name not in figures.at_risk()["route_options"]["name"][1]


def test_a_bank_under_a_fifth_is_nearly_empty(at, retainer):
	with at("2026-11-03 12:00"):
		ticket = IssueFactory(customer=retainer.customer)
		# 6:24 started quarters are 6:30, with 25 % 8:07:30: 1:52:30 of 10:00 is left
		book(ticket, ("2026-11-02 08:00", "2026-11-02 14:15"))
		assert (
			retainer.name not in figures.nearly_empty()["route_options"]["name"][1]
		)  # 6:15 + 1:33:45: 2:11:15 left
		book(ticket, ("2026-11-02 14:30", "2026-11-02 14:45"))  # 0:18:45 more: 1:52:30
		assert retainer.name in figures.nearly_empty()["route_options"]["name"][1]


def test_held_hours_and_money_to_invoice(at):
	with at("2026-11-01 08:00"):
		asks = RetainerFactory(overage_policy="Ask First", hours_per_period=1)
		without = RetainerFactory(mode="Without Timebank", hours_per_period=0, hourly_rate=1200)
	with at("2026-11-02 12:00"):
		held, money = value(figures.held), value(figures.to_invoice)
		book(IssueFactory(customer=asks.customer), ("2026-11-02 10:00", "2026-11-02 12:00"))
		book(IssueFactory(customer=without.customer), ("2026-11-02 10:00", "2026-11-02 11:00"))
		# 2:00 and 0:30 project management, 1:00 of it covered; 1:00 and 0:15 at 1 200
		assert value(figures.held) == held + 1.5
		assert value(figures.to_invoice) == money + 1500


def test_an_agent_reads_hours_to_invoice_and_no_money(at):
	with at("2026-11-01 08:00"):
		without = RetainerFactory(mode="Without Timebank", hours_per_period=0, hourly_rate=1200)
	with at("2026-11-02 12:00"):
		frappe.db.delete("Timebank Entry", {"retainer": ("!=", without.name)})
		book(IssueFactory(customer=without.customer), ("2026-11-02 10:00", "2026-11-02 11:00"))
		frappe.set_user(user("Support Agent"))
		# 1:00 and 0:15 project management
		assert figures.to_invoice() == "1:15 h"


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_who_may_see_nothing_counts_nothing(at, retainer, card):
	with at("2026-11-02 12:00"):
		book(urgent_issue(customer=retainer.customer), ("2026-11-02 10:00", "2026-11-02 11:00"))
		frappe.set_user(user())
		assert value(card) == 0


def test_a_reader_kept_to_one_customer_counts_that_one(at, retainer):
	with at("2026-11-02 12:00"):
		other = RetainerFactory()
		for each in (retainer, other):
			urgent_issue(customer=each.customer)
		name = user("Support Agent", "Support Team")
		frappe.get_doc(
			{"doctype": "User Permission", "user": name, "allow": "Customer", "for_value": other.customer}
		).insert()
		frappe.set_user(name)
		assert value(figures.urgent_open) == 1
		assert [row.name for row in figures.retainers()] == [other.name]


def test_time_by_category(at, retainer):
	with at("2026-11-02 12:00"):
		before = dict(zip(*_series(charts.time_by_category()), strict=True))
		ticket = IssueFactory(customer=retainer.customer)
		sheet = book(ticket, ("2026-11-02 09:00", "2026-11-02 10:00"), submit=False)
		sheet.time_logs[0].activity_type = "Design"
		sheet.save()
		sheet.submit()
		book(ticket, ("2026-11-02 10:00", "2026-11-02 11:00"))  # Execution, which has no category
		found = dict(zip(*_series(charts.time_by_category()), strict=True))
	added = {name: round(hours - before.get(name, 0), 2) for name, hours in found.items()}
	assert {name: hours for name, hours in added.items() if hours} == {
		"Design": 1,
		"Other": 1,
		"Project Management": 0.5,
	}


def test_promises_by_the_week_the_ticket_came_in(at, retainer):
	frappe.db.set_single_value("System Settings", "first_day_of_the_week", "Monday")
	frappe.clear_cache()
	with at("2026-11-02 09:00"):
		kept, late = (IssueFactory(customer=retainer.customer) for _ in range(2))
		book(kept, ("2026-11-02 09:00", "2026-11-02 09:15"))
	with at("2026-11-10 09:00"):
		tickets.escalate()
		chart = charts.promises_by_week()
	assert len(chart["labels"]) == 8
	assert chart["labels"][-2] == "w45"
	met, breached = (row["values"][-2] for row in chart["datasets"])
	assert met >= 1 and breached >= 1
	assert late.name


def test_drawn_against_given(at, retainer):
	with at("2026-11-02 12:00"):
		book(IssueFactory(customer=retainer.customer), ("2026-11-02 08:00", "2026-11-02 12:00"))
		chart = charts.drawn_against_allotted()
	place = chart["labels"].index(retainer.customer_name or retainer.customer)
	# 4:00 and 1:00 project management, of 10:00
	assert [row["values"][place] for row in chart["datasets"]] == [10, 5]


def test_charts_draw_nothing_for_who_may_see_nothing(at, retainer):
	with at("2026-11-02 12:00"):
		book(
			IssueFactory(customer=retainer.customer),
			("2026-11-02 08:00", "2026-11-02 12:00"),
			employee=EmployeeFactory().name,
		)
		frappe.set_user(user())
		for chart in (charts.time_by_category, charts.promises_by_week, charts.drawn_against_allotted):
			assert chart() is None


def test_the_workspace_names_records_that_are_there():
	workspace = frappe.get_doc("Workspace", "Support Retainer")
	for row in workspace.number_cards:
		card = frappe.get_doc("Number Card", row.number_card_name)
		assert frappe.get_attr(card.method) in CARDS.values()
	for row in workspace.charts:
		source = frappe.get_doc("Dashboard Chart", row.chart_name).source
		assert frappe.db.exists("Dashboard Chart Source", source)
	for link in workspace.links:
		assert link.type == "Card Break" or frappe.db.exists(link.link_type, link.link_to), link.link_to
	for step in frappe.get_doc("Module Onboarding", "Support Retainer").get_steps():
		assert step.action != "Create Entry" or frappe.db.exists("DocType", step.reference_document)


@pytest.mark.parametrize("role", ["Support Agent", "Retainer Manager", "Accounts User"])
def test_each_role_may_see_its_cards_and_charts(role):
	frappe.set_user(user(role, "Desk User") if frappe.db.exists("Role", "Desk User") else user(role))
	for name in ("Time Banks Nearly Empty", "Support Held for Approval", "Support to Invoice"):
		assert frappe.get_doc("Number Card", name).has_permission("read")
	for row in frappe.get_all("Dashboard Chart", {"module": "Support Retainer"}, pluck="name"):
		# accounts roles read no tickets: promises would be an empty chart to them
		of_tickets = row == "Support Promises by Week"
		seen = bool(frappe.get_doc("Dashboard Chart", row).has_permission("read"))
		assert seen == (not of_tickets or role != "Accounts User"), row


def _series(chart: dict | None) -> tuple[list, list]:
	return (chart["labels"], chart["datasets"][0]["values"]) if chart else ([], [])
