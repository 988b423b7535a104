"""The reports about time and money: the story's month in each of them, worked out by hand."""

import frappe
import pytest
from frappe.desk.query_report import run

from support_retainer import billing
from tests.factories import CustomerFactory, EmployeeFactory, IssueFactory, RetainerFactory, book, timesheet
from tests.site.test_story import MONTH

NAMES = (
	"Retainer Balance",
	"Period Statement",
	"Time by Category",
	"Unbilled and Held",
	"Retainer Profitability",
	"Utilisation by Employee",
)


@pytest.fixture
def employee():
	found = EmployeeFactory(first_name="Alva")
	frappe.get_doc(
		{
			"doctype": "Activity Cost",
			"employee": found.name,
			"activity_type": "Execution",
			"costing_rate": 400,
			"billing_rate": 0,
		}
	).insert()
	return found.name


@pytest.fixture
def retainer(at):
	with at("2026-11-01 08:00"):
		customer = CustomerFactory(customer_name="Fjällbutiken AB (rapporter)")
		return RetainerFactory(customer=customer.name, retainer_fee=10000, fee_billing="In Advance")


@pytest.fixture
def month(at, retainer, employee):
	"""The story's month: 8:35 worked, 9:00 charged, 2:15 project management; 10:00 drawn and 1:15 beyond."""
	for start, end, urgent, *_figures in MONTH:
		with at(start):
			ticket = IssueFactory(customer=retainer.customer, priority="Urgent" if urgent else None)
		with at(end):
			book(ticket, (start, end), employee=employee)
	return retainer


def report(at, name, moment="2026-11-20 12:00", **filters):
	with at(moment):
		found = run(name, filters=filters)
	return [row for row in found["result"] if isinstance(row, dict)], found


def test_retainer_balance(at, month):
	(row, total), found = report(at, "Retainer Balance", customer=month.customer)
	assert (row["available"], row["drawn"], row["left_hours"], row["left_percent"]) == (10, 10, 0, 0)
	assert (row["overage"], row["held"]) == (1.25, 0)
	assert row["to_bill"] == 13687.5  # 10 000 + 3 687.50
	assert (total["available"], total["to_bill"], total["is_total"]) == (10, 13687.5, 1)
	assert [each["values"] for each in found["chart"]["data"]["datasets"]] == [[10], [0]]


def test_retainer_balance_of_those_with_little_left(at, retainer):
	with at("2026-11-01 09:00"):
		ticket = IssueFactory(customer=retainer.customer)
	rows, _found = report(at, "Retainer Balance", customer=retainer.customer, below_percent=50)
	assert rows == []
	with at("2026-11-03 18:00"):
		book(ticket, ("2026-11-03 08:00", "2026-11-03 15:00"))  # 7:00 + 1:45 of 10:00: 12.5 % left
	rows, _found = report(at, "Retainer Balance", customer=retainer.customer, below_percent=50)
	assert [row.get("left_percent") for row in rows] == [12.5, 12.5]


def test_period_statement_is_an_account(at, month):
	rows, found = report(at, "Period Statement", retainer=month.name)
	*entries, total = rows
	assert entries[-1]["balance"] == 0
	assert (total["in_hours"], total["out_hours"], total["overage"]) == (10, 10, 1.25)
	assert total["amount"] == 13687.5
	# 50 + 190 + 30 + 65 + 180 minutes
	assert round(total["worked"], 2) == 8.58
	assert found["chart"]["data"]["datasets"][0]["values"][-1] == 0


def test_period_statement_asks_what_about(at):
	rows, found = report(at, "Period Statement")
	assert rows == []
	assert "Choose a retainer" in found["message"]


def test_time_by_category(at, retainer):
	with at("2026-11-02 09:00"):
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-03 18:00"):
		sheet = timesheet(
			[
				(ticket, "2026-11-03 08:00", "2026-11-03 10:00"),
				(ticket, "2026-11-03 10:00", "2026-11-03 11:00"),
				(ticket, "2026-11-03 11:00", "2026-11-03 12:00"),
			],
			submit=False,
		)
		for log, activity in zip(sheet.time_logs, ("Development", "Design", "Execution"), strict=True):
			log.activity_type = activity
		sheet.submit()
	(row, everyone, guideline), found = report(
		at,
		"Time by Category",
		from_date="2026-11-01",
		to_date="2026-11-30",
		customer=retainer.customer,
	)
	# 2:00 + 1:00 + 1:00 of work, and 25 % of it: 1:00
	assert (row["total"], row["development"], row["design"], row["other"]) == (5, 2, 1, 1)
	assert (row["project_management"], row["project_management_share"]) == (1, 20)
	assert (row["development_share"], row["design_share"], row["other_share"]) == (40, 20, 20)
	assert everyone["development_share"] == 40
	assert [
		guideline[f"{name}_share"] for name in ("development", "project_management", "optimization", "design")
	] == [
		55,
		20,
		15,
		10,
	]
	assert [each["values"] for each in found["chart"]["data"]["datasets"]] == [
		[40, 20, 0, 20, 20],
		[55, 20, 15, 10, 0],
	]


