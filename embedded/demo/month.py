"""November 2026: the story of the two first customers as written, and three livelier ones from a fixed seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import frappe
import time_machine
from frappe.desk.form import assign_to

from embedded.demo import world

ZONE = ZoneInfo("Europe/Stockholm")
# what the work on a ticket was, where it was not development
ACTIVITIES = {
	"Bilderna laddar långsamt": "Optimization",
	"Sökningen hittar inte å, ä och ö": "Optimization",
	"Ny startsida inför julen": "Design",
	"Julkampanj på startsidan": "Design",
}
SUBJECTS = (
	"Kassan visar fel moms",
	"Nyhetsbrevet går inte i väg",
	"Sökningen hittar inte å, ä och ö",
	"Ny startsida inför julen",
	"Bilderna laddar långsamt",
	"Leverantörens prislista",
	"Inloggning med BankID",
	"Kvittot saknar orderraden",
)


@dataclass(frozen=True, slots=True, order=True)
class Event:
	"""A ticket that comes in, is taken on, and is worked on."""

	registered: datetime
	customer: str
	subject: str
	urgent: bool
	assigned: datetime
	begun: datetime
	ended: datetime
	who: str


def play(progress: Callable[[str], None]) -> None:
	"""Play the whole month in the order things happened, on the site that is open."""
	with _at(datetime(2026, 11, 1, 8, tzinfo=ZONE)):
		for customer in world.CONTRACTS:
			world.sign(customer)
	progress(f"{len(world.CONTRACTS)} contracts signed")
	events = sorted([*story(), *livelier_month()])
	for event in events:
		_live(event)
	progress(f"{len(events)} tickets came in, were taken on, worked on and charged")
	frappe.db.commit()


def story() -> list[Event]:
	"""Return the story that the product is judged by."""
	shop, cafe = "Fjällbutiken AB", "Kaféet i Visby"
	return [
		_event("02 09:00", "02 09:50", shop, "Fraktkostnaden stämmer inte"),
		_event("03 13:00", "03 16:10", shop, "Ny mall för produktsidor"),
		_event("05 16:50", "05 17:20", shop, "Kassan är nere", urgent=True),
		_event("14 10:00", "14 11:05", shop, "Betalningen fastnar", urgent=True),
		_event("16 10:00", "16 13:00", shop, "Julkampanj på startsidan"),
		_event("04 11:00", "04 11:01", cafe, "Fel öppettider"),
	]


def livelier_month() -> list[Event]:
	"""Return a month of three customers: the same every time, as its seed is fixed."""
	chance, found = random.Random(2026), []
	busy: set[tuple[str, datetime]] = set()
	for day in range(2, 28):
		date = datetime(2026, 11, day, tzinfo=ZONE)
		for customer in ("Nordljus Optik AB", "Tångens Bageri", "Västkustcykel AB"):
			weekend = date.weekday() > 4
			if chance.random() > (0.1 if weekend else 0.4):
				continue
			found.append(_some_event(chance, date, customer, weekend, busy))
	return [event for event in found if event]


def _some_event(chance, date: datetime, customer: str, weekend: bool, busy: set) -> Event | None:
	urgent = weekend or chance.random() < 0.2
	registered = date + timedelta(hours=chance.randint(8, 14), minutes=chance.choice((0, 7, 20, 45)))
	wait = chance.randint(5, 40) if urgent else chance.randint(90, 400)
	assigned = registered + timedelta(minutes=wait)
	begun = assigned + timedelta(minutes=chance.randint(1, 20) if urgent else chance.randint(30, 90))
	ended = begun + timedelta(minutes=chance.choice((12, 25, 40, 50, 75, 110)))
	who = chance.choice(("Bo", "Disa"))
	if (who, date) in busy:  # one ticket a day each, so that nobody is in two places at once
		return None
	busy.add((who, date))
	return Event(registered, customer, chance.choice(SUBJECTS), urgent, assigned, begun, ended, who)


def _event(begun: str, ended: str, customer: str, subject: str, urgent: bool = False) -> Event:
	start, end = (
		datetime.strptime(f"2026-11-{when}", "%Y-%m-%d %H:%M").replace(tzinfo=ZONE) for when in (begun, ended)
	)
	return Event(start, customer, subject, urgent, start, start, end, "Alva")


def _at(moment: datetime) -> time_machine.travel:
	"""Hold the clock at a moment. Frappe compares `modified` as text, and text loses microseconds that are zero."""
	frappe.local.new_doc_templates = {}  # they hold defaults such as today's date
	return time_machine.travel(moment.replace(microsecond=1), tick=False)


def _live(event: Event) -> None:
	with _at(event.registered):
		ticket = frappe.get_doc(
			{
				"doctype": "Issue",
				"subject": event.subject,
				"customer": event.customer,
				"company": world.COMPANY,
				"raised_by": "kund@example.com",
				"priority": "Urgent" if event.urgent else None,
			}
		).insert()
	with _at(event.assigned):
		email = world.PEOPLE[event.who]
		assign_to.add(
			{"doctype": "Issue", "name": ticket.name, "assign_to": [email]}, ignore_permissions=True
		)
	with _at(event.ended):
		_book(ticket.name, event)
	frappe.db.commit()


def _book(ticket: str, event: Event) -> None:
	start, end = (moment.replace(tzinfo=None) for moment in (event.begun, event.ended))
	row = {
		"activity_type": ACTIVITIES.get(event.subject, "Development"),
		"from_time": str(start),
		"to_time": str(end),
		"hours": (end - start).total_seconds() / 3600,
		"description": event.subject,
		"ticket_type": "Issue",
		"ticket": ticket,
	}
	frappe.get_doc(
		{
			"doctype": "Timesheet",
			"company": world.COMPANY,
			"employee": world.employee(event.who),
			"time_logs": [row],
		}
	).insert().submit()
