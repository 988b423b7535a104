"""What customers are told: each thing once, in their language, whatever the scheduler slept through."""

import json
from pathlib import Path

import frappe
import pytest
from frappe.utils import format_date

from support_retainer import billing, consent, paper, people
from tests.factories import CustomerFactory, IssueFactory, RetainerFactory, book, outgoing_account

CONTACT = "inkopare@example.com"
LEAD = "ansvarig@example.com"


@pytest.fixture(autouse=True)
def from_the_beginning(transaction):
	"""A site tells of nothing from before it was set up: these tests' site was set up long ago, and alone."""
	frappe.db.set_single_value("Retainer Settings", "notices_since", "2026-01-01 00:00:00")
	frappe.db.set_value("Retainer", {"status": "Active"}, "status", "Paused", update_modified=False)


@pytest.fixture
def customer(at):
	with at("2026-10-31 08:00"):
		made = CustomerFactory(customer_name="Fjällbutiken AB (besked)", language="sv")
		_contact(made.name, CONTACT)
		return made.name


@pytest.fixture
def make(at, customer):
	def made(**terms):
		with at("2026-11-01 08:00"):
			retainer = RetainerFactory(customer=customer, **terms)
			frappe.db.set_value(
				"Timebank Period", {"retainer": retainer.name}, "creation", "2026-11-01 08:00:00"
			)
			return retainer, IssueFactory(customer=customer)

	return made


def tell(at, moment):
	with at(moment):
		return paper.tell_due()


def mails(name=None):
	"""Subjects and recipients of what went to the customer, in order."""
	filters = {"communication_type": "Automated Message", "recipients": ("like", f"%{CONTACT}%")}
	if name:
		filters["reference_name"] = name
	return frappe.get_all("Communication", filters, pluck="subject", order_by="creation")


def text_of(beginning):
	"""The text of the last mail to the customer whose subject begins so."""
	filters = {"communication_type": "Automated Message", "subject": ("like", f"{beginning}%")}
	return frappe.get_all("Communication", filters, pluck="content", order_by="creation desc")[0]


def notices(**filters):
	"""What is in the log, in no order of time: under a clock that stands still there is none."""
	return frappe.get_all(
		"Retainer Notice", filters, ["kind", "status", "percent", "question_kind"], order_by="kind, percent"
	)


def test_a_period_that_opens_is_told_once_with_its_statement(at, make):
	outgoing_account()
	retainer, _ticket = make()
	tell(at, "2026-11-01 09:00")
	tell(at, "2026-11-01 09:10")
	period = _period(retainer)
	(subject,) = mails(period)
	assert subject.startswith("Timbanken öppnad: ")
	body = frappe.get_last_doc("Communication", {"reference_name": period}).content
	assert "10:00" in body and "En ny period har börjat" in body
	(queued,) = frappe.get_all("Email Queue", {"reference_name": period}, pluck="attachments")
	assert [(each["name"], each["print_format"]) for each in json.loads(queued)] == [
		(period, "Period Statement")
	]


def test_a_customer_who_reads_english_is_written_to_in_english(at, make, customer):
	frappe.db.set_value("Customer", customer, "language", "en")
	frappe.clear_document_cache("Customer", customer)
	make()
	tell(at, "2026-11-01 09:00")
	assert mails()[0].startswith("Time bank opened: ")


def test_the_log_says_which_time_where_the_mail_has_no_title(at, make):
	retainer, ticket = make()
	tell(at, "2026-11-01 09:00")
	with at("2026-11-04 18:00"):
		book(ticket, ("2026-11-04 08:00", "2026-11-04 14:30"))  # 6:30 and 25 %: 8:07:30 of 10:00
	tell(at, "2026-11-04 18:00")
	month = f"{format_date('2026-11-01')} – {format_date('2026-11-30')}"
	titles = frappe.get_all("Retainer Notice", {"retainer": retainer.name}, pluck="title", order_by="kind")
	assert titles == [f"80 % · {month}", month]


def test_80_and_100_percent_once_each(at, make):
	_retainer, ticket = make()
	tell(at, "2026-11-01 09:00")
	with at("2026-11-03 12:00"):
		book(ticket, ("2026-11-03 08:00", "2026-11-03 10:00"))  # 2:30 of 10:00
	tell(at, "2026-11-03 12:00")
	assert len(mails()) == 1
	with at("2026-11-04 18:00"):
		sheet = book(ticket, ("2026-11-04 08:00", "2026-11-04 12:30"))  # 5:37:30: 81.25 %
	tell(at, "2026-11-04 18:00")
	assert mails()[1:] == ["80 % av timbanken är använd"]
	with at("2026-11-04 19:00"):
		sheet.cancel()
		book(ticket, ("2026-11-04 08:00", "2026-11-04 12:30"))
	tell(at, "2026-11-04 19:00")
	assert len(mails()) == 2
	with at("2026-11-05 18:00"):
		book(ticket, ("2026-11-05 08:00", "2026-11-05 12:00"))
	tell(at, "2026-11-05 18:00")
	tell(at, "2026-11-06 18:00")
	assert mails()[2:] == ["100 % av timbanken är använd"]


