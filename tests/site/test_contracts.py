"""Retainers and SLA Rules: what a contract may say, and the sentence when it may not."""

from decimal import Decimal

import frappe
import pytest

from support_retainer import contracts
from tests.factories import CustomerFactory, RetainerFactory
from tests.world import COMPANY


@pytest.fixture
def refused():
	"""Check that an act is refused with a sentence."""

	def check(sentence: str, act, *args, **values):
		with pytest.raises(frappe.ValidationError, match=sentence):
			act(*args, **values)

	return check


# terms ------------------------------------------------------------------------------------------


def test_a_new_retainer_starts_with_the_settings_terms():
	settings = frappe.get_doc("Retainer Settings")
	settings.update({"increment_minutes": 6, "project_management_percent": 20, "estimate_threshold_hours": 3})
	settings.save()
	terms = dict.fromkeys(("increment_minutes", "project_management_percent", "estimate_threshold_hours"))
	retainer = RetainerFactory(**terms)
	assert [retainer.get(field) for field in terms] == [6, 20, 3]


def test_a_given_zero_is_not_a_missing_term():
	retainer = RetainerFactory(project_management_percent=0, estimate_threshold_hours=0)
	retainer.reload()
	assert (retainer.project_management_percent, retainer.estimate_threshold_hours) == (0, 0)


def test_the_currency_is_the_customers_or_else_the_companys(euro):
	assert RetainerFactory(currency=None).currency == "SEK"
	customer = CustomerFactory(default_currency="EUR", accounts=[{"company": COMPANY, "account": euro}])
	assert RetainerFactory(customer=customer.name, currency=None).currency == "EUR"


def test_later_settings_do_not_change_a_contract():
	retainer = RetainerFactory()
	settings = frappe.get_doc("Retainer Settings")
	settings.increment_minutes = 30
	settings.save()
	retainer.save()
	assert retainer.increment_minutes == 15


# bad input --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("values", "sentence"),
	[
		({"hourly_rate": 0}, "hourly rate above zero"),
		({"hourly_rate": -1000}, "hourly rate above zero"),
		({"hours_per_period": 0}, "hours per period, above zero"),
		({"hours_per_period": -10}, "hours per period, above zero"),
		({"increment_minutes": 0}, "at least 1 minute"),
		({"increment_minutes": -15}, "at least 1 minute"),
		({"project_management_percent": -1}, "Project management cannot be below 0 %"),
		({"estimate_threshold_hours": -1}, "estimate is needed cannot be below zero"),
		({"end_date": "2026-10-31"}, "end date is before the start date"),
		({"status": "Ended"}, "Enter the last day of support"),
		({"fee_billing": "In Advance"}, "Enter the fee per period"),
		({"fee_billing": "In Arrears", "retainer_fee": 0}, "Enter the fee per period"),
		({"retainer_fee": -1}, "fee cannot be below zero"),
		({"carry_over": "Periods"}, "how many periods unused time carries over"),
		({"carry_over": "Unlimited", "carry_over_cap_hours": -1}, "cap on hours carried over"),
		({"takeover_completed_on": None}, "after the take-over"),
		({"takeover_completed_on": "2099-01-01"}, "take-over is not completed yet"),
		({"maintenance_waived_because": None}, "Support comes with maintenance"),
		({"maintenance_waived_because": "  "}, "Support comes with maintenance"),
	],
)
def test_a_contract_that_makes_no_sense_is_refused(values, sentence, refused):
	before = frappe.db.count("Retainer")
	refused(sentence, RetainerFactory, **values)
	assert frappe.db.count("Retainer") == before


def test_a_draft_may_still_lack_take_over_and_maintenance():
	draft = RetainerFactory(status="Draft", takeover_completed_on=None, maintenance_waived_because=None)
	draft.status = "Active"
	with pytest.raises(frappe.ValidationError, match="after the take-over"):
		draft.save()
	assert frappe.db.get_value("Retainer", draft.name, "status") == "Draft"


def test_without_time_bank_needs_no_hours_and_no_fee():
	terms = {"hours_per_period": 0, "fee_billing": "In Advance", "retainer_fee": 0}
	assert RetainerFactory(mode="Without Timebank", **terms).status == "Active"


def test_an_active_retainer_may_be_edited_after_its_subscription_ended(subscription):
	running = subscription()
	retainer = RetainerFactory(customer=running.party, **under(running))
	frappe.db.set_value("Subscription", running.name, "status", "Cancelled")
	retainer.hourly_rate = 1100
	retainer.save()


@pytest.mark.parametrize("status", ["Cancelled", "Unpaid", "Completed"])
def test_a_subscription_that_is_not_running_does_not_do(status, subscription, refused):
	found = subscription(status)
	refused("is not running", RetainerFactory, customer=found.party, **under(found))


def test_another_customers_subscription_does_not_do(subscription, refused):
	refused("Choose one of", RetainerFactory, **under(subscription()))


