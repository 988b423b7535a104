"""Stand-in for ERPNext 15.90, for sites where ERPNext itself cannot be installed.

It has ERPNext's names (modules, doctypes, fields, statuses, roles, functions) and the behaviour an app that
bills support sees of them. It keeps no books: there is no general ledger and no stock. The README beside this
package lists every difference that is known.
"""

import frappe

__version__ = "15.90.0"


def get_default_company(user: str | None = None) -> str | None:
	"""The company of the user's defaults, else the one of Global Defaults."""
	from frappe.defaults import get_user_default_as_list

	companies = get_user_default_as_list("company", user or frappe.session.user)
	return companies[0] if companies else frappe.db.get_single_value("Global Defaults", "default_company")


def get_default_currency() -> str | None:
	"""The currency of the default company."""
	company = get_default_company()
	return get_company_currency(company) if company else None


def get_company_currency(company: str | None) -> str | None:
	"""The currency a company keeps its books in."""
	return frappe.get_cached_value("Company", company, "default_currency") if company else None


def get_default_cost_center(company: str | None) -> str | None:
	"""The cost centre a company uses when nothing else names one."""
	return frappe.get_cached_value("Company", company, "cost_center") if company else None


def encode_company_abbr(name: str, company: str | None = None, abbr: str | None = None) -> str:
	"""`Sales` of Example AB (EA) is named `Sales - EA`; a name that already ends so is left alone."""
	abbr = abbr or frappe.get_cached_value("Company", company, "abbr")
	if name.rsplit(" - ", 1)[-1].lower() == abbr.lower():
		return name
	return f"{name} - {abbr}"


def get_region(company: str | None = None) -> str | None:
	"""The country of a company, else of the site."""
	if company:
		return frappe.get_cached_value("Company", company, "country")
	return frappe.get_system_settings("country")


def check_app_permission() -> bool:
	"""Whether the user may see the app on the desk's app screen."""
	from frappe.utils.user import is_website_user

	return frappe.session.user == "Administrator" or not is_website_user()