def test_time_that_was_cancelled_is_in_no_category(at, month):
	drawn = {"retainer": month.name, "ticket": ("is", "set"), "timesheet": ("is", "set")}
	last = frappe.get_all("Timebank Entry", drawn, pluck="timesheet", order_by="occurred_on desc", limit=1)[0]
	sheet = frappe.get_doc("Timesheet", last)  # of the 16th; the site may have others of that day
	with at("2026-11-17 09:00"):
		sheet.cancel()
	(row, *_rest), _found = report(
		at, "Time by Category", from_date="2026-11-01", to_date="2026-11-30", customer=month.customer
	)
	assert row["total"] == 7.5  # 11:15 less 3:45


def test_unbilled(at, month):
	(*entries, total), found = report(at, "Unbilled and Held", customer=month.customer)
	assert total["amount"] == 13687.5
	assert {row["waits_for"] for row in entries} == {"Its draft to be submitted"}
	assert [(each["label"], each["value"]) for each in found["report_summary"]] == [("To Bill", 13687.5)]
	rows, _found = report(at, "Unbilled and Held", customer=month.customer, older_than=19)
	assert [row["what"] for row in rows[:-1]] == ["Fee"]


def test_held(at):
	with at("2026-11-01 08:00"):
		asks = RetainerFactory(hours_per_period=1, overage_policy="Ask First")
		ticket = IssueFactory(customer=asks.customer)
	with at("2026-11-18 12:00"):
		# 1:15 asked, 1:00 there: a fifth, 0:12 and 0:03, held
		book(ticket, ("2026-11-18 09:00", "2026-11-18 10:00"))
	for status in (None, "Held"):
		(*rows, total), _found = report(at, "Unbilled and Held", customer=asks.customer, status=status)
		assert [(row["amount"], row["hours"], row["age"]) for row in rows] == [(200, 0.2, 2), (50, 0.05, 2)]
		assert {row["waits_for"] for row in rows} == {"The customer's approval"}
		assert (total["amount"], total["hours"]) == (250, 0.25)
	assert report(at, "Unbilled and Held", customer=asks.customer, status="To Bill")[0] == []


def test_what_is_invoiced_is_not_unbilled(at, month):
	invoice = frappe.get_doc("Sales Invoice", {"retainer": month.name})
	with at("2026-11-16 15:00"):
		invoice.submit()
	assert report(at, "Unbilled and Held", customer=month.customer)[0] == []


def test_profitability(at, month):
	dates = {"from_date": "2026-11-01", "to_date": "2026-11-30", "customer": month.customer}
	(row, total), _found = report(at, "Retainer Profitability", **dates)
	# 515 minutes at 400 an hour, nothing invoiced yet
	assert round(row["cost"], 2) == round(515 / 60 * 400, 2)
	assert row["revenue"] == 0
	assert row["margin_percent"] is None  # nought would look like breaking even
	invoice = frappe.get_doc("Sales Invoice", {"retainer": month.name})
	with at("2026-11-16 15:00"):
		invoice.submit()
	(row, total), found = report(at, "Retainer Profitability", **dates)
	assert row["revenue"] == 13687.5
	assert round(row["margin"], 2) == round(13687.5 - 515 / 60 * 400, 2)
	assert row["margin_percent"] == 74.9  # 3 433.33 of 13 687.50 is 25.1 %
	assert row["per_hour"] == 1594.66  # 13 687.50 / 8.5833
	assert total["margin_percent"] == 74.9
	assert found["chart"]["data"]["datasets"][0]["values"] == [13687.5]
	rows, _found = report(at, "Retainer Profitability", **dates | {"to_date": "2026-11-10"})
	assert [row["revenue"] for row in rows[:-1]] == [0]


