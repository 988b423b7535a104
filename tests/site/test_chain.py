"""The ledger proves that nobody touched it: each entry is a link, periods keep where the chain was, and a file alone checks a statement."""

from __future__ import annotations

import json
import subprocess
import sys

import frappe
import pytest

from support_retainer import billing, timebank
from support_retainer.core import chain as core
from support_retainer.patches import chain_entries
from support_retainer.portal import statements
from tests.factories import IssueFactory, RetainerFactory, book

CHAIN = {"order_by": "chain_number", "limit_page_length": 0}


@pytest.fixture
def world(at):
	"""1 h in November, 2 h worked (0:30 project management): allotment; work and management drawn, work and management beyond. 5 links.

	November is closed on 2 December: nothing was left, so no entry more. December's 1:00 was link 6 by then.
	"""
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(hours_per_period=1)
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-03 12:00"):
		book(ticket, ("2026-11-03 09:00", "2026-11-03 11:00"))
	with at("2026-12-02 08:00"):
		billing.close_retainer(retainer.name, after_days=0)
		yield frappe._dict(retainer=retainer.name, ticket=ticket, november=f"{retainer.name}-2026-11-01")


def _entries(world, **filters):
	filters = {"retainer": world.retainer, **filters}
	return frappe.get_all("Timebank Entry", filters=filters, fields=["*"], **CHAIN)


def _findings(world) -> list[str]:
	return [str(one) for one in timebank.audit_ledger(world.retainer) if "chain" in str(one)]


def test_entries_are_numbered_links_and_the_audit_is_content(world):
	assert [entry.chain_number for entry in _entries(world)] == [1, 2, 3, 4, 5, 6]
	assert len({entry.chain_hash for entry in _entries(world)}) == 6
	assert _findings(world) == []


def test_the_first_link_by_hand(world):
	"""As docs/ledger.md works it out."""
	entry = _entries(world)[0]
	row = {
		"entry_type": "Allotment",
		"key": f"ALLOT:{world.november}",
		"lot": entry.name,
		"lot_no": 1,
		"number": 1,
		"occurred_on": "2026-11-01T00:00:00",
		"period": "2026-11-01",
		"seconds": 3600,
		"valid_from": "2026-11-01",
		"valid_until": "2026-11-30",
	}
	assert entry.chain_hash == core.link(core.START, core.digest(row))


