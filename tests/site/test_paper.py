"""Period Statement and Invoice Specification: the story's month on paper, worked out by hand."""

import json
import re
from decimal import Decimal

import frappe
import pytest

from support_retainer import billing, paper, timebank
from tests import kinds
from tests.factories import (
	CustomerFactory,
	EmployeeFactory,
	IssueFactory,
	RetainerFactory,
	book,
	outgoing_account,
)
from tests.site.test_story import MONTH, hms


@pytest.fixture
def retainer(at):
	with at("2026-11-01 08:00"):
		customer = CustomerFactory(customer_name="Fjällbutiken AB (på papper)", language="sv")
		return RetainerFactory(customer=customer.name, retainer_fee=10000, fee_billing="In Advance")


@pytest.fixture
def month(at, retainer):
	"""The story's month, with the fee of 10 000 in advance."""
	employee = EmployeeFactory().name
	for start, end, urgent, *_figures in MONTH:
		with at(start):
			ticket = IssueFactory(
				customer=retainer.customer, subject="Å & ö", priority="Urgent" if urgent else None
			)
		with at(end):
			book(ticket, (start, end), employee=employee)
	return frappe.get_all("Timebank Period", {"retainer": retainer.name}, pluck="name")[0]


def test_the_statement_adds_up_to_the_period(month):
	found = paper.statement(month)
	assert [(step.kind, step.seconds) for step in found.given] == [("Allotment", hms(10))]
	# 1:15 + 4:03:45 + 0:37:30 + 1:33:45 + 2:30 drawn, 1:15 beyond
	assert (found.available, found.drawn, found.balance, found.overage) == (hms(10), hms(10), 0, hms(1, 15))
	period = frappe.get_doc("Timebank Period", month)
	assert (period.balance, period.drawn, period.overage) == (found.balance, found.drawn, found.overage)


def test_what_the_month_costs(month):
	found = paper.statement(month)
	costs = [(cost.kind, int(cost.percent), cost.seconds, cost.amount) for cost in found.costs]
	assert costs == [
		("Fee", 0, 0, Decimal(10000)),
		("Work", 0, hms(1), Decimal(1000)),
		("Project Management", 0, hms(0, 15), Decimal(250)),
		("Surcharge", 75, hms(0, 15), Decimal("187.5")),
		("Surcharge", 150, hms(1, 30), Decimal("2250")),  # 0:15 of Thursday and 1:15 of Saturday
	]
	assert found.total == Decimal("13687.5")


def test_each_ticket_with_its_charges(month):
	last = paper.statement(month).tickets[-1]
	assert last.subject == "Å & ö"
	(charge,) = last.charges
	assert (charge.worked, charge.charged, charge.management) == (hms(3), hms(3), hms(0, 45))
	assert (charge.drawn, charge.overage, charge.amount) == (hms(2, 30), hms(1, 15), Decimal(1250))
	assert len(charge.derivation) >= 5


def test_time_by_category_against_the_guideline(at, retainer):
	with at("2026-11-02 09:00"):
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-03 12:00"):
		sheet = book(
			ticket,
			("2026-11-03 08:00", "2026-11-03 10:00"),
			("2026-11-03 10:00", "2026-11-03 11:00"),
			submit=False,
		)
		sheet.time_logs[0].activity_type = "Development"
		sheet.time_logs[1].activity_type = "Design"
		sheet.submit()
	shares = paper.statement(_period(retainer)).categories
	# 2:00 and 1:00 of work with 0:30 and 0:15 of project management: 120/225, 45/225, 60/225
	assert [(share.category, share.seconds, share.percent, share.guideline) for share in shares] == [
		("Development", hms(2), 53.3, 55),
		("Project Management", hms(0, 45), 20.0, 20),
		("Optimization", 0, 0.0, 15),
		("Design", hms(1), 26.7, 10),
	]


def test_what_was_taken_back_within_the_period_is_not_shown(at, retainer, month):
	drawn = {"retainer": retainer.name, "ticket": ("is", "set"), "timesheet": ("is", "set")}
	last = frappe.get_all("Timebank Entry", drawn, pluck="timesheet", order_by="occurred_on desc", limit=1)[0]
	sheet = frappe.get_doc("Timesheet", last)  # of the 16th; the site may have others of that day
	with at("2026-11-17 09:00"):
		sheet.cancel()
	found = paper.statement(month)
	assert len(found.tickets) == 4
	assert (found.drawn, found.balance, found.overage) == (hms(7, 30), hms(2, 30), 0)


