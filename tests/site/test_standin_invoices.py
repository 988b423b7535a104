"""What the app relies on in ERPNext's invoices. It holds on ERPNext; on the embedded site it holds the stand-in to it."""

from contextlib import contextmanager

import frappe
import pytest

from tests.factories import CustomerFactory, EmployeeFactory
from tests.site.test_standin_timesheets import BILLED, sheet
from tests.world import COMPANY


def item(unit="Hour"):
	code = frappe.generate_hash(length=8)
	group = frappe.db.get_value("Item Group", {"is_group": 0}, "name")
	values = {"item_code": code, "item_group": group, "stock_uom": unit, "is_stock_item": 0}
	return frappe.get_doc({"doctype": "Item", **values}).insert().name


def invoice(*rows, **values):
	"""An unsaved invoice of rows (quantity, rate), each of an item of its own."""
	rows = [{"item_code": item(), "qty": quantity, "rate": rate} for quantity, rate in rows]
	customer = values.pop("customer", None) or CustomerFactory().name
	values = {"company": COMPANY, "customer": customer, "items": rows, **values}
	doc = frappe.get_doc({"doctype": "Sales Invoice", **values})
	doc.set_missing_values()
	return doc


def credit_note(doc):
	from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

	return make_sales_return(doc.name)


@contextmanager
def precision(floats):
	"""Run with another float precision in System Settings."""
	settings = frappe.get_doc("System Settings")
	before = settings.float_precision
	_set_precision(floats)
	try:
		yield
	finally:
		_set_precision(before)


def _set_precision(floats):
	settings = frappe.get_doc("System Settings")
	settings.float_precision = floats
	settings.flags.ignore_mandatory = True
	settings.save()
	frappe.clear_cache()
	if hasattr(frappe.local, "system_settings"):
		del frappe.local.system_settings


def test_defaults_come_from_company_item_and_customer():
	doc = invoice((2, 500)).insert()
	company = frappe.get_doc("Company", COMPANY)
	row = doc.items[0]
	assert doc.debit_to == company.default_receivable_account
	assert row.income_account == company.default_income_account
	assert row.cost_center == company.cost_center
	assert (row.uom, row.conversion_factor, row.item_name) == ("Hour", 1, row.item_code)
	assert (doc.currency, doc.conversion_rate) == ("SEK", 1)
	assert doc.selling_price_list and doc.due_date
	assert doc.customer_name == frappe.db.get_value("Customer", doc.customer, "customer_name")


def test_an_items_own_income_account_comes_first_and_given_texts_stay():
	income = frappe.db.get_value(
		"Account", {"company": COMPANY, "root_type": "Income", "is_group": 0, "account_name": "Service"}
	)
	code = item()
	doc = frappe.get_doc("Item", code)
	doc.set("item_defaults", [{"company": COMPANY, "income_account": income, **_warehouse()}])
	doc.save()
	rows = [{"item_code": code, "qty": 1, "rate": 10, "description": "Ärende 7"}]
	doc = invoice(items=rows).insert()
	assert (doc.items[0].income_account, doc.items[0].description) == (income, "Ärende 7")


def _warehouse() -> dict[str, str]:
	"""A site with stock fills in its default warehouse, which may be another company's."""
	if not frappe.get_meta("Item Default").has_field("default_warehouse"):
		return {}
	return {"default_warehouse": frappe.db.get_value("Warehouse", {"company": COMPANY, "is_group": 0})}


@pytest.mark.parametrize(
	("floats", "quantity", "amount"), [("2", 0.81, 810.0), ("3", 0.813, 813.0), ("4", 0.8126, 812.6)]
)
def test_quantities_are_rounded_to_the_float_precision_before_they_are_multiplied(floats, quantity, amount):
	with precision(floats):
		doc = invoice((0.8126, 1000), (1, 0.006)).insert()
		assert (doc.items[0].qty, doc.items[0].amount) == (quantity, amount)
		assert doc.net_total == doc.grand_total == amount + doc.items[1].amount


def test_tax_is_rounded_once_for_the_whole_invoice():
	template = frappe.db.get_value(
		"Sales Taxes and Charges Template", {"company": COMPANY, "title": ["like", "%25%"]}
	)
	if not template:
		pytest.skip("this site has no template for 25 % value added tax")
	doc = invoice(
		(1, 10.01), (1, 10.01), (1, 10.01), taxes_and_charges=template, disable_rounded_total=1
	).insert()
	assert (doc.net_total, doc.total_taxes_and_charges, doc.grand_total) == (30.03, 7.51, 37.54)


def test_a_submitted_invoice_bills_its_timesheet_and_cancelling_frees_it():
	from erpnext.projects.doctype.timesheet.timesheet import make_sales_invoice

	times = sheet(("09:00", "10:00", BILLED))
	times.submit()
	doc = make_sales_invoice(times.name, item(), CustomerFactory().name, "SEK").insert()
	assert (doc.total_billing_hours, doc.total_billing_amount, doc.net_total) == (1, 1000, 1000)
	times.reload()
	assert (times.status, times.per_billed) == ("Submitted", 0)
	doc.submit()
	times.reload()
	assert (times.status, times.per_billed, times.time_logs[0].sales_invoice) == ("Billed", 100, doc.name)
	with pytest.raises(frappe.ValidationError):
		make_sales_invoice(times.name)
	doc.cancel()
	times.reload()
	assert (doc.status, times.status, times.per_billed) == ("Cancelled", "Submitted", 0)
	assert not times.time_logs[0].sales_invoice


