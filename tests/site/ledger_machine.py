"""Random months on a real site: whatever people do, in any order, the audit finds nothing wrong after any step, and what is owed is what an
oracle works out a second time (`ledger_oracle`)."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal

import frappe
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from support_retainer import billing, contracts, timebank
from tests import kinds
from tests.factories import CustomerFactory, EmployeeFactory, IssueFactory, RetainerFactory, book
from tests.site import ledger_oracle
from tests.world import COMPANY

TERMS = st.fixed_dictionaries(
	{
		"mode": st.sampled_from(["With Timebank", "With Timebank", "Without Timebank"]),
		"currency": st.sampled_from(["SEK", "SEK", "EUR"]),
		"hours_per_period": st.sampled_from([1, 1, 2.5, 10]),
		"period": st.sampled_from(["Monthly", "Quarterly"]),
		"prorate": st.sampled_from([0, 1]),
		"carry_over": st.sampled_from(["None", "Periods", "Unlimited"]),
		"carry_over_periods": st.just(1),
		"carry_over_cap_hours": st.sampled_from([0, 1.5]),
		"overage_policy": st.sampled_from(["Bill", "Ask First", "Draw From Next Period"]),
		"surcharge_settlement": st.sampled_from(["Invoice", "Timebank"]),
		"rounding_scope": st.sampled_from(["Time Entry", "Ticket and Day"]),
		"fee_billing": st.sampled_from(["In Advance", "In Advance", "In Arrears", "Not Billed"]),
		"retainer_fee": st.just(9001),
		"hourly_rate": st.sampled_from([1000, 997.5]),
		"invoice_cadence": st.sampled_from(["On Submit", "Per Period"]),
		"submit_invoices": st.sampled_from([0, 0, 0, 1]),
		"invoice_delivery": st.sampled_from(["Email", "Post"]),
	}
)
NEW_TERMS = st.fixed_dictionaries(
	{"hourly_rate": st.sampled_from([1100, 1250]), "hours_per_period": st.sampled_from([1, 4])},
	optional={
		"retainer_fee": st.sampled_from([7003, 12000]),
		"rounding_scope": st.sampled_from(["Time Entry", "Ticket and Day"]),
		"overage_policy": st.sampled_from(["Bill", "Ask First", "Draw From Next Period"]),
		"fee_billing": st.sampled_from(["In Advance", "In Arrears", "Not Billed"]),
		"carry_over": st.sampled_from(["None", "Unlimited"]),
	},
)
picks = st.integers(0, 1000)


def _exact(amount: float) -> Decimal:
	return Decimal(str(amount))


def there_is(doctype: str, **filters: object):
	"""A rule that is played only where it has something to do, so that a step is seldom spent on nothing."""
	return precondition(lambda self: bool(self._names(doctype, **filters)))


def _euro(day: datetime, rate: float) -> None:
	values = {"from_currency": "EUR", "to_currency": "SEK", "for_buying": 1, "for_selling": 1}
	name = frappe.db.exists("Currency Exchange", {**values, "date": day.date()})
	doc = frappe.get_doc("Currency Exchange", name) if name else frappe.new_doc("Currency Exchange")
	doc.update({**values, "date": day.date(), "exchange_rate": rate})
	doc.save()


def _customer(currency: str) -> str:
	"""A customer, in euro with an account of that currency."""
	customer = CustomerFactory()
	if currency == "EUR":
		frappe.db.set_value("Currency", "EUR", "enabled", 1)
		receivable = frappe.db.get_value(
			"Account", {"company": COMPANY, "account_type": "Receivable", "is_group": 0}, "parent_account"
		)
		values = {"account_name": "Kundfordringar EUR (prov)", "company": COMPANY, "account_currency": "EUR"}
		account = frappe.db.exists("Account", values) or (
			frappe.get_doc(
				{"doctype": "Account", "parent_account": receivable, "account_type": "Receivable", **values}
			)
			.insert()
			.name
		)
		customer.default_currency = "EUR"
		customer.append("accounts", {"company": COMPANY, "account": account})
		customer.save()
	return customer.name


def _included_tax() -> dict:
	"""25 % that is in the rate already."""
	account = frappe.db.get_value("Account", {"company": COMPANY, "account_type": "Tax", "is_group": 0})
	return {
		"charge_type": "On Net Total",
		"account_head": account,
		"description": "Moms 25 %",
		"rate": 25,
		"included_in_print_rate": 1,
	}


class Months(RuleBasedStateMachine):
	"""One retainer, two tickets, two people, and all that can happen to them. What is refused is undone and forgotten."""

	steps = 0
	refused = 0

	@initialize(terms=TERMS)
	def begin(self, terms: dict) -> None:
		frappe.db.rollback()
		frappe.clear_cache()
		self.now, self.edited, self.is_whole = datetime(2026, 11, 3, 8), set(), True
		if terms["mode"] == "Without Timebank":
			terms = {**terms, "hours_per_period": 0, "fee_billing": "Not Billed", "overage_policy": "Bill"}
		with self._clock():
			if terms["currency"] == "EUR":
				_euro(self.now, 11.5)
			self.retainer = RetainerFactory(customer=_customer(terms["currency"]), **terms).name
			customer = frappe.db.get_value("Retainer", self.retainer, "customer")
			self.tickets = [
				IssueFactory(customer=customer),
				IssueFactory(customer=customer, priority="Urgent"),
			]
			self.urgent = {
				self.tickets[0].name: [(self.now, False)],
				self.tickets[1].name: [(self.now, True)],
			}
			billing.invoice_due()
			self.people = [EmployeeFactory().name for _ in range(2)]

	def teardown(self) -> None:
		frappe.db.rollback()
		frappe.clear_cache()
		frappe.local.document_cache = {}

	@rule(
		who=st.integers(0, 1),
		what=st.integers(0, 1),
		ago=st.integers(0, 40),
		at=picks,
		minutes=st.integers(1, 200),
	)
	def book(self, who: int, what: int, ago: int, at: int, minutes: int) -> None:
		start = (self.now - timedelta(days=ago)).replace(hour=0) + timedelta(minutes=at)
		with self._step():
			self._book(who, what, start, minutes)

	@rule(
		who=st.integers(0, 1),
		what=st.integers(0, 1),
		at=picks,
		because=st.sampled_from(["Goodwill", "Internal"]),
	)
	def give(self, who: int, what: int, at: int, because: str) -> None:
		"""Book time that is not charged."""
		with self._step():
			start = self.now.replace(hour=0) + timedelta(minutes=at)
			self._book(who, what, start, 50, because)

	@rule(what=st.integers(0, 1), urgent=st.booleans())
	def change_priority(self, what: int, urgent: bool) -> None:
		with self._step():
			doc = frappe.get_doc("Issue", self.tickets[what].name)
			doc.priority = "Urgent" if urgent else "Medium"
			doc.save()
			self.urgent[doc.name].append((self.now, urgent))

	@rule(off=st.booleans())
	def switch_the_customer(self, off: bool) -> None:
		"""Disabled for a while: drafts are refused, work is not."""
		with self._step():
			customer = frappe.db.get_value("Retainer", self.retainer, "customer")
			frappe.db.set_value("Customer", customer, "disabled", int(off))
			frappe.clear_document_cache("Customer", customer)

	@rule(rate=st.sampled_from([10.5, 11, 12.25]))
	def rate_moves(self, rate: float) -> None:
		with self._step():
			if frappe.db.get_value("Retainer", self.retainer, "currency") == "EUR":
				_euro(self.now, rate)

	@rule(
		field=st.sampled_from(
			["support_item", "project_management_item", "invoice_fee_item", "retainer_fee_item"]
		)
	)
	def choose_another_item(self, field: str) -> None:
		"""Settings change; two kinds may have one item."""
		with self._step():
			settings = frappe.get_single("Retainer Settings")
			settings.set(field, settings.surcharge_item)
			settings.save()

	@there_is("Timesheet", docstatus=1)
	@rule(pick=picks)
	def cancel(self, pick: int) -> None:
		if name := self._one("Timesheet", pick, docstatus=1):
			with self._step():
				frappe.get_doc("Timesheet", name).cancel()

	@there_is("Timesheet", docstatus=1)
	@rule(pick=picks, minutes=st.integers(1, 90))
	def amend(self, pick: int, minutes: int) -> None:
		if name := self._one("Timesheet", pick, docstatus=1):
			with self._step():
				sheet = frappe.get_doc("Timesheet", name)
				sheet.cancel()
				log = sheet.time_logs[0]
				what = [ticket.name for ticket in self.tickets].index(log.ticket)
				self._book(self.people.index(sheet.employee), what, log.from_time, minutes)

	@rule(hours=st.sampled_from([0.5, 2]), sold=st.booleans())
	def top_up(self, hours: float, sold: bool) -> None:
		with self._step():
			billing.top_up(self.retainer, hours, reason="Present", sold=sold)

	@rule(hours=st.sampled_from([-1, -0.25, 0.25]))
	def adjust(self, hours: float) -> None:
		with self._step():
			billing.adjust(self.retainer, hours, "Rättelse")

	@there_is("Sales Invoice", docstatus=0)
	@rule(
		pick=picks, what=st.sampled_from(["submit", "submit", "submit", "edit", "delete", "discount", "tax"])
	)
	def handle_draft(self, pick: int, what: str) -> None:
		name = self._one("Sales Invoice", pick, docstatus=0)
		with self._step():
			if what == "delete":
				frappe.delete_doc("Sales Invoice", name)
				return
			doc = frappe.get_doc("Sales Invoice", name)
			if what == "submit":
				doc.submit()
				return
			if what == "discount":
				doc.apply_discount_on, doc.additional_discount_percentage = "Net Total", 10
			elif what == "tax":
				doc.append("taxes", _included_tax())
			else:
				doc.items[0].rate = doc.items[0].rate + 11
			doc.save()
			self.edited.add(name)

	@there_is("Sales Invoice", docstatus=1)
	@rule(pick=picks)
	def cancel_invoice(self, pick: int) -> None:
		if name := self._one("Sales Invoice", pick, docstatus=1):
			with self._step():
				frappe.get_doc("Sales Invoice", name).cancel()

	@there_is("Sales Invoice", docstatus=2, is_return=0)
	@rule(pick=picks, submit=st.booleans())
	def amend_invoice(self, pick: int, submit: bool) -> None:
		"""What the desk's Amend does: all fields copied, under a new name. Once for each."""
		name = self._one("Sales Invoice", pick, docstatus=2, is_return=0)
		if frappe.db.exists("Sales Invoice", {"amended_from": name, "docstatus": ("<", 2)}):
			return
		with self._step():
			doc = frappe.copy_doc(frappe.get_doc("Sales Invoice", name))
			doc.update({"amended_from": name, "docstatus": 0})
			doc.insert()
			if name in self.edited:
				self.edited.add(doc.name)
			if submit:
				doc.submit()

	@there_is("Sales Invoice", docstatus=("<", 2), is_return=0)
	@rule(pick=picks, submit=st.booleans())
	def duplicate_invoice(self, pick: int, submit: bool) -> None:
		"""What the desk's Duplicate does: fields that are not to be copied are left out."""
		name = self._one("Sales Invoice", pick, docstatus=("<", 2), is_return=0)
		with self._step():
			doc = frappe.copy_doc(frappe.get_doc("Sales Invoice", name), ignore_no_copy=False)
			doc.update({"docstatus": 0, "timesheets": []})
			doc.insert()
			self.edited.add(doc.name)
			if submit:
				doc.submit()

	@there_is("Sales Invoice", docstatus=1, is_return=0)
	@rule(pick=picks, way=st.sampled_from(["in full", "half", "price alone", "no quantity"]))
	def credit(self, pick: int, way: str) -> None:
		from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

		if name := self._one("Sales Invoice", pick, docstatus=1, is_return=0):
			with self._step():
				note = make_sales_return(name)
				if way != "in full":
					note.items = note.items[:1]
				if way == "half":
					note.items[0].qty = note.items[0].qty / 2
				elif way == "price alone":
					note.items[0].rate = round(note.items[0].rate / 4, 2)
				elif way == "no quantity":
					note.items[0].qty, note.items[0].rate = 0, -100
				note.insert()
				note.submit()

	@rule(days=st.integers(1, 45), invoicing=st.booleans())
	def time_passes(self, days: int, invoicing: bool) -> None:
		if self.now < datetime(2027, 12, 1):
			self.now += timedelta(days=days)
		with self._step():
			timebank.open_due_periods()
			if invoicing:
				billing.invoice_due()

	@rule()
	def close(self) -> None:
		with self._step():
			billing.close_retainer(self.retainer, after_days=0)

	@rule()
	def invoice(self) -> None:
		with self._step():
			billing.invoice_due()

	@there_is("Timebank Period", status="Closed")
	@rule(pick=picks)
	def reopen(self, pick: int) -> None:
		if name := self._one("Timebank Period", pick, status="Closed"):
			with self._step():
				billing.reopen_period(name, "Glömd tid")

	@there_is("Timebank Entry", billing_status="Held")
	@rule(approved=st.booleans(), pick=picks)
	def decide(self, approved: bool, pick: int) -> None:
		held = billing.held_entries(self.retainer)
		if held:
			one = held[pick % len(held)]
			with self._step():
				(billing.approve if approved else billing.decline)([one.name], "Så blev det")

	@rule(ahead=st.integers(-40, 40), terms=NEW_TERMS)
	def change_terms(self, ahead: int, terms: dict) -> None:
		self.is_whole = False
		with self._step():
			since = (self.now + timedelta(days=ahead)).date()
			contracts.change_terms(self.retainer, str(since), terms)

	@there_is("Sales Invoice", docstatus=0, timebank_period=("is", "set"))
	@rule(pick=picks, terms=NEW_TERMS)
	def change_terms_of_a_draft(self, pick: int, terms: dict) -> None:
		"""From the first day of a period that has a draft: what stands on it may cost another sum now, or nothing."""
		first, _last = self._span_of_a_draft(pick)
		self.is_whole = False
		with self._step():
			contracts.change_terms(self.retainer, str(first), terms)

	@there_is("Sales Invoice", docstatus=0, timebank_period=("is", "set"))
	@rule(pick=picks, share=st.floats(0, 1))
	def end_within_a_draft(self, pick: int, share: float) -> None:
		"""On some day of a period that has a draft, or take such an end back."""
		first, last = self._span_of_a_draft(pick)
		end = first + timedelta(days=int((last - first).days * share))
		self._save(end_date=None if end == last else end)

	@rule(status=st.sampled_from(["Paused", "Active"]))
	def pause(self, status: str) -> None:
		self._save(status=status)

	@rule(days=st.one_of(st.none(), st.integers(-20, 40)))
	def end(self, days: int | None) -> None:
		self.is_whole = False
		if days is None or days >= 0:
			end = days and (self.now + timedelta(days=days)).date()
			self._save(end_date=end or None, status="Active")
			return
		with self._step():
			last = (self.now + timedelta(days=days)).date()
			contracts.end_retainer(self.retainer, str(last), "Uppsagt")

	@precondition(lambda self: hasattr(self, "retainer"))
	@invariant()
	def audited(self) -> None:
		with self._clock():
			findings = [str(finding) for finding in billing.audit(self.retainer)]
		if (
			not self.is_whole
		):  # what was worked in a pause, or after an end that was taken back, is listed: nobody charged it
			findings = [finding for finding in findings if "is in no ledger" not in finding]
		assert not findings, findings

	@precondition(lambda self: hasattr(self, "retainer"))
	@invariant()
	def owed_as_the_oracle_says(self) -> None:
		wrong = ledger_oracle.check(
			self.retainer,
			[ticket.name for ticket in self.tickets],
			self.now.date(),
			self._was_urgent,
			self.edited,
			self.is_whole,
		)
		assert not wrong, wrong

	@precondition(lambda self: hasattr(self, "retainer"))
	@invariant()
	def only_hand_edits_are_corrected(self) -> None:
		filters = {"retainer": self.retainer, "entry_type": "Correction", "key": ("like", "EDIT:%")}
		assert set(frappe.get_all("Timebank Entry", filters, pluck="sales_invoice")) - {None} <= self.edited

	@precondition(lambda self: hasattr(self, "retainer"))
	@invariant()
	def drafts_ask_for_what_the_ledger_asks_for(self) -> None:
		"""A draft that nobody edited adds up to all that its period has to bill, whatever moved the ledger."""
		filters = {
			"retainer": self.retainer,
			"timebank_period": ("is", "set"),
			"docstatus": 0,
			"is_return": 0,
		}
		for name in set(frappe.get_all("Sales Invoice", filters, pluck="name")) - self.edited:
			doc = frappe.get_doc("Sales Invoice", name)
			asked = [
				row.net_amount
				for row in doc.items
				if row.timebank_line and row.timebank_kind not in ("Postal Fee", "Top-up")
			]
			assert sum(map(_exact, asked)) == self._to_bill(doc), (name, asked)

	def _to_bill(self, invoice) -> Decimal:
		"""What a period has to bill on this draft; a contract billed per period asks for its fee alone until the period is closed."""
		filters = {"period": invoice.timebank_period, "billing_status": "To Bill"}
		rows = frappe.get_all("Timebank Entry", filters, ["amount", "entry_type", "sales_invoice"])
		cadence = frappe.db.get_value("Retainer", self.retainer, "invoice_cadence")
		is_open = frappe.db.get_value("Timebank Period", invoice.timebank_period, "status") == "Open"
		if cadence == "Per Period" and is_open:
			rows = [row for row in rows if row.entry_type == "Fee"]
		return sum(
			(_exact(row.amount) for row in rows if row.sales_invoice in (None, "", invoice.name)), Decimal(0)
		)

	def _book(self, who: int, what: int, start: datetime, minutes: int, because: str = "") -> None:
		span = (f"{start:%Y-%m-%d %H:%M}", f"{start + timedelta(minutes=minutes):%Y-%m-%d %H:%M}")
		sheet = book(self.tickets[what], span, employee=self.people[who], submit=False)
		if because:
			sheet.time_logs[0].not_charged_because = because
			sheet.save()
		sheet.submit()

	def _was_urgent(self, ticket: str, moment: datetime) -> bool:
		"""What the ticket was at a moment; before it was registered, what it was registered as."""
		known = self.urgent[ticket]
		return [urgent for since, urgent in known if since <= moment or since == known[0][0]][-1]

	def _save(self, **values: object) -> None:
		self.is_whole = False
		with self._step():
			doc = frappe.get_doc("Retainer", self.retainer)
			doc.update(values)
			doc.save()

	def _span_of_a_draft(self, pick: int) -> tuple[date, date]:
		name = self._one("Sales Invoice", pick, docstatus=0, timebank_period=("is", "set"))
		period = frappe.db.get_value("Sales Invoice", name, "timebank_period")
		return frappe.db.get_value("Timebank Period", period, ("from_date", "to_date"))

	def _names(self, doctype: str, **filters: object) -> list[str]:
		own = {"employee": ("in", self.people)} if doctype == "Timesheet" else {"retainer": self.retainer}
		return frappe.get_all(doctype, filters | own, pluck="name", order_by="creation, name")

	def _one(self, doctype: str, pick: int, **filters: object) -> str | None:
		names = self._names(doctype, **filters)
		return names[pick % len(names)] if names else None

	@contextmanager
	def _clock(self):
		with kinds.at(f"{self.now:%Y-%m-%d %H:%M}"):
			yield

	@contextmanager
	def _step(self):
		"""Do one thing; what is refused with a sentence leaves nothing behind."""
		Months.steps += 1
		with self._clock():
			frappe.db.savepoint("step")
			try:
				yield
			except frappe.ValidationError:
				Months.refused += 1
				frappe.db.rollback(save_point="step")
				frappe.clear_cache(doctype="Retainer")
				frappe.local.document_cache = {}
			frappe.local.message_log = []
