"""Calendars: several windows, nights, special days, Swedish holidays, and a list that ends."""

from datetime import date

import frappe
import pytest

from support_retainer import contracts
from support_retainer.contracts import holidays
from tests.factories import IssueFactory
from tests.world import NO_HOLIDAYS


def configure(special=(), windows=None):
	settings = frappe.get_doc("Retainer Settings")
	if windows:
		settings.set("office_hours", [])
		for weekday, start, end in windows:
			settings.append("office_hours", {"weekday": weekday, "from_time": start, "to_time": end})
	settings.set("special_days", [])
	for day, start, end in special:
		settings.append(
			"special_days", {"date": day, "closed": not start, "from_time": start, "to_time": end}
		)
	settings.save()


def assign_by(at, moment, retainer) -> str:
	with at(moment):
		return str(
			IssueFactory(
				customer=retainer.customer, opening_date=moment[:10], opening_time=moment[11:]
			).assign_by
		)


def test_several_windows_a_day(at, retainer):
	days = ("Monday", "Tuesday")
	configure(windows=[(day, *span) for day in days for span in (("08:00", "12:00"), ("13:00", "17:00"))])
	# Mon 10:00: 2 h, 4 h, then Tuesday 4 h and 2 h of the afternoon
	assert assign_by(at, "2026-11-02 10:00", retainer) == "2026-11-03 15:00:00"


def test_a_window_over_midnight(at, retainer):
	configure(windows=[("Monday", "20:00", "04:00"), ("Wednesday", "20:00", "04:00")])
	# Mon 22:00: 6 h until Tue 04:00, then 6 h of Wednesday's night
	assert assign_by(at, "2026-11-02 22:00", retainer) == "2026-11-05 02:00:00"


def test_a_special_day_has_its_own_hours_or_none(at, retainer):
	configure([("2026-11-02", "08:00", "12:00"), ("2026-11-03", None, None)])
	# Mon 10:00 has 2 h left, Tuesday is closed, 9 h on Wednesday, 1 on Thursday
	assert assign_by(at, "2026-11-02 10:00", retainer) == "2026-11-05 09:00:00"


def test_a_special_day_opens_a_weekend(at, retainer):
	configure([("2026-11-07", "10:00", "12:00"), ("2026-11-07", "13:00", "14:00")])
	# Fri 6 10:00: 7 h, Saturday 3 h, Monday 2 h
	assert assign_by(at, "2026-11-06 10:00", retainer) == "2026-11-09 10:00:00"


@pytest.mark.parametrize(
	("special", "words"),
	[
		([("2026-11-07", "10:00", "12:00"), ("2026-11-07", "11:00", "14:00")], "overlap"),
		([("2026-11-07", "10:00", "12:00"), ("2026-11-07", None, None)], "both closed and open"),
		([("2026-11-08", "20:00", "09:00")], "overlap"),  # reaches into Monday's office hours
	],
)
def test_special_days_nobody_could_count_in_are_refused(special, words):
	with pytest.raises(frappe.ValidationError, match=words):
		configure(special)


def test_half_a_window_is_refused():
	row = frappe._dict(date="2026-11-07", from_time="10:00:00", to_time=None)
	with pytest.raises(frappe.ValidationError, match="only one of its times"):
		contracts.check_special_days(frappe._dict(special_days=[row], office_hours=[]))


def test_swedens_public_days_and_eves():
	days = holidays.swedish_days(2026, 2026)
	assert days == {
		date(2026, 1, 1): "Nyårsdagen",
		date(2026, 1, 6): "Trettondedag jul",
		date(2026, 4, 3): "Långfredagen",
		date(2026, 4, 5): "Påskdagen",
		date(2026, 4, 6): "Annandag påsk",
		date(2026, 5, 1): "Första maj",
		date(2026, 5, 14): "Kristi himmelsfärdsdag",
		date(2026, 5, 24): "Pingstdagen",
		date(2026, 6, 6): "Nationaldagen",
		date(2026, 6, 19): "Midsommarafton",
		date(2026, 6, 20): "Midsommardagen",
		date(2026, 10, 31): "Alla helgons dag",
		date(2026, 12, 24): "Julafton",
		date(2026, 12, 25): "Juldagen",
		date(2026, 12, 26): "Annandag jul",
		date(2026, 12, 31): "Nyårsafton",
	}


def test_filling_a_list_adds_what_is_missing_and_widens_it():
	made = holidays.fill_swedish_holidays("Sverige (test)", 2026, 2026)
	assert made == {"holiday_list": "Sverige (test)", "added": 16}
	doc = frappe.get_doc("Holiday List", "Sverige (test)")
	doc.holidays[0].description = "Vår egen text"
	doc.append("holidays", {"holiday_date": "2026-08-10", "description": "Utflykt"})
	doc.save()
	assert holidays.fill_swedish_holidays("Sverige (test)", 2026, 2027)["added"] == 16
	doc.reload()
	assert (str(doc.from_date), str(doc.to_date), len(doc.holidays)) == ("2026-01-01", "2027-12-31", 33)
	assert doc.holidays[0].description == "Vår egen text"


@pytest.mark.parametrize(
	("name", "first", "last"), [("X", 2027, 2026), ("X", 2000, 2099), ("X", 0, 0), (" ", 2026, 2026)]
)
def test_nonsense_is_not_filled(name, first, last):
	with pytest.raises(frappe.ValidationError):
		holidays.fill_swedish_holidays(name, first, last)


def test_filling_is_for_those_who_write_the_settings():
	frappe.set_user("Guest")
	with pytest.raises(frappe.PermissionError):
		holidays.fill_swedish_holidays("X", 2026, 2026)


def test_a_list_that_ends_is_told_of_in_good_time(at):
	frappe.db.set_value("Holiday List", NO_HOLIDAYS, "to_date", "2026-12-31")
	frappe.clear_document_cache("Holiday List", NO_HOLIDAYS)
	with at("2026-10-01 10:00"):
		assert contracts.holiday_list_warning() is None
		assert "2027" not in (
			contracts.holiday_list_warning(date(2027, 1, 4)) or ""
		) and contracts.holiday_list_warning(date(2027, 1, 4))
	with at("2026-10-05 10:00"):  # 87 days before
		assert "ends" in contracts.holiday_list_warning()
