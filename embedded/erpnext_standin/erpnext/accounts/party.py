"""What a customer brings to a transaction: account, currency, price list, terms, contact and address."""

from datetime import date

import frappe
from frappe import _, msgprint
from frappe.contacts.doctype.address.address import get_company_address, get_default_address
from frappe.model.document import Document
from frappe.utils import add_days, add_months, cint, date_diff, formatdate, get_last_day, getdate

import erpnext
from erpnext.accounts.utils import validate_account_head
from erpnext.exceptions import InvalidAccountCurrency, PartyDisabled, PartyFrozen


class DuplicatePartyAccountError(frappe.ValidationError):
	pass


INVOICES = ("Sales Invoice",)
DateLike = str | date | None


@frappe.whitelist()
def get_party_details(
	party: str | None = None,
	party_type: str = "Customer",
	company: str | None = None,
	posting_date: DateLike = None,
	price_list: str | None = None,
	currency: str | None = None,
	doctype: str | None = None,
	fetch_payment_terms_template: bool = True,
	party_address: str | None = None,
	company_address: str | None = None,
) -> dict:
	"""Field values that a customer gives a transaction of a doctype."""
	if not party:
		return frappe._dict()
	if not frappe.db.exists(party_type, party):
		frappe.throw(_("{0}: {1} does not exists").format(party_type, party))
	return collect_party_details(
		party,
		company=company,
		posting_date=posting_date,
		price_list=price_list,
		currency=currency,
		doctype=doctype,
		fetch_payment_terms_template=cint(fetch_payment_terms_template),
		party_address=party_address,
		company_address=company_address,
	)


def collect_party_details(
	party: str,
	*,
	company: str | None = None,
	posting_date: DateLike = None,
	price_list: str | None = None,
	currency: str | None = None,
	doctype: str | None = None,
	fetch_payment_terms_template: bool = True,
	party_address: str | None = None,
	company_address: str | None = None,
	ignore_permissions: bool = False,
) -> dict:
	customer = frappe.get_doc("Customer", party)
	if not ignore_permissions:
		frappe.has_permission("Customer", "read", customer, throw=True)
	details = frappe._dict(customer=party)
	if doctype in INVOICES:
		details.debit_to = get_party_account("Customer", party, company)
		details.due_date = get_due_date(posting_date, "Customer", party, company)
	details.update({f: customer.get(f) for f in ("customer_name", "customer_group", "territory", "language")})
	details.update(_addresses(party, company, party_address, company_address))
	details.update(_contact(party))
	details.selling_price_list = get_default_price_list(customer) or price_list
	if details.selling_price_list:
		details.price_list_currency = frappe.get_cached_value(
			"Price List", details.selling_price_list, "currency"
		)
	if fetch_payment_terms_template:
		details.payment_terms_template = get_payment_terms_template(party, "Customer", company)
	details.currency = customer.default_currency or currency or erpnext.get_company_currency(company)
	return details


def _addresses(
	party: str, company: str | None, party_address: str | None, company_address: str | None
) -> dict:
	address = party_address or get_default_address("Customer", party)
	out = {"customer_address": address, "address_display": render_address(address)}
	if company_address:
		out["company_address"] = company_address
	elif company:
		out.update(get_company_address(company))
	return out


def _contact(party: str) -> dict:
	name = get_default_contact("Customer", party)
	out = {"contact_person": name, "contact_display": None, "contact_email": None, "contact_mobile": None}
	if name:
		contact = frappe.get_doc("Contact", name)
		full_name = " ".join(filter(None, [contact.first_name, contact.last_name]))
		out.update(
			contact_display=full_name, contact_email=contact.email_id, contact_mobile=contact.mobile_no
		)
	return out


def get_default_contact(doctype: str, name: str) -> str | None:
	"""The primary contact of a party."""
	filters = [
		["Dynamic Link", "link_doctype", "=", doctype],
		["Dynamic Link", "link_name", "=", name],
		["Contact", "is_primary_contact", "=", 1],
	]
	found = frappe.get_all("Contact", filters=filters, pluck="name", limit=1)
	return found[0] if found else None


def render_address(address: str | None, check_permissions: bool = False) -> str | None:
	"""An address as lines of HTML."""
	from frappe.contacts.doctype.address.address import get_address_display

	return get_address_display(frappe.get_doc("Address", address).as_dict()) if address else None


def get_default_price_list(party: Document) -> str | None:
	"""The customer's own price list, else its group's."""
	if party.get("default_price_list"):
		return party.default_price_list
	if party.get("customer_group"):
		return frappe.get_cached_value("Customer Group", party.customer_group, "default_price_list")
	return None


@frappe.whitelist()
def get_party_account(party_type: str, party: str | None = None, company: str | None = None) -> str | None:
	"""The receivable account of a customer: its own, its group's, else the company's.

	A customer that already has entries in another currency keeps the account of those entries.
	"""
	if not party_type:
		frappe.throw(_("Party Type is mandatory"))
	if not company:
		frappe.throw(_("Please select a Company"))
	default = frappe.get_cached_value("Company", company, "default_receivable_account")
	if not party:
		return default
	group = frappe.get_cached_value(party_type, party, "customer_group")
	account = (
		_account_row(party_type, party, company)
		or (group and _account_row("Customer Group", group, company))
		or default
	)
	booked = get_party_gle_account(party_type, party, company)
	if booked and _currency(booked) != (account and _currency(account)):
		return booked
	return account


