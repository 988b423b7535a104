"""The hash chain: one link by hand, and any single change of a statement is found."""

import copy
import json
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support_retainer.core import chain

ENTRY = {
	"number": 1,
	"key": "ALLOT:RET-00001-2026-11-01",
	"entry_type": "Allotment",
	"component": "",
	"line_no": 0,
	"occurred_on": datetime(2026, 11, 1),
	"seconds": 36000,
	"lot": "a1b2c3d4e5",
	"lot_no": 1,
	"rate": Decimal("0"),
	"amount": 0.0,
	"period": date(2026, 11, 1),
	"valid_from": date(2026, 11, 1),
	"valid_until": "2026-11-30",
	"currency": None,
	"is_late": False,
	"customer": "Kund AB",
}


def test_a_link_by_hand():
	"""Sorted by name, no spaces, nothing empty, no customer; 64 zeros and a line break before it."""
	text = (
		'{"entry_type":"Allotment","key":"ALLOT:RET-00001-2026-11-01","lot":"a1b2c3d4e5","lot_no":1,"number":1,'
		'"occurred_on":"2026-11-01T00:00:00","period":"2026-11-01","seconds":36000,"valid_from":"2026-11-01",'
		'"valid_until":"2026-11-30"}'
	)
	by_hand = sha256(("0" * 64 + "\n" + sha256(text.encode()).hexdigest()).encode()).hexdigest()
	assert chain.link(chain.START, chain.digest(chain.canonical(ENTRY))) == by_hand


@pytest.mark.parametrize(
	("written", "read"),
	[
		(Decimal("1250.00"), 1250.0),
		(Decimal("312.5"), "312.500000000"),
		("997.123456789", 997.123456789),
		(-0.1, "-0.10"),
	],
)
def test_money_is_the_same_however_a_database_gives_it_back(written, read):
	assert chain.canonical({"amount": written}) == chain.canonical({"amount": read})


def test_a_moment_is_the_same_as_text_and_to_the_second():
	for value in (
		datetime(2026, 11, 3, 9, 0, 0, 5),
		"2026-11-03 09:00:00",
		"2026-11-03 09:00:00.000005",
		"2026-11-03T09:00:00",
	):
		assert chain.canonical({"occurred_on": value}) == {"occurred_on": "2026-11-03T09:00:00"}


def test_canonical_is_its_own_canonical():
	row = chain.canonical({**ENTRY, "amount": Decimal("-12.340"), "is_late": 1})
	assert chain.canonical(row) == row


# a statement --------------------------------------------------------------------------------------

rows = st.builds(
	dict,
	key=st.text(min_size=1, max_size=12),
	entry_type=st.sampled_from(["Draw", "Overage", "Fee", "Allotment"]),
	seconds=st.integers(-36000, 36000),
	amount=st.decimals(-9999, 9999, places=2),
	occurred_on=st.datetimes(datetime(2026, 11, 1), datetime(2026, 11, 30)),
)


@st.composite
def statements(draw):
	"""A period's statement: its own entries, some hidden, among links of other periods; the head at or after its last entry."""
	entries = draw(st.lists(rows, min_size=1, max_size=8))
	before = draw(st.integers(0, 3))
	hidden = draw(st.lists(st.booleans(), min_size=len(entries), max_size=len(entries)))
	previous, links, shown, seconds = draw(st.sampled_from([chain.START, "ab" * 32])), [], 0, 0
	first = {"number": before, "hash": previous}
	for offset, (entry, is_hidden) in enumerate(zip(entries, hidden, strict=True), start=1):
		row = chain.canonical({**entry, "number": before + offset, "period": "2026-11-01"})
		digest = chain.digest(row)
		previous = chain.link(previous, digest)
		one = {"number": before + offset, "hash": previous}
		links.append(one | ({"digest": digest} if is_hidden else {"row": row}))
		shown, seconds = (shown, seconds) if is_hidden else (shown + 1, seconds + row.get("seconds", 0))
	return {
		"format": chain.FORMAT,
		"period": "RET-00001-2026-11-01",
		"from_date": "2026-11-01",
		"entries": shown,
		"hidden": 0,
		"balance": seconds,
		"before": first,
		"links": links,
		"head": {"number": before + len(links), "hash": previous},
	}


@given(statements())
def test_a_statement_as_it_was_exported_is_sound(statement):
	again = json.loads(json.dumps(statement))
	assert chain.check(again) == []
	assert chain.check(again, chain.short(statement["head"]["hash"])) == []
	assert chain.check(again, statement["head"]["hash"].upper()) == []