def test_both_thresholds_at_once_are_one_mail(at, make):
	_retainer, ticket = make()
	with at("2026-11-03 20:00"):
		book(ticket, ("2026-11-03 08:00", "2026-11-03 19:00"))
	tell(at, "2026-11-03 20:00")
	assert [(row.status, row.percent) for row in notices(kind="Bank Used")] == [
		("Passed Over", 80),
		("Told", 100),
	]
	assert [subject for subject in mails() if "%" in subject] == ["100 % av timbanken är använd"]
	assert "timmar är slut" in text_of("100 %") and "är kvar" not in text_of("100 %")


def test_thresholds_are_the_settings(at, make):
	_set("bank_thresholds", "25")
	_retainer, ticket = make()
	with at("2026-11-03 12:00"):
		book(ticket, ("2026-11-03 08:00", "2026-11-03 10:00"))  # 2:30: exactly 25 %
	tell(at, "2026-11-03 12:00")
	assert [row.percent for row in notices(kind="Bank Used")] == [25]
	_set("bank_thresholds", "")
	with at("2026-11-04 20:00"):
		book(ticket, ("2026-11-04 08:00", "2026-11-04 19:00"))
	tell(at, "2026-11-04 20:00")
	assert len(notices(kind="Bank Used")) == 1


def test_after_an_outage_each_closed_month_has_its_statement(at, make):
	retainer, ticket = make()
	with at("2026-11-03 12:00"):
		book(ticket, ("2026-11-03 08:00", "2026-11-03 10:00"))
	with at("2027-01-10 06:00"):
		billing.close_retainer(retainer.name)
	tell(at, "2027-01-10 06:10")
	tell(at, "2027-01-10 06:20")
	kinds = [row.kind for row in notices(customer=retainer.customer)]
	# November and December closed; of the months that opened meanwhile only the one that is running
	assert kinds == ["Period Closed", "Period Closed", "Period Opened"]
	body = frappe.get_all("Communication", {"reference_name": _period(retainer)}, pluck="content")[0]
	assert "2:30" in body and "7:30" in body  # drawn, expired


def test_a_period_closed_again_is_told_again(at, make):
	retainer, ticket = make()
	with at("2026-11-03 12:00"):
		book(ticket, ("2026-11-03 08:00", "2026-11-03 10:00"))
	with at("2026-12-10 06:00"):
		billing.close_retainer(retainer.name)
	tell(at, "2026-12-10 06:10")
	with at("2026-12-10 07:00"):
		billing.reopen_period(_period(retainer), "en rad saknades")
	tell(at, "2026-12-10 07:10")
	assert len(notices(kind="Period Closed")) == 1
	with at("2026-12-10 08:00"):
		billing.close_retainer(retainer.name)
	tell(at, "2026-12-10 08:10")
	assert len(notices(kind="Period Closed")) == 2


def test_held_time_is_asked_about_and_once_a_day_when_it_grows(at, make):
	_retainer, ticket = make(hours_per_period=1, overage_policy="Ask First")
	_set("bank_thresholds", "")
	with at("2026-11-03 09:30"):
		book(ticket, ("2026-11-03 08:00", "2026-11-03 09:00"))
	tell(at, "2026-11-03 09:40")
	with at("2026-11-03 12:30"):
		book(ticket, ("2026-11-03 11:00", "2026-11-03 12:00"))
	tell(at, "2026-11-03 12:40")
	assert [row.question_kind for row in notices(kind="Question")] == ["Overage"]
	tell(at, "2026-11-04 09:00")
	tell(at, "2026-11-05 09:00")
	assert len(notices(kind="Question")) == 2
	subjects = [subject for subject in mails() if subject.startswith("Svar önskas: ")]
	assert len(subjects) == 2
	assert ticket.name in subjects[0]
	assert (
		text_of("Svar önskas: ").count("Tid utöver timbanken på") == 1
	)  # the question begins with its title