CHANGES = {
	"seconds": {"seconds": -1},
	"worked": {"worked": 1},
	"money": {"amount": 1},
	"rate": {"rate": 1},
	"percent": {"surcharge_percent": 1},
	"date": {"occurred_on": "2026-11-04 09:00:00"},
	"type": {"entry_type": "Adjustment"},
	"key": {"key": "TS:other:1"},
	"lot": {"lot": "other"},
	"currency": {"currency": "EUR"},
	"late": {"is_late": 1},
	"hash": {"chain_hash": "0" * 64},
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_changed_entry_is_named_as_the_first_link_that_does_not_fit(world, what):
	third = _entries(world)[2]
	frappe.db.set_value("Timebank Entry", third.name, CHANGES[what])
	(found,) = _findings(world)
	assert third.name in found and "link 3 of the chain does not fit" in found


def test_an_entry_in_another_period_does_not_fit(world):
	third = _entries(world)[2]
	frappe.db.set_value("Timebank Entry", third.name, "period", f"{world.retainer}-2026-12-01")
	assert "link 3 of the chain does not fit" in _findings(world)[0]


def test_a_removed_entry_is_named(world):
	entries = _entries(world)
	frappe.db.delete("Timebank Entry", {"name": entries[2].name})
	(found,) = _findings(world)
	assert entries[3].name in found and "link 3 of the chain is missing" in found


def test_an_inserted_entry_is_named(world):
	row = dict(_entries(world)[2], name="inskjuten", key="TS:inskjuten:1")
	frappe.db.sql(
		f"insert into `tabTimebank Entry` ({', '.join(f'`{field}`' for field in row)}) values ({', '.join(['%s'] * len(row))})",
		list(row.values()),
	)
	(found,) = _findings(world)
	assert "link 3 of the chain is there twice" in found
	frappe.db.set_value("Timebank Entry", "inskjuten", {"chain_number": 0, "chain_hash": None})
	(found,) = _findings(world)
	assert "inskjuten" in found and "no number" in found


def test_two_entries_that_changed_places_do_not_fit(world):
	second, third = _entries(world)[1:3]
	frappe.db.set_value("Timebank Entry", second.name, "chain_number", 3)
	frappe.db.set_value("Timebank Entry", third.name, "chain_number", 2)
	assert "link 2 of the chain does not fit" in _findings(world)[0]


def test_a_tail_that_was_cut_off_is_found_and_stays_found(world, at):
	december = f"{world.retainer}-2026-12-01"
	frappe.db.delete("Timebank Entry", {"period": december})
	assert "cut off from the end" in _findings(world)[0]
	frappe.db.set_value("Timebank Period", december, {"chain_number": 6})
	with at("2026-12-03 08:00"):
		billing.adjust(world.retainer, 1, "Present")  # what is written next does not close the gap
	assert "link 6 of the chain is missing" in _findings(world)[0]


def test_a_ledger_that_was_written_anew_does_not_lead_to_what_was_closed(world):
	"""Whoever changes an entry and works every hash after it out anew, on the periods too, still has the closing against them."""
	third = _entries(world)[2]
	frappe.db.set_value("Timebank Entry", third.name, "worked", 1)
	closing = frappe.db.get_value("Timebank Period", world.november, ["closing_number", "closing_hash"])
	from support_retainer.timebank import chain

	chain.build(world.retainer)
	frappe.db.set_value(
		"Timebank Period", world.november, {"closing_number": closing[0], "closing_hash": closing[1]}
	)
	assert "link 6: entries were cut off" in _findings(world)[0]


def test_what_moves_and_what_is_renamed_changes_no_link(world, at):
	"""Reversed, billed, the customer renamed, the ticket's name another: the chain is the same."""
	(invoice,) = frappe.get_all("Sales Invoice", {"retainer": world.retainer}, pluck="name")
	with at("2026-12-03 08:00"):
		frappe.get_doc("Sales Invoice", invoice).submit()
	customer = frappe.db.get_value("Retainer", world.retainer, "customer")
	frappe.rename_doc("Customer", customer, f"{customer} Nytt")
	frappe.rename_doc("Issue", world.ticket.name, f"{world.ticket.name}-X")
	assert {entry.customer for entry in _entries(world)} == {f"{customer} Nytt"}
	assert _findings(world) == []


def test_reversals_name_what_they_take_back(world, at):
	with at("2026-12-03 08:00"):
		(name,) = timebank.reverse([_entries(world)[3].name], "Fel")
	assert _findings(world) == []
	other = _entries(world)[2].name
	frappe.db.set_value("Timebank Entry", name, "reversal_of", other)
	assert "link 7 of the chain does not fit" in _findings(world)[0]


def test_entries_of_before_the_chain_become_its_first_links(world):
	frappe.db.set_value(
		"Timebank Entry", {"retainer": world.retainer}, {"chain_number": 0, "chain_hash": None}
	)
	none = {"chain_number": 0, "chain_hash": None, "closing_number": 0, "closing_hash": None}
	frappe.db.set_value("Timebank Period", {"retainer": world.retainer}, none)
	chain_entries.execute()
	assert [entry.chain_number for entry in _entries(world)] == [1, 2, 3, 4, 5, 6]
	assert _findings(world) == []
	assert core.check(timebank.export(world.november)) == []
	before = [entry.chain_hash for entry in _entries(world)]
	chain_entries.execute()
	assert [entry.chain_hash for entry in _entries(world)] == before


# statements ---------------------------------------------------------------------------------------


def test_a_statement_prints_the_hash_and_the_export_leads_to_it(world, tmp_path, at):
	number, whole = frappe.db.get_value("Timebank Period", world.november, ["closing_number", "closing_hash"])
	assert number == 6
	printed = frappe.get_print("Timebank Period", world.november, print_format="Period Statement")
	assert whole in printed and core.short(whole) in printed
	file = tmp_path / "statement.json"
	file.write_bytes(statements.as_json(timebank.export(world.november)))
	run = [sys.executable, "-I", core.__file__, str(file), core.short(whole)]
	done = subprocess.run(run, capture_output=True, text=True)
	assert done.returncode == 0, done.stdout
	assert "5 entries in 6 links fit" in done.stdout
	file.write_text(file.read_text().replace('"seconds": 3600', '"seconds": 3601', 1))
	done = subprocess.run(run, capture_output=True, text=True)
	assert done.returncode == 1 and "was changed" in done.stdout


def test_an_open_period_prints_where_the_ledger_is_now_and_an_earlier_print_still_holds(world, at):
	december = f"{world.retainer}-2026-12-01"
	earlier = timebank.export(december)
	assert core.check(earlier) == []
	with at("2026-12-03 12:00"):
		book(world.ticket, ("2026-12-03 09:00", "2026-12-03 09:15"))
	later = timebank.export(december)
	assert later["head"]["number"] == 8
	assert core.check(later, core.short(later["head"]["hash"])) == []
	assert core.check(later, earlier["head"]["hash"]) == []
	assert core.check(later, "1" * 64)


def test_a_reopened_period_has_no_closing_until_it_is_closed_again(world, at):
	with at("2026-12-03 08:00"):
		billing.reopen_period(world.november, "Glömd tid")
		assert not frappe.db.get_value("Timebank Period", world.november, "closing_hash")
		assert core.check(timebank.export(world.november)) == []
		billing.close_retainer(world.retainer, after_days=0)
	assert frappe.db.get_value("Timebank Period", world.november, "closing_hash")
	assert core.check(timebank.export(world.november)) == []
	assert _findings(world) == []


def test_what_is_internal_is_not_shown_and_the_statement_still_holds(world):
	"""Of a hidden entry the file has the digest alone."""
	hidden = _entries(world)[3]
	statement = timebank.export(world.november, hides=lambda entry: entry.name == hidden.name)
	assert hidden.key not in json.dumps(statement)
	assert core.check(statement, frappe.db.get_value("Timebank Period", world.november, "closing_hash")) == []
	statement["links"][3]["digest"] = "0" * 64
	assert core.check(statement)


def test_a_period_without_entries_can_be_exported(at):
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(mode="Without Timebank")
		timebank.open_due_periods()
		statement = timebank.export(f"{retainer.name}-2026-11-01")
	assert (statement["entries"], statement["links"]) == (0, [])
	assert core.check(statement) == []


def test_what_was_given_internally_is_in_the_customers_file_by_its_digest(at):
	"""An hour that is internal to the agency: the customer's file has its digest, the agency's its row, and both lead to one hash."""
	with at("2026-11-01 08:00"):
		retainer = RetainerFactory(hours_per_period=1)
		ticket = IssueFactory(customer=retainer.customer)
	with at("2026-11-03 12:00"):
		sheet = book(ticket, ("2026-11-03 09:00", "2026-11-03 10:00"), submit=False)
		sheet.time_logs[0].not_charged_because = "Internal"
		sheet.save()
		sheet.submit()
		period = f"{retainer.name}-2026-11-01"
		theirs = json.loads(statements.as_json(timebank.export(period, hides=statements._is_internal)))
		ours = timebank.export(period)
	assert (ours["hidden"], theirs["hidden"], theirs["entries"]) == (0, 1, 2)
	assert "Not Charged" in json.dumps(ours) and "Not Charged" not in json.dumps(theirs)
	assert core.check(ours) == core.check(theirs, ours["head"]["hash"]) == []