def test_what_is_taken_back_after_the_close_stands_on_both_statements(at, retainer):
	with at("2026-11-02 09:00"):
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-03 09:00"):
		sheet = book(ticket, ("2026-11-03 08:00", "2026-11-03 09:00"))  # 1:15 drawn
	november = _period(retainer)
	with at("2026-12-10 09:00"):
		billing.close_retainer(retainer.name)
		sheet.reload()
		sheet.cancel()
		december = _period(retainer, "2026-12-01")
	then, now = paper.statement(november), paper.statement(december)
	assert (then.drawn, then.balance) == (hms(1, 15), 0)
	assert [(step.kind, step.seconds) for step in then.gone] == [("Expiry", -hms(8, 45))]
	assert now.drawn == -hms(1, 15)
	assert now.balance == frappe.db.get_value("Timebank Period", december, "balance")
	assert [charge.takes_back for part in now.tickets for charge in part.charges] == [True]


def test_held_time_is_said_and_costs_nothing(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(hours_per_period=1, overage_policy="Ask First")
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-03 12:00"):
		book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"))  # 1:15 asked, 1:00 there; 0:15 at 1 000 held
		found = paper.statement(_period(retainer))
		assert (found.total, found.held) == (0, Decimal(250))
		billing.approve([entry.name for entry in billing.held_entries(retainer.name)], "ja")
		found = paper.statement(_period(retainer))
		assert (found.total, found.held) == (Decimal(250), 0)


def test_a_statement_takes_a_fixed_number_of_queries(at, retainer, month):
	def queries():
		frappe.db.value_cache.clear()
		found = []
		original, frappe.db.sql = (
			frappe.db.sql,
			lambda *args, **kwargs: found.append(1) or original(*args, **kwargs),
		)
		try:
			paper.statement(month)
		finally:
			frappe.db.sql = original
		return len(found)

	before = queries()
	with at("2026-11-18 12:00"):
		ticket = IssueFactory(customer=retainer.customer)
		for hour in range(8, 12):
			book(ticket, (f"2026-11-18 {hour:02}:00", f"2026-11-18 {hour:02}:30"))
	assert queries() == before


def test_the_specification_adds_up_to_the_invoice(month):
	invoice = frappe.get_doc("Sales Invoice", {"timebank_period": month})
	found = paper.specification(invoice)
	assert found.total == found.charged == Decimal("13687.5") == Decimal(str(invoice.net_total))
	assert all(line.ledger == line.invoiced for line in found.lines)
	listed = [entry.name for part in found.tickets for charge in part.charges for entry in charge.entries]
	listed += [entry.name for entry in found.others]
	assert set(found.lines_of) == set(listed)
	assert [entry.entry_type for entry in found.others] == ["Fee"]


def test_lines_people_added_and_changed_are_told_apart(at, month):
	invoice = frappe.get_doc("Sales Invoice", {"timebank_period": month})
	with at("2026-11-16 14:00"):
		edited = next(row for row in invoice.items if row.amount == 1000)
		edited.rate = edited.rate * 0.9
		item = invoice.items[0].item_code
		invoice.append(
			"items", {"item_code": item, "qty": 1, "rate": 500, "uom": "Nos", "description": "Kurs"}
		)
		invoice.save()
		invoice.submit()
	found = paper.specification(invoice)
	# 13 687.50 less a tenth of 1 000, and a line of 500 that is nobody's charge
	assert (found.charged, found.total) == (Decimal("13687.5"), Decimal("14087.5"))
	assert [entry.amount for entry in found.corrections] == [-100]
	by_number = {line.number: (line.ledger, line.invoiced) for line in found.lines}
	assert by_number[edited.idx] == (Decimal(1000), Decimal(900))
	assert by_number[len(invoice.items)] == (None, Decimal(500))


@pytest.mark.parametrize("name", ["Period Statement", "Invoice Specification"])
def test_the_print_formats_are_there_and_show_the_figures(month, name):
	doctype = frappe.db.get_value("Print Format", name, "doc_type")
	document = {"Timebank Period": month}.get(doctype) or frappe.db.get_value(
		"Sales Invoice", {"timebank_period": month}, "name"
	)
	html = frappe.get_print(doctype, document, name)
	assert "13 687.50" in html or "13,687.50" in html or "13.687,50" in html
	assert "Å &amp; ö" in html and "&amp;amp;" not in html


@pytest.mark.parametrize("name", ["Period Statement", "Invoice Specification"])
def test_a_charge_stays_on_one_page_also_where_rows_are_cut(month, name):
	"""wkhtmltopdf cuts table rows, and text, at the foot of a page; blocks it keeps whole."""
	doctype = frappe.db.get_value("Print Format", name, "doc_type")
	document = {"Timebank Period": month}.get(doctype) or frappe.db.get_value(
		"Sales Invoice", {"timebank_period": month}, "name"
	)
	html = frappe.get_print(doctype, document, name)
	tickets = [found.start() for found in re.finditer('<tr class="ticket">', html)]
	assert tickets
	for place in tickets:
		assert html[:place].rindex('<div class="together">') > html[:place].rindex("</table>")


def test_paper_is_in_the_customers_language_unless_another_is_asked_for(month):
	period = frappe.get_doc("Timebank Period", month)
	assert paper.paper_words(period).language == "sv"
	frappe.form_dict._lang = "en"
	try:
		assert paper.paper_words(period).language == "en"
	finally:
		frappe.form_dict.pop("_lang")


def test_a_month_without_time_bank_has_no_bank_on_paper(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(mode="Without Timebank", hours_per_period=0, hourly_rate=1200)
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-04 12:00"):
		book(ticket, ("2026-11-04 11:00", "2026-11-04 11:01"))
	found = paper.statement(_period(retainer))
	# a quarter of 1 200, and 25 %
	assert (found.has_bank, found.total) == (False, Decimal(375))
	assert timebank.balance(retainer.name, found.period.from_date) == 0


def _period(retainer, day="2026-11-01"):
	return frappe.db.get_value("Timebank Period", {"retainer": retainer.name, "from_date": day}, "name")


@pytest.fixture
def outgoing():
	outgoing_account()


def _queued(invoice):
	found = frappe.get_all("Email Queue", {"reference_name": invoice.name}, ["attachments"])
	return [[each["print_format"] for each in json.loads(row.attachments)] for row in found]


def _press_email(invoice, **values):
	from frappe.core.doctype.communication.email import make

	values = {"recipients": "kund@example.com", "subject": "Faktura", "content": "Hej", **values}
	make(doctype="Sales Invoice", name=invoice.name, send_email=1, **values)


def test_the_specification_goes_with_an_invoice_that_staff_mail(month, outgoing):
	invoice = frappe.get_doc("Sales Invoice", {"timebank_period": month})
	_press_email(invoice, print_format="Standard")
	assert _queued(invoice) == [["Standard", "Invoice Specification"]]


def test_it_goes_with_an_invoice_that_mails_itself(month, outgoing):
	frappe.get_doc(
		{
			"doctype": "Notification",
			"name": "Prov: faktura",
			"subject": "Faktura {{ doc.name }}",
			"document_type": "Sales Invoice",
			"event": "Submit",
			"channel": "Email",
			"enabled": 1,
			"attach_print": 1,
			"message": "Hej",
			"recipients": [{"cc": "kund@example.com", "receiver_by_role": "System Manager"}],
		}
	).insert()
	invoice = frappe.get_doc("Sales Invoice", {"timebank_period": month})
	with kinds.at("2026-11-16 14:00"):
		invoice.submit()
	assert [formats[-1] for formats in _queued(invoice)] == ["Invoice Specification"]


def test_it_goes_once_and_only_where_it_is_wanted(month, outgoing):
	invoice = frappe.get_doc("Sales Invoice", {"timebank_period": month})
	_press_email(invoice, print_format="Invoice Specification")
	assert _queued(invoice) == [["Invoice Specification"]]
	_press_email(invoice)  # a mail without the invoice
	assert [] in _queued(invoice)
	frappe.db.set_single_value("Retainer Settings", "specification_format", None)
	frappe.clear_document_cache("Retainer Settings", "Retainer Settings")
	frappe.db.delete("Email Queue", {"reference_name": invoice.name})
	_press_email(invoice, print_format="Standard")
	assert _queued(invoice) == [["Standard"]]


def test_the_mail_that_leaves_has_both_papers(month, outgoing):
	invoice = frappe.get_doc("Sales Invoice", {"timebank_period": month})
	_press_email(invoice, print_format="Standard", print_language="sv")
	queue = frappe.get_last_doc("Email Queue", {"reference_name": invoice.name})
	paper_attached = json.loads(queue.attachments)[-1]
	paper_attached.pop("print_format_attachment")
	printed = frappe.attach_print(**paper_attached)
	assert printed["fname"] == f"{invoice.name}-invoice-specification.pdf"
	assert printed["fcontent"].startswith(b"%PDF")


def test_a_copy_of_a_print_format_prints_the_same(month):
	copy = frappe.copy_doc(frappe.get_doc("Print Format", "Period Statement"))
	copy.update({"name": "Vårt utdrag", "standard": "No"})
	copy.insert()
	assert "Å &amp; ö" in frappe.get_print("Timebank Period", month, "Vårt utdrag")