def test_an_estimate_is_asked_and_its_answer_told_to_staff(at, make, customer):
	_retainer, ticket = make()
	_lead()
	with at("2026-11-03 09:00"):
		estimate = consent.ask("Issue", ticket.name, work=5 * 3600)
	tell(at, "2026-11-03 09:01")
	tell(at, "2026-11-03 09:11")
	asked = [subject for subject in mails() if subject.startswith("Svar önskas: ")]
	assert len(asked) == 1
	notice = frappe.get_last_doc("Retainer Notice", {"kind": "Question"})
	assert notice.reference_name == estimate.name
	assert "/support/approvals?kind=Estimate" in notice.url
	frappe.set_user(CONTACT)
	with at("2026-11-03 10:00"):
		found = next(each for each in consent.waiting_for_answer(customer) if each.kind == "Estimate")
		consent.answer("Estimate", estimate.name, True, "Kör på", fingerprint=found.fingerprint)
	frappe.set_user("Administrator")
	answer = frappe.get_last_doc("Customer Answer")
	told = frappe.get_last_doc("Communication", {"reference_name": answer.name})
	assert LEAD in told.recipients
	assert "Kör på" in told.content
	tell(at, "2026-11-03 10:10")
	assert len(notices(kind="Question")) == 1


def test_a_top_up_about_to_expire(at, make):
	retainer, _ticket = make()
	with at("2026-11-02 09:00"):
		billing.top_up(retainer.name, 3, "Julrush", valid_until="2026-12-01")
	tell(at, "2026-11-16 09:00")
	assert notices(kind="Top-up Expiring") == []
	tell(at, "2026-11-17 09:00")  # 14 days before
	tell(at, "2026-11-18 09:00")
	assert len(notices(kind="Top-up Expiring")) == 1
	assert [subject for subject in mails() if subject.startswith("3:00 förfaller ")]
	assert "3:00 timmar" in text_of("3:00 förfaller ")


def test_a_notification_switched_off_stays_silent(at, make):
	notification = frappe.get_doc("Notification", "Period Opened")
	notification.enabled = 0
	notification.save()
	make()
	tell(at, "2026-11-01 09:00")
	assert mails() == []
	notification.enabled = 1
	notification.save()
	tell(at, "2026-11-01 09:10")
	assert mails() == []


def test_a_customer_nobody_can_write_to_is_noted(at, make, customer):
	frappe.db.delete("Dynamic Link", {"link_name": customer})
	frappe.db.set_value("Customer", customer, "email_id", None)
	make()
	tell(at, "2026-11-01 09:00")
	assert [row.status for row in notices()] == ["No Address"]


def test_nothing_from_before_the_app_wrote_to_customers(at, make):
	frappe.db.set_single_value("Retainer Settings", "notices_since", "2026-11-02 00:00:00")
	make()
	assert tell(at, "2026-11-03 09:00") == 0


def test_contacts_are_the_portals_people_then_the_primary_ones(at, customer):
	assert people.contacts_of(customer) == [CONTACT]
	_contact(customer, "lager@example.com", user=False)
	assert people.contacts_of(customer) == [CONTACT]
	frappe.db.set_value("User", CONTACT, "enabled", 0)
	frappe.db.set_value("Contact", {"email_id": "lager@example.com"}, "is_primary_contact", 1)
	assert people.contacts_of(customer) == ["lager@example.com"]


def test_a_notice_is_not_written_by_hand(at, make):
	make()
	tell(at, "2026-11-01 09:00")
	notice = frappe.get_last_doc("Retainer Notice")
	notice.title = "Något annat"
	with pytest.raises(frappe.PermissionError):
		notice.save()


def _contact(customer, email, user=True):
	if user and not frappe.db.exists("User", email):
		frappe.get_doc(
			{
				"doctype": "User",
				"email": email,
				"first_name": email,
				"user_type": "Website User",
				"send_welcome_email": 0,
				"roles": [{"role": "Customer"}],
			}
		).insert()
	frappe.get_doc(
		{
			"doctype": "Contact",
			"first_name": email,
			"user": email if user else None,
			"email_ids": [{"email_id": email, "is_primary": 1}],
			"links": [{"link_doctype": "Customer", "link_name": customer}],
		}
	).insert()


def _lead():
	if not frappe.db.exists("User", LEAD):
		frappe.get_doc(
			{
				"doctype": "User",
				"email": LEAD,
				"first_name": "Ansvarig",
				"send_welcome_email": 0,
				"roles": [{"role": "Retainer Manager"}],
			}
		).insert()


def _period(retainer):
	return frappe.db.get_value(
		"Timebank Period", {"retainer": retainer.name, "from_date": "2026-11-01"}, "name"
	)


def _set(field, value):
	frappe.db.set_single_value("Retainer Settings", field, value)
	frappe.clear_document_cache("Retainer Settings", "Retainer Settings")


def test_subjects_fit_the_field_on_every_host():
	path = frappe.get_app_path("support_retainer", "fixtures", "standard", "notification.json")
	for record in json.loads(Path(path).read_text(encoding="utf-8")):
		assert len(record["subject"]) <= 140, record["name"]