def test_utilisation(at, month, employee):
	with at("2026-11-19 18:00"):
		timesheet([(None, "2026-11-19 08:00", "2026-11-19 12:00")], employee=employee)
	(row, total), _found = report(
		at,
		"Utilisation by Employee",
		from_date="2026-11-01",
		to_date="2026-11-30",
		employee=employee,
	)
	# November 2026 has 21 weekdays; 8:35 of tickets and 4:00 of something else; 9:00 charged
	assert row["capacity"] == 168
	assert (round(row["booked"], 2), round(row["on_retainers"], 2), row["charged"]) == (12.58, 8.58, 9)
	assert (row["booked_percent"], row["utilisation"], row["charged_percent"]) == (7.5, 5.1, 104.9)
	assert (total["capacity"], total["charged"]) == (168, 9)


@pytest.mark.parametrize("name", NAMES)
def test_a_report_takes_a_fixed_number_of_queries(at, month, name):
	report_module = frappe.scrub(name)
	execute = frappe.get_attr(
		f"support_retainer.support_retainer.report.{report_module}.{report_module}.execute"
	)
	filters = {"retainer": month.name, "from_date": "2026-11-01", "to_date": "2026-11-30"}

	def queries():
		count, original = [], frappe.db.sql
		frappe.db.sql = lambda *args, **kwargs: count.append(1) or original(*args, **kwargs)
		try:
			with at("2026-11-20 12:00"):
				execute(dict(filters))
		finally:
			frappe.db.sql = original
		return len(count)

	queries()  # fills the caches of metas and settings
	before = queries()
	with at("2026-11-18 12:00"):
		ticket = IssueFactory(customer=month.customer, retainer=month.name)
		for hour in range(8, 12):
			book(ticket, (f"2026-11-18 {hour:02}:00", f"2026-11-18 {hour:02}:30"))
	queries()
	assert queries() == before


@pytest.mark.parametrize(
	("role", "names"),
	[
		("Support Agent", {"Retainer Balance", "Period Statement", "Time by Category"}),
		("Retainer Manager", set(NAMES)),
		("Accounts User", {"Retainer Balance", "Period Statement", "Unbilled and Held"}),
		(
			"Accounts Manager",
			{"Retainer Balance", "Period Statement", "Unbilled and Held", "Retainer Profitability"},
		),
		("Projects Manager", {"Retainer Balance", "Time by Category", "Utilisation by Employee"}),
		("Customer", set()),
	],
)
def test_who_may_run_which_report(at, month, role, names):
	with at("2026-11-16 15:00"):
		frappe.get_doc("Sales Invoice", {"retainer": month.name}).submit()
	_login(role)
	may = set()
	for name in NAMES:
		try:
			report(at, name, from_date="2026-11-01", to_date="2026-11-30", retainer=month.name)
		except frappe.PermissionError:
			continue
		may.add(name)
	assert may == names


def test_an_agent_sees_no_money_and_only_the_customers_allowed(at, month):
	other = RetainerFactory()
	user = _login("Support Agent")
	rows, found = report(at, "Retainer Balance")
	assert {month.name, other.name} <= {row.get("retainer") for row in rows}
	assert "to_bill" not in [column["fieldname"] for column in found["columns"]]
	frappe.set_user("Administrator")
	frappe.get_doc(
		{"doctype": "User Permission", "user": user, "allow": "Customer", "for_value": month.customer}
	).insert()
	frappe.set_user(user)
	rows, _found = report(at, "Retainer Balance")
	assert {row.get("retainer") for row in rows if row.get("retainer")} == {month.name}
	with pytest.raises(frappe.PermissionError):
		report(at, "Period Statement", period=_newest_period(other.name, at))


def _newest_period(retainer, at):
	frappe.set_user("Administrator")
	with at("2026-11-20 12:00"):
		billing.close_retainer(retainer)
	name = frappe.db.get_value("Timebank Period", {"retainer": retainer}, "name")
	frappe.set_user(frappe.get_all("User", {"email": "rapport@example.com"}, pluck="name")[0])
	return name


def _login(role):
	frappe.get_doc(
		{
			"doctype": "User",
			"email": "rapport@example.com",
			"first_name": role,
			"send_welcome_email": 0,
			"roles": [{"role": role}],
		}
	).insert()
	frappe.set_user("rapport@example.com")
	return "rapport@example.com"