def test_settings_must_be_complete_before_activation(refused):
	frappe.db.set_single_value("Retainer Settings", {"holiday_list": None, "surcharge_item": None})
	frappe.clear_document_cache("Retainer Settings", "Retainer Settings")
	RetainerFactory(status="Draft")
	refused("lacks: Holiday List, Surcharge Item", RetainerFactory)


# one at a time ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
	("first", "second"),
	[
		({}, {}),
		({}, {"start_date": "2027-03-01"}),
		({"end_date": "2026-12-31"}, {"start_date": "2026-12-31"}),
		({"start_date": "2027-01-01"}, {"end_date": "2027-01-01"}),
		({"status": "Paused"}, {}),
		({"status": "Ended", "end_date": "2026-12-31"}, {"start_date": "2026-12-01"}),
	],
)
def test_overlapping_retainers_are_refused(first, second, refused):
	customer = CustomerFactory().name
	RetainerFactory(customer=customer, **first)
	refused("already has retainer", RetainerFactory, customer=customer, **second)


@pytest.mark.parametrize(
	("first", "second"),
	[
		({"end_date": "2026-12-31"}, {"start_date": "2027-01-01"}),
		({"status": "Ended", "end_date": "2026-12-31"}, {"start_date": "2027-01-01"}),
		({"status": "Draft"}, {}),
	],
)
def test_retainers_after_each_other_are_fine(first, second):
	customer = CustomerFactory().name
	RetainerFactory(customer=customer, **first)
	RetainerFactory(customer=customer, **second)


def test_a_draft_overlaps_until_it_is_activated(refused):
	customer = CustomerFactory().name
	RetainerFactory(customer=customer)
	draft = RetainerFactory(customer=customer, status="Draft")
	draft.status = "Active"
	refused("already has retainer", draft.save)


# money and accounts -----------------------------------------------------------------------------


@pytest.fixture
def euro():
	"""A receivable account in EUR, and an exchange rate."""
	rate = {"from_currency": "EUR", "to_currency": "SEK", "exchange_rate": 11.2, "date": "2026-01-01"}
	frappe.get_doc({"doctype": "Currency Exchange", "for_selling": 1, "for_buying": 1, **rate}).insert()
	return _account("EUR")


def _account(currency: str) -> str:
	default = frappe.db.get_value("Company", COMPANY, "default_receivable_account")
	account = {
		"account_name": f"Kundfordringar {currency}",
		"parent_account": frappe.db.get_value("Account", default, "parent_account"),
		"company": COMPANY,
		"account_type": "Receivable",
		"account_currency": currency,
	}
	return frappe.get_doc({"doctype": "Account", **account}).insert().name


def test_a_currency_the_customer_is_not_booked_in_is_refused(refused):
	field = "allow_multi_currency_invoices_against_single_party_account"
	frappe.db.set_single_value("Accounts Settings", field, 0)
	refused("which is kept in", RetainerFactory, currency="EUR")


def test_a_currency_without_exchange_rate_is_refused(refused, monkeypatch):
	monkeypatch.setattr("support_retainer.contracts.currency.get_exchange_rate", lambda *args: 0)
	customer = CustomerFactory(
		default_currency="USD", accounts=[{"company": COMPANY, "account": _account("USD")}]
	)
	refused("no exchange rate from", RetainerFactory, customer=customer.name, currency="USD")


def test_a_currency_with_account_and_rate_is_fine(euro):
	customer = CustomerFactory(default_currency="EUR", accounts=[{"company": COMPANY, "account": euro}])
	assert RetainerFactory(customer=customer.name, currency="EUR").currency == "EUR"


def test_another_customers_project_is_refused(refused):
	owner = CustomerFactory().name
	project = {"doctype": "Project", "project_name": "Ny webb", "customer": owner, "company": COMPANY}
	name = frappe.get_doc(project).insert().name
	refused("belongs to", RetainerFactory, project=name)
	assert RetainerFactory(customer=owner, project=name).project == name


def test_a_group_of_cost_centers_is_refused(refused):
	group = frappe.db.get_value("Cost Center", {"company": COMPANY, "is_group": 1}, "name")
	refused("is a group of cost centers", RetainerFactory, cost_center=group)


# what has happened stays ------------------------------------------------------------------------


@pytest.fixture
def used():
	"""A retainer whose first period is open."""
	retainer = RetainerFactory()
	period = {"doctype": "Timebank Period", "retainer": retainer.name}
	period = frappe.get_doc({**period, "from_date": "2026-11-01", "to_date": "2026-11-30"})
	period.flags.from_room = True
	period.insert(ignore_permissions=True)
	return retainer


@pytest.mark.parametrize(
	("field", "value"),
	[
		("start_date", "2026-10-01"),
		("period", "Quarterly"),
		("mode", "Without Timebank"),
		("customer", None),
	],
)
def test_a_contract_with_a_past_keeps_its_frame(field, value, used):
	before = frappe.db.get_value("Retainer", used.name, field)
	used.set(field, value or CustomerFactory().name)
	with pytest.raises(frappe.ValidationError, match="End this retainer and make a new one"):
		used.save()
	assert frappe.db.get_value("Retainer", used.name, field) == before


