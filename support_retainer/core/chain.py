"""The hash chain of a ledger, and a checker that needs nothing but this file and Python.

Each entry of a contract is a link. Its digest is the SHA-256, in hex, of the entry as canonical JSON (UTF-8); its hash is the SHA-256 of

    hash of the link before, a line break, the digest

The first link has 64 zeros before it. An entry that is not shown is a link of its digest alone: the chain through it still holds. Canonical JSON has the entry's fields sorted by name, no spaces, and no field that is empty (none,
0 or ""). Durations are whole seconds, money and percentages are decimal numbers as text without idle zeros, moments are
`2026-11-03T09:00:00`, days `2026-11-03`, and yes is 1. `number` counts the links of the contract from 1.

To check a statement that was exported:  python chain.py statement.json [HASH]   (HASH: what is printed on the statement, in whole or in part)
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256

FORMAT = "support-retainer-statement-1"
START = "0" * 64
# What never changes on an entry. Links that follow a renamed record (customer, ticket, timesheet, invoice) are left out, and so is what
# moves (reversed, billed). `reverses` is the key of the entry that is taken back, `period` the first day of the entry's period.
NUMBERS = (
	"number",
	"line_no",
	"lot_no",
	"seconds",
	"worked",
	"charged",
	"drawn",
	"overage",
	"base",
	"would_charged",
	"is_late",
	"is_internal",
)
DECIMALS = ("rate", "surcharge_percent", "project_management_percent", "amount", "would_amount")
TEXTS = ("key", "entry_type", "component", "currency", "lot", "reverses")
DAYS = ("period", "valid_from", "valid_until")
MOMENTS = ("occurred_on",)
FIELDS = (*NUMBERS, *DECIMALS, *TEXTS, *DAYS, *MOMENTS)
_DIGITS = Decimal("1E-9")  # as many as a database keeps


@dataclass(frozen=True, slots=True)
class Link:
	"""One link: its number, its hash, and the entry as `canonical` has it, or the digest alone where that is not shown."""

	number: int
	hash: str
	row: Mapping[str, object] | None = None
	digest: str = ""


class Misfit(ValueError):
	"""The first link that does not fit: its `number`, and what is wrong with it ("changed", "missing" or "twice")."""

	def __init__(self, number: int, what: str) -> None:
		super().__init__(f"link {number}: {what}")
		self.number, self.what = number, what


def canonical(entry: Mapping[str, object]) -> dict[str, object]:
	"""Return what an entry's link is made of: its fields that never change and are not empty, as JSON has them."""
	found: dict[str, object] = {}
	for names, plain in _WAYS:
		for name in names:
			value = entry.get(name)
			if value not in (None, "") and (value := plain(value)) not in (0, "0"):
				found[name] = value
	return found


