"""Random months on a real site: whatever people do, in any order, the audit finds nothing wrong after any step."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal

import frappe
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from support_retainer import billing, contracts, timebank
from tests import kinds
from tests.factories import EmployeeFactory, IssueFactory, RetainerFactory, book

TERMS = st.fixed_dictionaries(
	{
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


class Months(RuleBasedStateMachine):
	"""One retainer, two tickets, two people, and all that can happen to them. What is refused is undone and forgotten."""

	steps = 0
	refused = 0

	@initialize(terms=TERMS)
	def begin(self, terms: dict) -> None:
		frappe.db.rollback()
		frappe.clear_cache()
		self.now, self.edited = datetime(2026, 11, 3, 8), set()
		with self._clock():
			self.retainer = RetainerFactory(**terms).name
			customer = frappe.db.get_value("Retainer", self.retainer, "customer")
			self.tickets = [
				IssueFactory(customer=customer),
				IssueFactory(customer=customer, priority="Urgent"),
			]
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
	@rule(pick=picks, what=st.sampled_from(["submit", "submit", "edit", "delete"]))
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
			doc.items[0].rate = doc.items[0].rate + 11
			doc.save()
			self.edited.add(name)

	@there_is("Sales Invoice", docstatus=1)
	@rule(pick=picks)
	def cancel_invoice(self, pick: int) -> None:
		if name := self._one("Sales Invoice", pick, docstatus=1):
			with self._step():
				frappe.get_doc("Sales Invoice", name).cancel()

	@there_is("Sales Invoice", docstatus=1, is_return=0)
	@rule(pick=picks, partly=st.booleans())
	def credit(self, pick: int, partly: bool) -> None:
		from erpnext.accounts.doctype.sales_invoice.sales_invoice import make_sales_return

		if name := self._one("Sales Invoice", pick, docstatus=1, is_return=0):
			with self._step():
				note = make_sales_return(name)
				if partly:
					note.items = note.items[:1]
					note.items[0].qty = note.items[0].qty / 2
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
		with self._step():
			since = (self.now + timedelta(days=ahead)).date()
			contracts.change_terms(self.retainer, str(since), terms)

	@there_is("Sales Invoice", docstatus=0, timebank_period=("is", "set"))
	@rule(pick=picks, terms=NEW_TERMS)
	def change_terms_of_a_draft(self, pick: int, terms: dict) -> None:
		"""From the first day of a period that has a draft: what stands on it may cost another sum now, or nothing."""
		first, _last = self._span_of_a_draft(pick)
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
		assert not findings, findings

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
			fee_for_post = frappe.db.get_single_value("Retainer Settings", "invoice_fee_item")
			asked = [row.amount for row in doc.items if row.timebank_line and row.item_code != fee_for_post]
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

	def _book(self, who: int, what: int, start: datetime, minutes: int) -> None:
		span = (f"{start:%Y-%m-%d %H:%M}", f"{start + timedelta(minutes=minutes):%Y-%m-%d %H:%M}")
		book(self.tickets[what], span, employee=self.people[who])

	def _save(self, **values: object) -> None:
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
