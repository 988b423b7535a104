"""Random months on a real site: whatever people do, in any order, the audit finds nothing wrong after any step."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import datetime, timedelta

import frappe
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from support_retainer import billing, contracts, timebank
from tests import kinds
from tests.factories import EmployeeFactory, IssueFactory, RetainerFactory, book

TERMS = st.fixed_dictionaries(
	{
		"hours_per_period": st.sampled_from([1, 2.5, 10]),
		"period": st.sampled_from(["Monthly", "Quarterly"]),
		"prorate": st.sampled_from([0, 1]),
		"carry_over": st.sampled_from(["None", "Periods", "Unlimited"]),
		"carry_over_periods": st.just(1),
		"carry_over_cap_hours": st.sampled_from([0, 1.5]),
		"overage_policy": st.sampled_from(["Bill", "Ask First", "Draw From Next Period"]),
		"surcharge_settlement": st.sampled_from(["Invoice", "Timebank"]),
		"rounding_scope": st.sampled_from(["Time Entry", "Ticket and Day"]),
		"fee_billing": st.sampled_from(["In Advance", "In Arrears", "Not Billed"]),
		"retainer_fee": st.just(9001),
		"hourly_rate": st.sampled_from([1000, 997.5]),
		"invoice_cadence": st.sampled_from(["On Submit", "Per Period"]),
		"submit_invoices": st.sampled_from([0, 0, 1]),
		"invoice_delivery": st.sampled_from(["Email", "Post"]),
	}
)
picks = st.integers(0, 1000)


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

	@rule(pick=picks)
	def cancel(self, pick: int) -> None:
		if name := self._one("Timesheet", pick, docstatus=1, employee=("in", self.people)):
			with self._step():
				frappe.get_doc("Timesheet", name).cancel()

	@rule(pick=picks, minutes=st.integers(1, 90))
	def amend(self, pick: int, minutes: int) -> None:
		if name := self._one("Timesheet", pick, docstatus=1, employee=("in", self.people)):
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

	@rule(pick=picks)
	def submit_invoice(self, pick: int) -> None:
		if name := self._one("Sales Invoice", pick, docstatus=0):
			with self._step():
				frappe.get_doc("Sales Invoice", name).submit()

	@rule(pick=picks)
	def edit_invoice(self, pick: int) -> None:
		if name := self._one("Sales Invoice", pick, docstatus=0):
			with self._step():
				doc = frappe.get_doc("Sales Invoice", name)
				doc.items[0].rate = doc.items[0].rate + 11
				doc.save()
				self.edited.add(name)

	@rule(pick=picks)
	def delete_draft(self, pick: int) -> None:
		if name := self._one("Sales Invoice", pick, docstatus=0):
			with self._step():
				frappe.delete_doc("Sales Invoice", name)

	@rule(pick=picks)
	def cancel_invoice(self, pick: int) -> None:
		if name := self._one("Sales Invoice", pick, docstatus=1):
			with self._step():
				frappe.get_doc("Sales Invoice", name).cancel()

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

	@rule(days=st.integers(1, 45))
	def time_passes(self, days: int) -> None:
		if self.now < datetime(2027, 12, 1):
			self.now += timedelta(days=days)
		with self._step():
			timebank.open_due_periods()

	@rule()
	def close(self) -> None:
		with self._step():
			billing.close_retainer(self.retainer, after_days=0)

	@rule()
	def invoice(self) -> None:
		with self._step():
			billing.invoice_due()

	@rule(pick=picks)
	def reopen(self, pick: int) -> None:
		if name := self._one("Timebank Period", pick, status="Closed"):
			with self._step():
				billing.reopen_period(name, "Glömd tid")

	@rule(approved=st.booleans(), pick=picks)
	def decide(self, approved: bool, pick: int) -> None:
		held = billing.held_entries(self.retainer)
		if held:
			one = held[pick % len(held)]
			with self._step():
				(billing.approve if approved else billing.decline)([one.name], "Så blev det")

	@rule(
		ahead=st.integers(-40, 40),
		terms=st.fixed_dictionaries(
			{"hourly_rate": st.sampled_from([1100, 1250]), "hours_per_period": st.sampled_from([1, 4])},
			optional={
				"rounding_scope": st.sampled_from(["Time Entry", "Ticket and Day"]),
				"overage_policy": st.sampled_from(["Bill", "Ask First", "Draw From Next Period"]),
				"fee_billing": st.sampled_from(["In Advance", "In Arrears", "Not Billed"]),
				"carry_over": st.sampled_from(["None", "Unlimited"]),
			},
		),
	)
	def change_terms(self, ahead: int, terms: dict) -> None:
		with self._step():
			since = (self.now + timedelta(days=ahead)).date()
			contracts.change_terms(self.retainer, str(since), terms)

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

	def _book(self, who: int, what: int, start: datetime, minutes: int) -> None:
		span = (f"{start:%Y-%m-%d %H:%M}", f"{start + timedelta(minutes=minutes):%Y-%m-%d %H:%M}")
		book(self.tickets[what], span, employee=self.people[who])

	def _save(self, **values: object) -> None:
		with self._step():
			doc = frappe.get_doc("Retainer", self.retainer)
			doc.update(values)
			doc.save()

	def _one(self, doctype: str, pick: int, **filters: object) -> str | None:
		if doctype != "Timesheet":
			filters["retainer"] = self.retainer
		names = frappe.get_all(doctype, filters, pluck="name", order_by="creation, name")
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
