"""Driving the desk as a person does: fields by their labels' names, rows of a table, buttons, dialogs."""

from __future__ import annotations

import contextlib
import re

from playwright.sync_api import Locator, Page, TimeoutError, expect

CHOSEN = """([field, text]) =>
	cur_frm.doc[field] === text || (cur_frm.doc.time_logs || []).some((row) => row[field] === text)"""


class Desk:
	"""The desk in one browser window."""

	def __init__(self, page: Page) -> None:
		self.page = page
		self.root = "/desk"

	def log_in(self, user: str, password: str) -> None:
		"""Log in by the login page."""
		self.page.goto("/login")
		self.page.fill("#login_email", user)
		self.page.fill("#login_password", password)
		self.page.click(".form-login .btn-login")
		self.page.wait_for_url(re.compile("^https?://[^/]+/(desk|app)"))  # a host may be called desk
		self.root = "/app" if "/app" in self.page.url else "/desk"  # Frappe 15's, or 16's

	def new(self, doctype: str) -> None:
		"""Open the form of a new document."""
		self.page.goto(f"{self.root}/{doctype.lower().replace(' ', '-')}/new")
		expect(self.page.locator(".page-head:visible .indicator-pill").first).to_contain_text("Not Saved")

	def open(self, doctype: str, name: str) -> None:
		"""Open a document's form."""
		self.page.goto(f"{self.root}/{doctype.lower().replace(' ', '-')}/{name}")
		self.field("", visible_only=True).first.wait_for()

	def field(self, name: str, visible_only: bool = False) -> Locator:
		"""A field of the form."""
		selector = f'.frappe-control[data-fieldname="{name}"]' if name else ".form-layout"
		return self.page.locator(f"{selector}:visible" if visible_only else selector)

	def type(self, name: str, text: str, within: Locator | None = None) -> None:
		"""Type into a text field and leave it."""
		box = (within or self.page).locator(f'.frappe-control[data-fieldname="{name}"] input:visible').first
		box.fill(text)
		box.press("Tab")

	def type_moment(self, name: str, moment: str, within: Locator | None = None) -> None:
		"""Type a date or a date and time (ISO) in the form the user has chosen."""
		self.type(name, self.page.evaluate("moment => frappe.datetime.str_to_user(moment)", moment), within)

	def choose(self, name: str, text: str, within: Locator | None = None) -> None:
		"""Type into a link field and take what it offers. The list is drawn anew with every answer: try until it is taken."""
		control = (within or self.page).locator(f'.frappe-control[data-fieldname="{name}"]:visible').first
		box = control.locator("input:visible").first
		for _attempt in range(5):
			box.focus()
			box.fill("")
			box.press_sequentially(text, delay=10)
			with contextlib.suppress(TimeoutError):
				self.page.locator('[role="option"]:visible', has_text=text).first.click(timeout=4_000)
				self.page.wait_for_function(CHOSEN, arg=[name, text], timeout=4_000)
				return
		raise AssertionError(f"{name} offered no {text}")

	def pick(self, name: str, option: str) -> None:
		"""Choose an option of a select field."""
		self.page.locator(f'.frappe-control[data-fieldname="{name}"] select:visible').first.select_option(
			option
		)

	def write(self, name: str, text: str, within: Locator | None = None) -> None:
		"""Write into a field of several lines and leave it."""
		box = (
			(within or self.page).locator(f'.frappe-control[data-fieldname="{name}"] textarea:visible').first
		)
		box.fill(text)
		box.press("Tab")

	def press(self, label: str) -> None:
		"""Press a button at the head of the form."""
		self.page.locator(".page-head:visible").get_by_role("button", name=label, exact=True).first.click()

	def headline(self) -> Locator:
		"""What the head of the form says."""
		return self.page.locator(".form-message:visible").first

	def assign_to_me(self) -> None:
		"""Assign the form's document to oneself."""
		self.page.locator(".form-assignments:visible").get_by_role("button").first.click()
		dialog = self.page.locator(".modal:visible")
		dialog.get_by_role("checkbox", name="Assign to me").check()
		dialog.locator(".btn-primary", has_text="Add").click()
		expect(dialog).to_have_count(0)

	def save(self) -> None:
		"""Save the form and wait until it is."""
		self.page.locator(".page-head:visible .primary-action:visible", has_text="Save").click()
		expect(
			self.page.locator(".page-head:visible .indicator-pill:visible", has_text="Not Saved")
		).to_have_count(0)
		self.page.wait_for_function("() => cur_frm && !cur_frm.is_dirty() && !cur_frm.is_new()")

	def submit(self) -> None:
		"""Submit the form, confirming the question. ERPNext changes an invoice as it is opened: then it is saved first."""
		button = self.page.locator(".page-head:visible .primary-action:visible", has_text="Submit")
		for _attempt in range(5):
			with contextlib.suppress(TimeoutError):
				button.click(timeout=4_000)
				break
			if self.page.evaluate("() => cur_frm.is_dirty()"):
				self.save()
		self.page.locator(".modal:visible .btn-primary", has_text="Yes").click()
		self.page.wait_for_function("() => cur_frm.doc.docstatus === 1 && !cur_frm.is_dirty()")

	def open_from_list(self, doctype: str, text: str) -> None:
		"""Go to the list and click the row that says `text`, as a person does: an empty list is refreshed, a click is tried again."""
		self.page.goto(f"{self.root}/{doctype.lower().replace(' ', '-')}")
		row = self.page.locator(".list-row:visible", has_text=text).locator("a.ellipsis").first
		for _attempt in range(5):
			with contextlib.suppress(TimeoutError):
				row.click(timeout=8_000)
				self.page.wait_for_function(
					"doctype => window.cur_frm && cur_frm.doctype === doctype", arg=doctype, timeout=8_000
				)
				return
			self.page.reload()
		raise AssertionError(f"The list of {doctype} has no row that says {text}")

	def value(self, field: str):
		"""What the form has in a field."""
		return self.page.evaluate("field => cur_frm.doc[field]", field)

	def decimal_point(self) -> str:
		"""How the site writes it."""
		return self.page.evaluate(
			"() => get_number_format_info(frappe.sys_defaults.number_format).decimal_str"
		)

	@property
	def name(self) -> str:
		"""The name of the document on the form."""
		return self.value("name")
