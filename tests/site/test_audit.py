"""The audit finds what is wrong, and says it with names."""

import frappe
import pytest

from support_retainer import billing
from tests.factories import IssueFactory, RetainerFactory, book


@pytest.fixture
def world(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(hours_per_period=1)
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-03 12:00"):
		sheet = book(ticket, ("2026-11-03 09:00", "2026-11-03 11:00"))
		(name,) = frappe.get_all("Sales Invoice", {"retainer": retainer.name}, pluck="name")
		frappe.get_doc("Sales Invoice", name).submit()
		assert not billing.audit()
		yield retainer, sheet, name


def _entry(retainer, **filters):
	return frappe.db.get_value("Timebank Entry", {"retainer": retainer.name, **filters}, "name")


DAMAGE = {
	"a draw that grew": ({"entry_type": "Draw"}, {"seconds": -9999, "drawn": 9999}, "more was drawn"),
	"a draw on a day its lot is not valid": (
		{"entry_type": "Draw"},
		{"occurred_on": "2026-12-05"},
		"not valid",
	),
	"a lot without a mint": ({"entry_type": "Draw"}, {"lot": "ingenting"}, "no entry that made"),
	"an amount that shrank": ({"entry_type": "Overage"}, {"amount": 1}, "its entries"),
	"an amount without a status": ({"entry_type": "Overage"}, {"billing_status": ""}, "no billing status"),
	"a reversal that is not there": ({"entry_type": "Draw"}, {"is_reversed": 1}, "without a reversal"),
	"worked time that vanished": (
		{"entry_type": "Overage", "component": "Work"},
		{"worked": 0},
		"worked 2:00",
	),
	"an invoice that does not exist": ({"entry_type": "Overage"}, {"sales_invoice": "BORTA"}, "not there"),
	"held and invoiced": ({"entry_type": "Overage"}, {"billing_status": "Held"}, "not to be billed"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_to_the_ledger_is_found(world, name):
	retainer, _sheet, _invoice = world
	filters, values, said = DAMAGE[name]
	frappe.db.set_value("Timebank Entry", _entry(retainer, **filters), values)
	findings = [str(finding) for finding in billing.audit(retainer.name)]
	assert any(said in finding for finding in findings), findings
	assert all(finding.startswith(retainer.name) for finding in findings)


def test_a_period_whose_sums_are_wrong_is_found(world):
	retainer, _sheet, _invoice = world
	frappe.db.set_value("Timebank Period", {"retainer": retainer.name}, "drawn", 1)
	assert any("its entries 1:00" in str(finding) for finding in billing.audit())


def test_a_count_of_entries_is_said_as_a_number(world):
	retainer, _sheet, _invoice = world
	frappe.db.set_value("Timebank Period", {"retainer": retainer.name}, "entries", 7)
	# the allotment; work and project management from the bank; the same two beyond it
	assert any("says 7, its entries 5" in str(finding) for finding in billing.audit())


def test_a_gap_between_periods_is_found(world, at):
	retainer, _sheet, _invoice = world
	with at("2026-12-10 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
	frappe.db.set_value("Timebank Period", f"{retainer.name}-2026-12-01", "from_date", "2026-12-05")
	assert any("gap" in str(finding) for finding in billing.audit())


def test_a_timesheet_row_that_bills_something_else_is_found(world):
	_retainer, sheet, _invoice = world
	frappe.db.set_value("Timesheet Detail", sheet.time_logs[0].name, "billing_amount", 5)
	assert any(sheet.name in str(finding) for finding in billing.audit())


def test_an_invoice_line_that_changed_is_found(world):
	_retainer, _sheet, invoice = world
	row = frappe.db.get_value("Sales Invoice Item", {"parent": invoice, "timebank_line": 1}, "name")
	frappe.db.set_value("Sales Invoice Item", row, "amount", 5)
	assert any(invoice in str(finding) for finding in billing.audit())


def test_the_report_says_what_is_wrong_and_how_much(world, capsys):
	retainer, _sheet, _invoice = world
	assert billing.report_audit() == 0
	assert "0 errors" in capsys.readouterr().out
	frappe.db.set_value("Timebank Entry", _entry(retainer, entry_type="Overage"), "billing_status", "Held")
	assert billing.report_audit(retainer.name) > 0


def test_a_retainer_that_is_not_there_is_not_called_sound():
	with pytest.raises(frappe.DoesNotExistError, match="There is no Retainer RET-99999"):
		billing.report_audit("RET-99999")


def test_the_weekly_audit_tells_the_managers(world):
	retainer, _sheet, _invoice = world
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": "avtalsansvarig@example.com",
			"first_name": "Avtalsansvarig",
			"send_welcome_email": 0,
			"roles": [{"role": "Retainer Manager"}],
		}
	).insert()
	billing.weekly_audit()
	assert not frappe.db.exists("Notification Log", {"for_user": user.name})
	frappe.db.set_value("Timebank Entry", _entry(retainer, entry_type="Overage"), "billing_status", "Held")
	billing.weekly_audit()
	assert frappe.db.exists("Notification Log", {"for_user": user.name, "document_type": "Error Log"})
