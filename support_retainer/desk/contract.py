"""A retainer's terms in words, as one would say them to the customer. Read while the form is filled in."""

from __future__ import annotations

import frappe
from frappe import _
from frappe.utils import cint, flt, format_date

from support_retainer import contracts, tickets
from support_retainer.words import hours, money, percent


def in_words(doc: frappe._dict) -> list[str]:
	"""Return the terms as sentences, what matters most first. What is not filled in yet is left out."""
	currency = doc.currency or (
		doc.company and frappe.get_cached_value("Company", doc.company, "default_currency")
	)
	own = doc.name if doc.name and frappe.db.exists("Retainer", doc.name) else None
	main = [_without(doc, currency)] if doc.mode == "Without Timebank" else [_with(doc, currency), _left(doc)]
	main.append(_urgent(own))
	lines = ["; ".join(part for part in main if part)]
	lines += [_beyond(doc, currency), _rounding(doc), _invoices(doc), _estimates(doc), _dates(doc)]
	return [f"{line[0].upper()}{line[1:]}." for line in lines if line]


def _with(doc: frappe._dict, currency: str | None) -> str:
	if not flt(doc.hours_per_period):
		return ""
	given = _plain(doc.hours_per_period)
	if flt(doc.hours_per_period) == 1:
		return _with_one(doc, currency)
	if doc.fee_billing == "Not Billed" or not flt(doc.retainer_fee):
		return (_("{0} hours a quarter") if doc.period == "Quarterly" else _("{0} hours a month")).format(
			given
		)
	sentence = {
		("Monthly", "In Advance"): _("{0} hours a month for {1} in advance"),
		("Monthly", "In Arrears"): _("{0} hours a month for {1} in arrears"),
		("Quarterly", "In Advance"): _("{0} hours a quarter for {1} in advance"),
		("Quarterly", "In Arrears"): _("{0} hours a quarter for {1} in arrears"),
	}[doc.period or "Monthly", doc.fee_billing or "In Advance"]
	return sentence.format(given, money(flt(doc.retainer_fee), currency))


def _with_one(doc: frappe._dict, currency: str | None) -> str:
	quarterly = doc.period == "Quarterly"
	if doc.fee_billing == "Not Billed" or not flt(doc.retainer_fee):
		return _("1 hour a quarter") if quarterly else _("1 hour a month")
	if doc.fee_billing == "In Arrears":
		sentence = (
			_("1 hour a quarter for {0} in arrears") if quarterly else _("1 hour a month for {0} in arrears")
		)
	else:
		sentence = (
			_("1 hour a quarter for {0} in advance") if quarterly else _("1 hour a month for {0} in advance")
		)
	return sentence.format(money(flt(doc.retainer_fee), currency))


def _without(doc: frappe._dict, currency: str | None) -> str:
	if not flt(doc.hourly_rate):
		return _("no time bank: all work is invoiced")
	return _("no time bank: all work is invoiced at {0} an hour").format(
		money(flt(doc.hourly_rate), currency)
	)


def _left(doc: frappe._dict) -> str:
	cap = flt(doc.carry_over_cap_hours)
	if doc.carry_over == "Unlimited":
		text = _("unused time never expires")
	elif doc.carry_over == "Periods" and cint(doc.carry_over_periods) == 1:
		text = _("unused time may be used one period more")
	elif doc.carry_over == "Periods":
		text = _("unused time may be used {0} periods more").format(cint(doc.carry_over_periods))
	else:
		return _("unused time expires")
	if not cap:
		return text
	return _("{0}, at most {1} hours").format(text, _plain(cap))


def _urgent(retainer: str | None) -> str:
	found = tickets.surcharges("Urgent", retainer)
	rates = list(dict.fromkeys(f"+{percent(value)}" for value in found.values()))
	return _("urgent work is charged {0}").format(" / ".join(rates)) if rates else ""


def _beyond(doc: frappe._dict, currency: str | None) -> str:
	if doc.mode == "Without Timebank":
		return ""
	surcharge = (
		_("surcharges draw extra time")
		if doc.surcharge_settlement == "Timebank"
		else _("surcharges are invoiced")
	)
	if not flt(doc.hourly_rate):
		return surcharge
	sentence = {
		"Ask First": _("time beyond the bank waits for the customer's approval, then costs {0} an hour; {1}"),
		"Draw From Next Period": _(
			"time beyond the bank is drawn from the next period ({0} an hour if none follows); {1}"
		),
	}.get(doc.overage_policy, _("time beyond the bank costs {0} an hour; {1}"))
	return sentence.format(money(flt(doc.hourly_rate), currency), surcharge)


def _rounding(doc: frappe._dict) -> str:
	minutes, share = cint(doc.increment_minutes), flt(doc.project_management_percent)
	if not minutes:
		return ""
	sentence = (
		_("work is charged per started {0} minutes, a ticket's work of a day together")
		if doc.rounding_scope == "Ticket and Day"
		else _("work is charged per started {0} minutes")
	)
	text = sentence.format(minutes)
	return _("{0}; project management adds {1}").format(text, percent(share)) if share else text


def _invoices(doc: frappe._dict) -> str:
	when = (
		_("extra work is invoiced when the period closes")
		if doc.invoice_cadence == "Per Period"
		else _("extra work is put on the invoice as soon as its time is submitted")
	)
	how = (
		_("invoices are submitted by themselves")
		if cint(doc.submit_invoices)
		else _("invoices wait as drafts")
	)
	fee = flt(contracts.settings().postal_invoice_fee)
	if doc.invoice_delivery != "Post":
		sent = _("sent by e-mail, free of charge")
	elif fee and doc.company:
		own = frappe.get_cached_value("Company", doc.company, "default_currency")
		sent = _("sent by post for {0} each").format(money(fee, own))
	else:
		sent = _("sent by post")
	return "; ".join((when, how, sent))


def _estimates(doc: frappe._dict) -> str:
	if not flt(doc.estimate_threshold_hours):
		return ""
	limit = _plain(doc.estimate_threshold_hours)
	return _("a ticket of {0} hours or more begins with an approved estimate").format(limit)


def _dates(doc: frappe._dict) -> str:
	if not doc.start_date:
		return ""
	start = format_date(doc.start_date)
	if doc.end_date:
		return _("support from {0} to {1}").format(start, format_date(doc.end_date))
	return _("support from {0} until one of you ends it").format(start)


def _plain(value: float) -> str:
	"""Return hours without idle minutes: 10 → "10", 2.5 → "2:30"."""
	text = hours(contracts.hours_to_seconds(flt(value)))
	return text.removesuffix(":00") if text.count(":") == 1 else text