def test_other_terms_may_change(used):
	used.hourly_rate = 1250
	used.save()


def test_a_retainer_with_a_ledger_is_not_deleted(used, refused):
	refused("cannot be deleted", used.delete)


def test_an_unused_retainer_may_be_deleted():
	RetainerFactory(status="Draft").delete()


@pytest.mark.parametrize("act", ["save", "delete"])
def test_the_ledger_is_not_edited_by_hand(used, act):
	period = frappe.get_last_doc("Timebank Period", {"retainer": used.name})
	with pytest.raises(frappe.PermissionError, match="kept by the time bank"):
		getattr(period, act)()


def test_a_ledger_entry_is_not_made_by_hand(used):
	entry = {"retainer": used.name, "entry_type": "Adjustment", "occurred_on": "2026-11-02", "key": "mine"}
	with pytest.raises(frappe.PermissionError, match="kept by the time bank"):
		frappe.get_doc({"doctype": "Timebank Entry", "seconds": 3600, **entry}).insert(
			ignore_permissions=True
		)


# rules ------------------------------------------------------------------------------------------


def rule(name: str = "Egen regel", **values):
	"""Make a rule of a retainer's own unless told otherwise: it meets none of the standard ones."""
	values = {
		"urgency": "Normal",
		"budget": "Within",
		"registered": "Any",
		"hours_counted": "Office Hours",
		"target": "Hours",
		"assign_from_hours": 1,
		"assign_within_hours": 2,
		"start_from_hours": 3,
		"start_within_hours": 4,
		"retainer": values.pop("retainer", None) or RetainerFactory().name,
		**values,
	}
	return frappe.get_doc({"doctype": "SLA Rule", "rule_name": name, **values}).insert()


def test_two_rules_for_the_same_tickets_are_refused_by_name(refused):
	own = rule("Första")
	refused("Andra.* and .*Första", rule, "Andra", retainer=own.retainer)
	assert not frappe.db.exists("SLA Rule", "Andra")


def test_a_common_rule_meets_the_standard_ones():
	with pytest.raises(frappe.ValidationError, match="Normal, within budget"):
		common = rule("Egen")
		common.retainer = None
		common.save()


def test_a_disabled_rule_meets_nothing(refused):
	own = rule("Första")
	second = rule("Andra", retainer=own.retainer, disabled=1)
	second.disabled = 0
	refused("equally well", second.save)


def test_a_narrower_rule_is_fine():
	own = rule("Alltid")
	rule("Kontorstid", retainer=own.retainer, registered="Office Hours")


@pytest.mark.parametrize(
	("values", "sentence"),
	[
		({"assign_from_hours": 5}, "Assigned: the goal is after the limit"),
		({"start_from_hours": 5}, "Work Started: the goal is after the limit"),
		({"assign_from_hours": -1}, "cannot be below zero"),
		({"surcharge_percent": -1}, "cannot be below 0 %"),
	],
)
def test_a_promise_that_makes_no_sense_is_refused(values, sentence, refused):
	refused(sentence, rule, **values)


def test_hours_are_cleared_where_none_are_promised():
	made = rule(target="Immediately")
	assert [made.get(field) for field in contracts.rules.HOURS] == [0, 0, 0, 0]


def test_a_rule_as_the_core_sees_it():
	seen = contracts.as_rule(rule(assign_from_hours=0.5, surcharge_percent=12.5))
	assert (seen.assign_from, seen.assign_within, seen.start_from, seen.start_within) == (
		1800,
		7200,
		10800,
		14400,
	)
	assert seen.surcharge_percent == Decimal("12.5")
	assert contracts.as_rule(rule("Strax", target="Immediately")).assign_within is None


@pytest.mark.parametrize(
	("hours", "seconds"), [(10, 36000), (0.25, 900), (1 / 3, 1200), (None, 0), ("2.5", 9000)]
)
def test_hours_become_whole_seconds(hours, seconds):
	assert contracts.hours_to_seconds(hours) == seconds


# helpers ----------------------------------------------------------------------------------------


def under(subscription) -> dict:
	return {"maintenance_subscription": subscription.name, "maintenance_waived_because": None}


@pytest.fixture
def subscription():
	"""Make subscriptions of a customer of their own. Only their status matters here, so they need no plan."""

	def make(status: str = "Active"):
		doc = frappe.new_doc("Subscription")
		doc.update({"party_type": "Customer", "party": CustomerFactory().name, "company": COMPANY})
		doc.name = f"TEST-SUB-{frappe.generate_hash(length=8)}"
		doc.update({"status": status, "start_date": "2026-01-01"})
		doc.db_insert()
		return doc

	return make