def test_only_submitted_timesheets_are_billed():
	times = sheet(("09:00", "10:00", BILLED))
	row = {"time_sheet": times.name, "timesheet_detail": times.time_logs[0].name}
	with pytest.raises(frappe.ValidationError):
		invoice((1, 1000), timesheets=[row]).insert()


def test_offered_for_billing_is_what_is_billable_submitted_and_on_no_invoice():
	from erpnext.projects.doctype.timesheet.timesheet import get_projectwise_timesheet_data

	project = frappe.get_doc(
		{"doctype": "Project", "project_name": frappe.generate_hash(), "company": COMPANY}
	)
	project.insert()
	mine = {"project": project.name}
	employee = EmployeeFactory().name
	times = sheet(("09:00", "10:00", {**BILLED, **mine}), ("10:00", "11:00", mine), employee=employee)
	assert get_projectwise_timesheet_data(project.name) == []
	times.submit()
	rows = get_projectwise_timesheet_data(project.name)
	assert [row.name for row in rows] == [times.time_logs[0].name]
	assert [row.name for row in get_projectwise_timesheet_data(parent=times.name)] == [
		times.time_logs[0].name
	]
	assert get_projectwise_timesheet_data(project.name, None, "2026-11-03", "2026-11-30") == []
	frappe.db.set_value("Timesheet Detail", times.time_logs[0].name, "sales_invoice", "somewhere")
	assert get_projectwise_timesheet_data(project.name) == []


def test_with_a_project_only_the_named_row_is_billed():
	customer = CustomerFactory().name
	values = {"project_name": frappe.generate_hash(), "company": COMPANY, "customer": customer}
	project = frappe.get_doc({"doctype": "Project", **values}).insert()
	mine = {**BILLED, "project": project.name}
	times = sheet(("09:00", "10:00", mine), ("10:00", "11:00", mine))
	times.submit()
	log = times.time_logs[0]
	row = {"time_sheet": times.name, "timesheet_detail": log.name, "billing_hours": 1, "billing_amount": 1000}
	doc = invoice((1, 1000), customer=customer, project=project.name, timesheets=[row]).insert()
	doc.submit()
	times.reload()
	assert [log.sales_invoice for log in times.time_logs] == [doc.name, None]
	assert (times.status, times.per_billed) == ("Submitted", 50)
	project.reload()
	assert project.total_billed_amount == 1000


def test_a_credit_note_takes_back_what_is_left_and_frees_no_timesheet():
	from erpnext.projects.doctype.timesheet.timesheet import make_sales_invoice

	times = sheet(("09:00", "10:00", BILLED))
	times.submit()
	doc = make_sales_invoice(times.name, item(), CustomerFactory().name, "SEK").insert()
	doc.submit()
	note = credit_note(doc).insert()
	assert (note.is_return, note.items[0].qty, note.grand_total, note.timesheets) == (1, -1, -1000, [])
	note.submit()
	times.reload()
	assert (note.status, times.status) == ("Return", "Billed")
	with pytest.raises(frappe.ValidationError):
		credit_note(doc).insert()


def test_a_credit_note_that_settles_its_invoice_leaves_nothing_outstanding():
	doc = invoice((1, 1000)).insert()
	doc.submit()
	note = credit_note(doc)
	note.update_outstanding_for_self = 0
	note.insert().submit()
	doc.reload()
	assert (doc.outstanding_amount, doc.status) == (0, "Credit Note Issued")


def test_quantities_below_zero_are_for_credit_notes():
	with pytest.raises(frappe.ValidationError):
		invoice((2, 100), (-1, 100)).insert().submit()


def test_rates_below_zero_are_refused():
	with pytest.raises(frappe.ValidationError):
		invoice((2, 100), (1, -100)).insert().submit()


def test_the_posting_date_is_today_unless_set(at):
	with at("2026-11-20 10:00"):
		doc = invoice((1, 1))
		doc.posting_date = "2026-10-01"
		assert str(doc.insert().posting_date) == "2026-11-20"
		doc = invoice((1, 1), posting_date="2026-10-01", set_posting_time=1).insert()
		assert (str(doc.posting_date), str(doc.due_date)) == ("2026-10-01", "2026-10-01")
		doc.submit()
		assert doc.status == "Overdue"


def test_the_first_invoice_is_in_the_currency_of_the_customers_account():
	_rate("EUR", "SEK", 11.5)
	with pytest.raises(frappe.ValidationError):
		invoice((1, 100), currency="EUR").insert()
	parent = frappe.db.get_value(
		"Account", frappe.db.get_value("Company", COMPANY, "default_receivable_account"), "parent_account"
	)
	values = {"account_name": frappe.generate_hash(length=6), "parent_account": parent, "company": COMPANY}
	values |= {"account_type": "Receivable", "account_currency": "EUR"}
	account = frappe.get_doc({"doctype": "Account", **values}).insert()
	customer = CustomerFactory(
		default_currency="EUR", accounts=[{"company": COMPANY, "account": account.name}]
	).name
	doc = invoice((1, 100), customer=customer, currency="EUR").insert()
	assert (doc.debit_to, doc.conversion_rate, doc.base_grand_total) == (account.name, 11.5, 1150)
	doc.submit()
	assert doc.outstanding_amount == 100


def _rate(source, target, rate):
	frappe.db.set_value("Currency", source, "enabled", 1)
	values = {"date": "2020-01-01", "from_currency": source, "to_currency": target, "exchange_rate": rate}
	frappe.get_doc({"doctype": "Currency Exchange", **values}).insert()
