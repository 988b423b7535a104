"""A retainer's status is a small machine, and its figures are such as contracts have."""

from __future__ import annotations

import frappe
import pytest

from tests.factories import IssueFactory, RetainerFactory, book

pytestmark = pytest.mark.usefixtures("now")


def move(retainer, **values):
	doc = frappe.get_doc("Retainer", retainer.name)
	doc.update(values)
	return doc.save()


def booked():
	retainer = RetainerFactory()
	book(IssueFactory(customer=retainer.customer), ("2026-11-03 09:00", "2026-11-03 10:00"))
	return retainer


@pytest.mark.parametrize(
	("steps", "refused"),
	[
		(["Draft", "Active", "Paused", "Active"], None),
		(["Draft", "Active", "Draft"], None),  # activated by mistake, nothing has happened
		(["Draft", "Paused"], "has not begun"),
		(["Draft", "Ended"], "has not begun"),
		(["Active", "Paused", "Draft"], "Activate it first"),
		(["Active", "Ended", "Active"], None),
		(["Active", "Ended", "Paused"], "has ended"),
		(["Active", "Ended", "Draft"], "has ended"),
		(["Active", "Paused", "Ended"], None),
	],
)
def test_which_moves_there_are(steps, refused):
	retainer = RetainerFactory(status=steps[0])
	for number, status in enumerate(steps[1:], 2):
		end = "2026-11-19" if status == "Ended" else None
		if refused and number == len(steps):
			with pytest.raises(frappe.ValidationError, match=refused):
				move(retainer, status=status, end_date=end)
		else:
			assert move(retainer, status=status, end_date=end).status == status


def test_a_retainer_with_a_ledger_is_a_draft_no_more():
	retainer = booked()
	with pytest.raises(frappe.ValidationError, match="has a ledger"):
		move(retainer, status="Draft")
	assert frappe.db.get_value("Retainer", retainer.name, "status") == "Active"


def test_an_end_that_lies_ahead_comes_by_itself():
	retainer = RetainerFactory()
	with pytest.raises(frappe.ValidationError, match="becomes Ended by itself"):
		move(retainer, status="Ended", end_date="2026-12-31")
	assert move(retainer, end_date="2026-12-31").status == "Active"


def test_what_has_ended_goes_on_only_with_a_later_end():
	retainer = RetainerFactory()
	move(retainer, status="Ended", end_date="2026-11-19")
	with pytest.raises(frappe.ValidationError, match="later end date or none"):
		move(retainer, status="Active")
	assert move(retainer, status="Active", end_date=None).status == "Active"


@pytest.mark.parametrize(
	"step", [{"status": "Paused"}, {"status": "Ended", "end_date": "2026-11-19"}, {"end_date": "2026-12-31"}]
)
def test_a_contract_can_always_be_ended_or_paused(step):
	"""Whatever became of its project, cost center, figures, settings or customer since it was agreed."""
	retainer = RetainerFactory(project=_project())
	frappe.db.set_value("Project", retainer.project, "customer", RetainerFactory().customer)
	frappe.clear_document_cache("Project", retainer.project)
	frappe.db.set_value(
		"Retainer", retainer.name, {"project_management_percent": 100_000, "hours_per_period": 0}
	)
	frappe.db.set_value("Customer", retainer.customer, "disabled", 1)
	frappe.db.set_single_value("Retainer Settings", "holiday_list", None)
	frappe.clear_document_cache("Retainer Settings", "Retainer Settings")
	assert move(retainer, **step)


@pytest.mark.parametrize(
	("values", "said"),
	[
		({"hourly_rate": 0.001}, "from 0.01"),
		({"hourly_rate": 2_000_000}, "from 0.01"),
		({"hourly_rate": 1000.12345}, "at most 4 decimals"),
		({"hourly_rate": 1e15}, "must be a number"),
		({"hourly_rate": float("nan")}, "must be a number"),
		({"hours_per_period": 1_000_000_000}, "from 0 to"),
		({"hours_per_period": float("inf")}, "must be a number"),
		({"project_management_percent": 100_000}, "from 0 to 100"),
		({"increment_minutes": 100_000}, "from 1 to 480"),
		({"retainer_fee": 1e12, "fee_billing": "In Advance"}, "from 0 to"),
		({"carry_over": "Periods", "carry_over_periods": 100_000}, "from 0 to 120"),
		({"estimate_threshold_hours": 1e9}, "from 0 to"),
		({"start_date": "0026-11-01"}, "Check the year"),
		({"end_date": "9999-12-31"}, "Check the year"),
	],
)
def test_figures_that_no_contract_has(values, said):
	before = frappe.db.count("Retainer")
	with pytest.raises(frappe.ValidationError, match=said):
		RetainerFactory(**values)
	assert frappe.db.count("Retainer") == before


@pytest.mark.parametrize(
	("field", "value"),
	[
		("project_management_percent", 100_000),
		("increment_minutes", 5000),
		("close_after_days", -3),
		("postal_invoice_fee", 1e9),
	],
)
def test_figures_that_no_settings_have(field, value):
	settings = frappe.get_doc("Retainer Settings")
	settings.set(field, value)
	with pytest.raises(frappe.ValidationError, match="Give a number from"):
		settings.save()


def test_a_surcharge_that_no_rule_has():
	rule = frappe.get_doc("SLA Rule", frappe.db.get_value("SLA Rule", {"urgency": "Urgent"}, "name"))
	rule.surcharge_percent = 75_000
	with pytest.raises(frappe.ValidationError, match="from 0 to 1"):
		rule.save()


def _project() -> str:
	return frappe.get_doc({"doctype": "Project", "project_name": "Butiken"}).insert().name
