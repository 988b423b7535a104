"""Employee: a person of the company, with a user and the permissions that follow."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.model.naming import set_name_by_naming_series
from frappe.permissions import add_user_permission, has_permission, remove_user_permission
from frappe.utils import getdate, validate_email_address

from erpnext.controllers.status_updater import validate_status


class EmployeeUserDisabledError(frappe.ValidationError):
	pass


class InactiveEmployeeStatusError(frappe.ValidationError):
	pass


class Employee(Document):
	def autoname(self) -> None:
		set_name_by_naming_series(self)
		self.employee = self.name

	def validate(self) -> None:
		validate_status(self.status, ["Active", "Inactive", "Suspended", "Left"])
		self.employee = self.name
		self.employee_name = " ".join(filter(None, [self.first_name, self.middle_name, self.last_name]))
		self.validate_dates()
		for address in filter(None, [self.company_email, self.personal_email]):
			validate_email_address(address, True)
		self.validate_left()
		if self.reports_to == self.name:
			frappe.throw(_("Employee cannot report to himself."))
		chosen = self.prefered_contact_email and frappe.scrub(self.prefered_contact_email)
		self.prefered_email = self.get(chosen) if chosen else None
		if self.user_id:
			self.validate_user()
		elif before := self.get_doc_before_save():
			self.release_user(before.user_id)

	def validate_dates(self) -> None:
		if self.date_of_birth and getdate(self.date_of_birth) > getdate():
			frappe.throw(_("Date of Birth cannot be greater than today."))
		self.validate_from_to_dates("date_of_birth", "date_of_joining")
		self.validate_from_to_dates("date_of_joining", "relieving_date")

	def validate_left(self) -> None:
		if self.status != "Left":
			return
		active = {"reports_to": self.name, "status": "Active"}
		if names := frappe.get_all("Employee", active, pluck="employee_name"):
			frappe.throw(
				_("The following employees are currently still reporting to {0}:").format(
					frappe.bold(self.employee_name)
				)
				+ " "
				+ ", ".join(names),
				InactiveEmployeeStatusError,
				_("Cannot Relieve Employee"),
			)
		if not self.relieving_date:
			frappe.throw(_("Please enter relieving date."))

	def validate_user(self) -> None:
		"""An active employee has an enabled user of its own."""
		enabled = frappe.db.get_value("User", self.user_id, "enabled")
		if enabled is None:
			self.user_id = None
			return
		if self.status == "Active" and not enabled:
			frappe.throw(_("User {0} is disabled").format(self.user_id), EmployeeUserDisabledError)
		taken = {"user_id": self.user_id, "status": "Active", "name": ["!=", self.name]}
		if other := frappe.db.get_value("Employee", taken):
			frappe.throw(
				_("User {0} is already assigned to Employee {1}").format(self.user_id, other),
				frappe.DuplicateEntryError,
			)

	def release_user(self, user_id: str | None) -> None:
		"""A user taken off an employee loses the role and the permission that came with it."""
		if user_id:
			user = frappe.get_doc("User", user_id)
			validate_employee_role(user, ignore_emp_check=True)
			user.save(ignore_permissions=True)
			remove_user_permission("Employee", self.name, user_id)

	def on_update(self) -> None:
		frappe.clear_cache()
		if self.user_id:
			self.update_user()
			self.update_user_permissions()

	def update_user(self) -> None:
		user = frappe.get_doc("User", self.user_id)
		user.flags.ignore_permissions = True
		if "Employee" not in {row.role for row in user.roles}:
			user.append_roles("Employee")
		if not (user.first_name and user.last_name):
			user.first_name, _space, user.last_name = self.employee_name.partition(" ")
		user.birth_date = self.date_of_birth or user.birth_date
		user.gender = self.gender or user.gender
		user.save()

	def update_user_permissions(self) -> None:
		"""The user sees its own employee record and company only, when the employee says so."""
		if not self.has_value_changed("user_id") and not self.has_value_changed("create_user_permission"):
			return
		if not has_permission("User Permission", ptype="write", print_logs=False):
			return
		mine = {"allow": "Employee", "for_value": self.name, "user": self.user_id}
		change = None
		if frappe.db.exists("User Permission", mine):
			change = None if self.create_user_permission else remove_user_permission
		elif self.create_user_permission:
			change = add_user_permission
		if change:
			change("Employee", self.name, self.user_id)
			change("Company", self.company, self.user_id)


def validate_employee_role(doc: Document, method: str | None = None, ignore_emp_check: bool = False) -> None:
	"""The role Employee is for users that are one."""
	if not ignore_emp_check and frappe.db.exists("Employee", {"user_id": doc.name}):
		return
	for row in [row for row in doc.get("roles") if row.role in ("Employee", "Employee Self Service")]:
		frappe.msgprint(
			_("User {0}: Removed {1} role as there is no mapped employee.").format(doc.name, row.role)
		)
		doc.get("roles").remove(row)


def update_user_permissions(doc: Document, method: str | None = None) -> None:
	if "Employee" in {row.role for row in doc.get("roles")}:
		employee = frappe.db.get_value("Employee", {"user_id": doc.name})
		if employee and has_permission("User Permission", ptype="write", print_logs=False):
			frappe.get_doc("Employee", employee).update_user_permissions()


def has_upload_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Employees may attach files to their own record."""
	return has_permission(doc.doctype, ptype, doc, user=user) or doc.user_id == (user or frappe.session.user)


def get_holiday_list_for_employee(employee: str, raise_exception: bool = True) -> str | None:
	"""The holiday list of an employee, else of the company."""
	holiday_list, company = frappe.get_cached_value("Employee", employee, ["holiday_list", "company"])
	holiday_list = holiday_list or frappe.get_cached_value("Company", company, "default_holiday_list")
	if not holiday_list and raise_exception:
		frappe.throw(
			_("Please set a default Holiday List for Employee {0} or Company {1}").format(employee, company)
		)
	return holiday_list