@given(statements(), st.data())
def test_any_single_change_is_found_against_the_printed_hash(statement, data):
	printed, changed = statement["head"]["hash"], copy.deepcopy(statement)
	links = changed["links"]
	at = data.draw(st.integers(0, len(links) - 1))
	shown = links[at].get("row")
	ways = ["hash", "number", "head", "entries", "balance"]
	ways += ["field", "new field", "drop field"] if shown else ["digest"]
	ways += ["remove", "insert"] + (["swap"] if len(links) > 1 else [])
	way = data.draw(st.sampled_from(ways))
	if way == "hash":
		links[at]["hash"] = "0" * 63 + "1"
	elif way == "digest":
		links[at]["digest"] = "0" * 63 + "1"
	elif way == "number":
		links[at]["number"] += data.draw(st.sampled_from([-1, 1, 5]))
	elif way == "head":
		changed["head"]["hash"] = "0" * 63 + "1"
	elif way in ("entries", "balance"):
		changed[way] += 1
	elif way == "field":
		shown["seconds"] = shown.get("seconds", 0) + data.draw(st.integers(1, 99))
	elif way == "new field":
		shown["worked"] = 60
	elif way == "drop field":
		del shown["key"]
	elif way == "remove":
		del links[at]
	elif way == "insert":
		links.insert(at, dict(links[at]))
	else:
		other = (at + 1) % len(links)
		links[at], links[other] = links[other], links[at]
	assert chain.check(changed, printed)


@given(statements())
def test_a_ledger_that_was_worked_out_anew_after_a_change_does_not_lead_to_the_printed_hash(statement):
	"""Whoever can write the database can also make a chain of their own: not one that ends in what was printed."""
	printed, forged = statement["head"]["hash"], copy.deepcopy(statement)
	shown = [one for one in forged["links"] if "row" in one]
	if not shown:
		return
	shown[0]["row"]["worked"] = 60
	previous = forged["before"]["hash"]
	for one in forged["links"]:
		digest = chain.digest(one["row"]) if "row" in one else one["digest"]
		one["hash"] = previous = chain.link(previous, digest)
	forged["head"]["hash"] = previous
	assert chain.check(forged, printed)


def test_the_first_link_that_does_not_fit_is_named():
	links, previous = [], chain.START
	for number in range(1, 6):
		row = chain.canonical({"number": number, "key": f"K{number}", "seconds": 60 * number})
		previous = chain.link(previous, chain.digest(row))
		links.append(chain.Link(number, previous, row))
	assert chain.verify(links) == previous
	changed = [*links[:2], chain.Link(3, links[2].hash, {**links[2].row, "seconds": 1}), *links[3:]]
	for wrong, number, what in (
		(changed, 3, "changed"),
		([*links[:2], *links[3:]], 3, "missing"),
		([*links[:3], *links[2:]], 3, "twice"),
		([*links[:1], links[2], links[1]], 2, "missing"),
	):
		with pytest.raises(chain.Misfit) as found:
			chain.verify(wrong)
		assert (found.value.number, found.value.what) == (number, what)


@pytest.mark.parametrize(
	"damaged", [{}, [], {"format": chain.FORMAT}, {"format": chain.FORMAT, "links": 1, "before": {}}]
)
def test_what_is_no_statement_is_said_to_be_none(damaged, tmp_path, capsys):
	file = tmp_path / "statement.json"
	file.write_text(json.dumps(damaged))
	assert chain.main([str(file)]) == 1
	assert capsys.readouterr().out


def test_the_command_line(tmp_path):
	row = chain.canonical(ENTRY)
	whole = chain.link(chain.START, chain.digest(row))
	statement = {
		"format": chain.FORMAT,
		"period": "RET-00001-2026-11-01",
		"from_date": "2026-11-01",
		"entries": 1,
		"hidden": 0,
		"balance": 36000,
		"before": {"number": 0, "hash": chain.START},
		"links": [{"number": 1, "hash": whole, "row": row}],
		"head": {"number": 1, "hash": whole},
	}
	file = tmp_path / "statement.json"
	file.write_text(json.dumps(statement))

	def run(*arguments):
		command = [sys.executable, "-I", chain.__file__, *arguments]  # -I: no package of ours is in sight
		return subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)

	sound = run(str(file), chain.short(whole))
	assert (sound.returncode, whole in sound.stdout) == (0, True)
	assert run(str(file), "dead-beef-dead-beef").returncode == 1
	assert run(str(tmp_path / "none.json")).returncode == 2
	assert run().returncode == 2
