"""What ERPNext's installation and its setup wizard leave on a site of a Swedish agency, without a company."""

import frappe
from frappe import _
from frappe.desk.page.setup_wizard.setup_wizard import add_all_roles_to
from frappe.model.document import Document

CURRENCY = "SEK"
RECORDS: list[dict] = [
	{"doctype": "Role", "role_name": "Customer", "desk_access": 0},
	{"doctype": "Role", "role_name": "Supplier", "desk_access": 0},
	{"doctype": "Role", "role_name": "Analytics"},
	*(
		{"doctype": "UOM", "uom_name": unit, "must_be_whole_number": 1}
		for unit in ("Nos", "Unit", "Box", "Set")
	),
	*({"doctype": "UOM", "uom_name": unit} for unit in ("Hour", "Minute", "Day", "Month", "Year", "Percent")),
	{"doctype": "Item Group", "item_group_name": "All Item Groups", "is_group": 1},
	{"doctype": "Item Group", "item_group_name": "Services", "parent_item_group": "All Item Groups"},
	{"doctype": "Item Group", "item_group_name": "Products", "parent_item_group": "All Item Groups"},
	{"doctype": "Customer Group", "customer_group_name": "All Customer Groups", "is_group": 1},
	*(
		{
			"doctype": "Customer Group",
			"customer_group_name": group,
			"parent_customer_group": "All Customer Groups",
		}
		for group in ("Individual", "Commercial", "Non Profit", "Government")
	),
	{"doctype": "Territory", "territory_name": "All Territories", "is_group": 1},
	{"doctype": "Territory", "territory_name": "Sweden", "parent_territory": "All Territories"},
	{"doctype": "Territory", "territory_name": "Rest Of The World", "parent_territory": "All Territories"},
	*(
		{"doctype": "Activity Type", "activity_type": activity}
		for activity in ("Planning", "Research", "Proposal Writing", "Execution", "Communication")
	),
	*({"doctype": "Issue Priority", "name": priority} for priority in ("Low", "Medium", "High")),
	*({"doctype": "Gender", "gender": gender} for gender in ("Male", "Female", "Other")),
	{
		"doctype": "UOM Conversion Factor",
		"category": "Time",
		"from_uom": "Hour",
		"to_uom": "Minute",
		"value": 60,
	},
]
SETTINGS = {
	"Accounts Settings": {},
	"Projects Settings": {},
	"Support Settings": {},
	"Selling Settings": {
		"cust_master_name": "Customer Name",
		"customer_group": "Commercial",
		"territory": "Sweden",
		"so_required": "No",
		"allow_multiple_items": 1,
		"sales_update_frequency": "Each Transaction",
	},
	"Stock Settings": {"auto_insert_price_list_rate_if_missing": 1, "update_price_list_based_on": "Rate"},
}


def after_install() -> None:
	"""Safe to repeat: what is there is left alone."""
	for record in RECORDS:
		_make(record)
	frappe.db.set_value("Role", {"name": ["in", ["Customer", "Supplier"]]}, "desk_access", 0)
	_set_defaults()
	_make(
		{
			"doctype": "Price List",
			"price_list_name": _("Standard Selling"),
			"currency": CURRENCY,
			"enabled": 1,
			"selling": 1,
		}
	)
	add_all_roles_to("Administrator")


def _make(record: dict) -> None:
	doc: Document = frappe.get_doc(dict(record))
	doc.flags.ignore_permissions = True
	doc.flags.ignore_mandatory = True
	doc.insert(ignore_if_duplicate=True)


def _set_defaults() -> None:
	"""Settings start with the defaults of their fields; the wizard's choices come on top."""
	for doctype, values in SETTINGS.items():
		_save_settings(doctype, values)
	if not frappe.db.get_default("currency"):
		frappe.db.set_default("currency", CURRENCY)
	frappe.db.set_value("Currency", CURRENCY, "enabled", 1)


def _save_settings(doctype: str, values: dict) -> None:
	settings = frappe.get_doc(doctype)
	for field in settings.meta.fields:
		if field.default and settings.get(field.fieldname) in (None, "", 0):
			settings.set(field.fieldname, field.default)
	settings.update(values)
	settings.flags.ignore_permissions = True
	settings.flags.ignore_mandatory = True
	settings.save()