def digest(row: Mapping[str, object]) -> str:
	"""Return the digest of a row that `canonical` made."""
	text = json.dumps(row, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
	return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def link(previous: str, row_digest: str) -> str:
	"""Return the hash of a link: of the one before it, and of its entry's digest."""
	return sha256(f"{previous}\n{row_digest}".encode()).hexdigest()


def verify(links: Iterable[Link], previous: str = START, number: int = 0) -> str:
	"""Return the hash that links lead to, from the one before them (its hash and number).

	Raises:
	        Misfit: names the first link that does not fit.
	"""
	for one in links:
		if one.number != number + 1:
			raise Misfit(*((one.number, "twice") if one.number <= number else (number + 1, "missing")))
		if one.row is not None and one.row.get("number") != one.number:
			raise Misfit(one.number, "changed")
		if link(previous, one.digest if one.row is None else digest(one.row)) != one.hash:
			raise Misfit(one.number, "changed")
		number, previous = one.number, one.hash
	return previous


def short(whole: str) -> str:
	"""Return a hash as a statement prints it: its first 16 digits, in fours."""
	return "-".join(whole[at : at + 4] for at in range(0, 16, 4)) if whole else ""


def check(statement: Mapping[str, object], printed: str = "") -> list[str]:
	"""Return what is wrong with an exported statement, as sentences; nothing where it is sound.

	Args:
	        statement: as it was exported.
	        printed: the hash on the printed statement, in whole or its first 16 digits; dashes and spaces do not count. It may be one of
	                an earlier print: all that was written until then is unchanged, if it is found.
	"""
	if statement.get("format") != FORMAT:
		return [f"This is no statement that can be checked here: its format is not {FORMAT}."]
	try:
		before = Link(**statement["before"])
		links = [
			Link(one["number"], one["hash"], one.get("row"), one.get("digest", ""))
			for one in statement["links"]
		]
		head = Link(**statement["head"])
		verify(links, before.hash, before.number)
		found = {one.number: one for one in (before, *links)}
		wrong = _head(found, head, printed) + _sums(statement, links)
		return wrong + _canonical(links)
	except Misfit as error:
		return [_SAY[error.what].format(error.number)]
	except (KeyError, TypeError, AttributeError, ValueError) as error:
		return [f"The file is damaged: {type(error).__name__} {error}. Ask for it again."]


def _head(found: Mapping[int, Link], head: Link, printed: str) -> list[str]:
	if head.number not in found or found[head.number].hash != head.hash:
		return [f"The chain does not lead to the hash it names for link {head.number}: links are missing."]
	wanted = "".join(mark for mark in printed.lower() if mark not in "- \t\n")
	if wanted and (len(wanted) < 16 or not any(one.hash.startswith(wanted) for one in found.values())):
		return [
			f"The printed hash {printed} is of none of these links; the statement's is {short(head.hash)}."
		]
	return []


def _sums(statement: Mapping[str, object], links: Sequence[Link]) -> list[str]:
	rows = [one.row for one in links if one.row]
	seconds = sum(row.get("seconds", 0) for row in rows)
	if any(row.get("period") != statement["from_date"] for row in rows):
		return ["There are entries of another period in it."]
	if len(rows) + statement["hidden"] != statement["entries"]:
		return [
			f"The statement speaks of {statement['entries']} entries; {len(rows)} of them are here, {statement['hidden']} are not shown."
		]
	if seconds != statement["balance"]:
		return [f"The entries come to {seconds} seconds, the statement says {statement['balance']}."]
	return []


def _canonical(links: Sequence[Link]) -> list[str]:
	odd = [one.number for one in links if one.row and canonical(one.row) != dict(one.row)]
	return [f"Link {number} has fields that no ledger writes." for number in odd[:1]]


_SAY = {
	"changed": "Link {} does not fit: its entry was changed, or another one was put in its place.",
	"missing": "Link {} is missing: an entry was removed.",
	"twice": "Link {} is there twice, or out of order: an entry was inserted or moved.",
}


def _decimal(value: object) -> str:
	exact = Decimal(str(value)).quantize(_DIGITS, rounding=ROUND_HALF_UP)
	return format(exact.normalize(), "f") if exact else "0"


def _day(value: object) -> str:
	return (
		(value.date() if isinstance(value, datetime) else value).isoformat()
		if isinstance(value, date)
		else str(value)[:10]
	)


def _moment(value: object) -> str:
	if isinstance(value, datetime):
		return value.replace(microsecond=0, tzinfo=None).isoformat()
	return f"{value}".replace(" ", "T")[:19]


_WAYS = ((NUMBERS, int), (DECIMALS, _decimal), (TEXTS, str), (DAYS, _day), (MOMENTS, _moment))


def main(arguments: Sequence[str]) -> int:
	"""Check a file; print what is wrong, or what was proven. 0: sound, 1: not, 2: nothing could be checked."""
	if not arguments or arguments[0] in ("-h", "--help"):
		print(__doc__)
		return 2
	try:
		with open(arguments[0], encoding="utf-8") as file:
			statement = json.load(file)
	except (OSError, ValueError) as error:
		print(f"{arguments[0]} cannot be read: {error}")
		return 2
	wrong = (
		check(statement, " ".join(arguments[1:]))
		if isinstance(statement, dict)
		else ["This is no statement."]
	)
	for sentence in wrong:
		print(sentence)
	if not wrong:
		rows = sum(1 for one in statement["links"] if one.get("row"))
		print(
			f"{statement['period']}: {rows} entries in {len(statement['links'])} links fit.\n"
			f"Hash {short(statement['head']['hash'])}, in whole {statement['head']['hash']}"
		)
		if not arguments[1:]:
			print("Compare it with the hash on the printed statement, or give that as a second argument.")
	return 1 if wrong else 0


if __name__ == "__main__":
	sys.exit(main(sys.argv[1:]))
