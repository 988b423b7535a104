"""Retainer Settings: office hours one can count in, and what is said when something is missing."""

from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
import pytest
from frappe.utils import get_system_timezone

from support_retainer import contracts


def settings_with(*windows: tuple[str, str, str], **values):
	settings = frappe.get_doc("Retainer Settings")
	settings.update(values)
	if windows:
		settings.set("office_hours", [])
	for weekday, start, end in windows:
		settings.append("office_hours", {"weekday": weekday, "from_time": start, "to_time": end})
	return settings


def on(moment: str) -> datetime:
	return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(get_system_timezone()))


@pytest.mark.parametrize(
	("windows", "days"),
	[
		([("Monday", "08:00", "12:00"), ("Monday", "11:00", "17:00")], "Monday"),
		([("Tuesday", "08:00", "17:00"), ("Tuesday", "08:00", "17:00")], "Tuesday"),
		([("Monday", "22:00", "06:00"), ("Tuesday", "05:00", "12:00")], "Monday, Tuesday"),
		([("Sunday", "20:00", "04:00"), ("Monday", "03:00", "09:00")], "Sunday, Monday"),
	],
)
def test_overlapping_office_hours_are_refused_by_name(windows, days):
	before = [row.as_dict() for row in frappe.get_doc("Retainer Settings").office_hours]
	with pytest.raises(frappe.ValidationError, match=f"Office hours on {days} overlap"):
		settings_with(*windows).save()
	assert [row.as_dict() for row in frappe.get_doc("Retainer Settings").office_hours] == before


def test_settings_without_office_hours_are_refused():
	settings = frappe.get_doc("Retainer Settings")
	settings.set("office_hours", [])
	with pytest.raises(frappe.ValidationError, match="at least one window"):
		settings.save()


@pytest.mark.parametrize("minutes", [0, -15])
def test_an_increment_is_at_least_a_minute(minutes):
	with pytest.raises(frappe.ValidationError, match="at least 1 minute"):
		settings_with(increment_minutes=minutes).save()


def test_project_management_is_not_below_zero():
	with pytest.raises(frappe.ValidationError, match="below 0 %"):
		settings_with(project_management_percent=-1).save()


def test_office_hours_are_half_open_and_rest_on_holidays():
	settings = frappe.get_doc("Retainer Settings")
	calendar = contracts.office_calendar()
	assert calendar.is_counted(on("2026-11-02 08:00"))
	assert not calendar.is_counted(on("2026-11-02 17:00"))

	holidays = frappe.get_doc("Holiday List", settings.holiday_list)
	holidays.append("holidays", {"holiday_date": "2026-11-02", "description": "Stängt"})
	holidays.save()
	assert not contracts.office_calendar().is_counted(on("2026-11-02 08:00"))
	assert contracts.clock_calendar().is_counted(on("2026-11-02 08:00"))


def test_several_windows_and_one_over_midnight():
	settings_with(
		("Monday", "08:00", "12:00"), ("Monday", "13:00", "17:00"), ("Friday", "22:00", "02:00")
	).save()
	calendar = contracts.office_calendar()
	counted = {moment: calendar.is_counted(on(f"2026-11-{moment}")) for moment in ("02 12:30", "02 13:00")}
	counted |= {moment: calendar.is_counted(on(f"2026-11-{moment}")) for moment in ("07 01:59", "07 02:00")}
	assert list(counted.values()) == [False, True, True, False]


def test_the_calendar_follows_the_settings_at_once(at):
	with at("2026-11-02 10:00"):  # twice in one frozen second: nothing but the content tells them apart
		settings_with(("Monday", "08:00", "17:00")).save()
		assert contracts.office_calendar().is_counted(on("2026-11-02 16:00"))
		settings_with(("Monday", "08:00", "15:00")).save()
		assert not contracts.office_calendar().is_counted(on("2026-11-02 16:00"))


def test_the_same_hours_are_compiled_once():
	assert contracts.office_calendar() is contracts.office_calendar()


def test_missing_settings_are_named():
	settings_with(holiday_list=None, support_item=None).save()
	assert contracts.missing_settings() == ["Holiday List", "Support Item"]
	with pytest.raises(frappe.ValidationError, match="lacks: Holiday List, Support Item"):
		contracts.require_settings()
	contracts.require_settings("surcharge_item")
