"""Holiday List: the days of a span that are not worked."""

import calendar
from datetime import date, timedelta

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate, today

DateLike = str | date | None


class OverlapError(frappe.ValidationError):
	pass


class HolidayList(Document):
	def validate(self) -> None:
		self.validate_days()
		self.total_holidays = len(self.holidays)
		self.sort_holidays()

	def validate_days(self) -> None:
		start, end = getdate(self.from_date), getdate(self.to_date)
		if start > end:
			frappe.throw(_("To Date cannot be before From Date"))
		seen = set()
		for row in self.holidays:
			day = getdate(row.holiday_date)
			if not start <= day <= end:
				frappe.throw(
					_("The holiday on {0} is not between From Date and To Date").format(formatdate(day))
				)
			if day in seen:
				frappe.throw(_("Holiday Date {0} added multiple times").format(frappe.bold(formatdate(day))))
			seen.add(day)

	def sort_holidays(self) -> None:
		self.holidays.sort(key=lambda row: getdate(row.holiday_date))
		for index, row in enumerate(self.holidays, 1):
			row.idx = index

	def get_holidays(self) -> list[date]:
		return [getdate(row.holiday_date) for row in self.holidays]

	@frappe.whitelist()
	def get_weekly_off_dates(self) -> None:
		"""Adds every day of the chosen weekday that is not in the list."""
		if not self.weekly_off:
			frappe.throw(_("Please select weekly off day"))
		taken = set(self.get_holidays())
		weekday = list(calendar.day_name).index(self.weekly_off)
		day, end = getdate(self.from_date), getdate(self.to_date)
		while day <= end:
			if day.weekday() == weekday and day not in taken:
				row = {"description": _(self.weekly_off), "holiday_date": day, "weekly_off": 1}
				self.append("holidays", row)
			day += timedelta(days=1)

	@frappe.whitelist()
	def clear_table(self) -> None:
		self.set("holidays", [])


@frappe.whitelist()
def get_events(start: str | date, end: str | date, filters: str | list | None = None) -> list[dict]:
	"""The holidays between two days, for the calendar."""
	days = {"holiday_date": ["between", [getdate(start), getdate(end)]]}
	lists = frappe.get_list(
		"Holiday List", filters=frappe.parse_json(filters or []), fields=["name", "color"]
	)
	colors = {row.name: row.color for row in lists}
	rows = frappe.get_all(
		"Holiday", {**days, "parent": ["in", list(colors)]}, ["parent as name", "holiday_date", "description"]
	)
	return [{**row, "color": colors[row.name], "allDay": 1} for row in rows]


def is_holiday(holiday_list: str | None, date: DateLike = None) -> bool:
	"""Whether a day, today if none is given, is in a list."""
	if not holiday_list:
		return False
	return bool(
		frappe.db.exists("Holiday", {"parent": holiday_list, "holiday_date": getdate(date or today())})
	)