def _account_row(parenttype: str, parent: str, company: str) -> str | None:
	filters = {"parenttype": parenttype, "parent": parent, "company": company}
	return frappe.db.get_value("Party Account", filters, "account")


def _currency(account: str) -> str | None:
	return frappe.get_cached_value("Account", account, "account_currency")


def get_party_account_currency(party_type: str, party: str, company: str) -> str | None:
	account = get_party_account(party_type, party, company)
	return _currency(account) if account else None


def get_party_gle_account(party_type: str, party: str, company: str) -> str | None:
	"""The account a customer has entries on. Here a submitted invoice is what ERPNext's ledger entry is."""
	return frappe.db.get_value(
		"Sales Invoice",
		{"customer": party, "company": company, "docstatus": 1, "base_grand_total": ["!=", 0]},
		"debit_to",
	)


def get_party_gle_currency(party_type: str, party: str, company: str) -> str | None:
	"""The currency a customer has entries in, None before the first."""
	account = get_party_gle_account(party_type, party, company)
	return _currency(account) if account else None


def validate_party_accounts(doc: Document) -> None:
	"""One account per company, of that company, in a currency the customer can be billed in."""
	companies = [row.company for row in doc.get("accounts")]
	if len(companies) != len(set(companies)):
		frappe.throw(
			_("There can only be 1 Account per Company in {0} {1}").format(doc.doctype, doc.name),
			DuplicatePartyAccountError,
		)
	for row in doc.get("accounts"):
		_validate_party_account(doc, row)


def _validate_party_account(doc: Document, row: Document) -> None:
	currency = _currency(row.account)
	booked = get_party_gle_currency(doc.doctype, doc.name, row.company)
	if booked and booked != currency:
		frappe.throw(
			_(
				"{0} {1} has accounting entries in currency {2} for company {3}."
				" Please select a receivable or payable account with currency {2}."
			).format(*map(frappe.bold, (doc.doctype, doc.name, booked, row.company))),
			InvalidAccountCurrency,
		)
	company_currency = erpnext.get_company_currency(frappe.db.get_default("Company") or row.company)
	billing = doc.get("default_currency")
	if billing and currency and company_currency and billing not in (currency, company_currency):
		frappe.throw(
			_("Billing currency must be equal to either default company's currency or party account currency")
		)
	validate_account_head(row.idx, row.account, row.company)


@frappe.whitelist()
def get_due_date(
	posting_date: DateLike,
	party_type: str,
	party: str,
	company: str | None = None,
	bill_date: DateLike = None,
	template_name: str | None = None,
) -> DateLike:
	"""The day an invoice of a day falls due, from the payment terms."""
	if not (posting_date and party):
		return posting_date
	template = template_name or get_payment_terms_template(party, party_type, company)
	if not template:
		return posting_date
	due = get_due_date_from_template(template, posting_date)
	return max(due, getdate(posting_date)).strftime("%Y-%m-%d")


def get_due_date_from_template(template_name: str, posting_date: DateLike) -> date:
	"""The latest day among a template's terms, each counted on from the one before."""
	due = getdate(posting_date)
	for term in frappe.get_doc("Payment Terms Template", template_name).terms:
		due = max(due, getdate(due_date_of_term(term, due)))
	return due


def due_date_of_term(term: Document, start: DateLike) -> DateLike:
	"""The day one term falls due, counted from a day."""
	if term.due_date_based_on == "Day(s) after invoice date":
		return add_days(start, cint(term.credit_days))
	if term.due_date_based_on == "Day(s) after the end of the invoice month":
		return add_days(get_last_day(start), cint(term.credit_days))
	return get_last_day(add_months(start, cint(term.credit_months)))


def validate_due_date(posting_date: DateLike, due_date: DateLike, template_name: str | None = None) -> None:
	if getdate(due_date) < getdate(posting_date):
		frappe.throw(_("Due Date cannot be before Posting / Supplier Invoice Date"))
	if not template_name:
		return
	allowed = get_due_date_from_template(template_name, posting_date)
	if allowed == getdate(posting_date) or getdate(due_date) <= allowed:
		return
	if frappe.db.get_single_value("Accounts Settings", "credit_controller") in frappe.get_roles():
		days = date_diff(due_date, allowed)
		msgprint(_("Note: Due Date exceeds allowed {0} credit days by {1} day(s)").format("customer", days))
	else:
		frappe.throw(_("Due / Reference Date cannot be after {0}").format(formatdate(allowed)))


@frappe.whitelist()
def get_payment_terms_template(party_name: str, party_type: str, company: str | None = None) -> str | None:
	"""The payment terms of a customer, its group, else the company."""
	terms, group = frappe.get_cached_value(party_type, party_name, ["payment_terms", "customer_group"])
	if not terms and group:
		terms = frappe.get_cached_value("Customer Group", group, "payment_terms")
	if not terms and company:
		terms = frappe.get_cached_value("Company", company, "payment_terms")
	return terms


def validate_party_frozen_disabled(party_type: str, party_name: str | None) -> None:
	if frappe.flags.ignore_party_validation or not (party_type and party_name):
		return
	disabled, frozen = frappe.get_cached_value(party_type, party_name, ["disabled", "is_frozen"])
	if disabled:
		frappe.throw(_("{0} {1} is disabled").format(party_type, party_name), PartyDisabled)
	modifier = frappe.db.get_single_value("Accounts Settings", "frozen_accounts_modifier")
	if frozen and modifier not in frappe.get_roles():
		frappe.throw(_("{0} {1} is frozen").format(party_type, party_name), PartyFrozen)
