"""What installing leaves behind, that it may be done again, and that uninstalling takes away only what nobody uses."""

import importlib

import frappe
import pytest
from frappe.model.base_document import get_controller

from support_retainer import contracts
from support_retainer.setup import install, permissions, standard, uninstall, versions
from support_retainer.setup.custom_fields import CUSTOM_FIELDS, MODULE
from tests.factories import RetainerFactory, urgent_issue

OURS = ("Retainer", "Retainer Settings", "SLA Rule", "Timebank Period", "Timebank Entry")
PRICE_LIST = {
	"Normal, within budget": ("Normal", "Within", "Any", "Office Hours", "Hours", (4, 12, 24, 48), 0),
	"Normal, outside budget": (
		"Normal",
		"Outside",
		"Any",
		"Office Hours",
		"First Available Slot",
		(0,) * 4,
		0,
	),
	"Urgent, office hours": ("Urgent", "Any", "Office Hours", "Clock Hours", "Immediately", (0,) * 4, 75),
	"Urgent, out of hours": ("Urgent", "Any", "Out of Hours", "Clock Hours", "Hours", (1, 2, 2, 4), 150),
}


def test_the_price_list_is_installed_as_four_rules():
	rows = frappe.get_all("SLA Rule", {"name": ("in", list(PRICE_LIST))}, ["*"])
	assert {
		row.name: (
			row.urgency,
			row.budget,
			row.registered,
			row.hours_counted,
			row.target,
			tuple(row[field] for field in contracts.rules.HOURS),
			row.surcharge_percent,
		)
		for row in rows
	} == PRICE_LIST


def test_urgent_priority_work_categories_and_items_are_there():
	assert frappe.db.get_value("Issue Priority", "Urgent", "is_urgent") == 1
	for category in ("Development", "Project Management", "Optimization", "Design"):
		assert frappe.db.get_value("Activity Type", category, "work_category") == category
	settings = contracts.settings()
	for field in contracts.retainer_settings.ITEMS:
		item = frappe.db.get_value(
			"Item", settings.get(field), ["is_stock_item", "is_sales_item"], as_dict=True
		)
		assert item == {"is_stock_item": 0, "is_sales_item": 1}, field


@pytest.mark.parametrize("doctype", CUSTOM_FIELDS)
def test_custom_fields_stand_where_they_should(doctype):
	order = [df.fieldname for df in frappe.get_meta(doctype).fields]
	for field in CUSTOM_FIELDS[doctype]:
		after = field["insert_after"]
		place = order.index(field["fieldname"])
		assert order[place - 1] == after if after else place == 0, field["fieldname"]


def test_a_timesheet_row_begins_with_its_ticket():
	shown = [df.fieldname for df in frappe.get_meta("Timesheet Detail").fields if df.in_list_view]
	assert shown[:2] == ["ticket", "activity_type"]


def test_stamps_are_not_copied_with_a_ticket():
	meta = frappe.get_meta("Issue")
	stamps = ("retainer", "sla_rule", "assign_by", "start_by", "assigned_on", "started_on", "assign_status")
	assert all(meta.get_field(field).no_copy and meta.get_field(field).read_only for field in stamps)


def test_installing_again_adds_nothing():
	def census():
		doctypes = ("Custom Field", "Property Setter", *standard.DOCTYPES)
		return {doctype: frappe.db.count(doctype) for doctype in doctypes}

	before = census()
	install.after_migrate()
	install.after_install()
	assert census() == before


def test_a_migration_leaves_what_the_user_changed():
	frappe.db.set_value("SLA Rule", "Urgent, office hours", "surcharge_percent", 60)
	frappe.db.set_value("SLA Rule", "Urgent, out of hours", "disabled", 1)
	frappe.delete_doc("SLA Rule", "Normal, outside budget")
	settings = frappe.get_doc("Retainer Settings")
	settings.update({"increment_minutes": 6, "postal_invoice_fee": 0, "topup_item": None})
	settings.office_hours = settings.office_hours[:1]
	settings.save()

	standard.make()

	assert frappe.db.get_value("SLA Rule", "Urgent, office hours", "surcharge_percent") == 60
	assert frappe.db.get_value("SLA Rule", "Urgent, out of hours", "disabled") == 1
	assert not frappe.db.exists("SLA Rule", "Normal, outside budget")
	settings = frappe.get_doc("Retainer Settings")
	assert (settings.increment_minutes, settings.postal_invoice_fee, settings.topup_item) == (6, 0, None)
	assert len(settings.office_hours) == 1


@pytest.mark.parametrize(
	("language", "begins"), [("sv", "Kontorstider, helgdagar"), ("en", "Office hours, holidays")]
)
def test_onboarding_steps_are_described_in_the_sites_language(language, begins):
	frappe.db.set_single_value("System Settings", "language", language)
	standard.make()
	step = frappe.db.get_value("Onboarding Step", "Support Fill In the Settings", "description")
	assert step.startswith(begins)


def test_mails_that_nobody_edited_follow_the_app():
	words = {"subject": "Förr", "message": "Gammalt"}
	was = frappe.db.get_value("Notification", "Period Opened", ["subject", "message"], as_dict=True)
	for name in ("Period Opened", "Period Closed"):
		frappe.db.set_value("Notification", name, words, update_modified=False)
	edited = frappe.get_doc("Notification", "Period Closed")
	edited.enabled = 0
	edited.save()

	standard.make()

	assert frappe.db.get_value("Notification", "Period Opened", ["subject", "message"], as_dict=True) == was
	kept = frappe.db.get_value("Notification", "Period Closed", ["subject", "message"], as_dict=True)
	assert kept == words


def test_a_record_that_was_there_before_is_taken_over_not_made_twice():
	settings = frappe.get_doc("Retainer Settings")
	settings.installed_records = None
	settings.save()
	frappe.db.set_value("Issue Priority", "Urgent", "is_urgent", 0)

	standard.make()

	installed = standard.installed_records(frappe.get_doc("Retainer Settings"))
	assert installed["Issue Priority/Urgent"] == "found"
	assert frappe.db.get_value("Issue Priority", "Urgent", "is_urgent") == 1


def test_units_are_found_by_the_name_the_setup_wizard_gave_them(monkeypatch):
	monkeypatch.setattr(standard, "_", lambda text, lang: {"Stunde": "Hour"}.get(text, text))
	item, installed = {"stock_uom": "Stunde"}, {}
	assert standard._find_home(item, installed)
	assert (item["stock_uom"], installed) == ("Hour", {})


def test_a_unit_that_is_missing_is_made_and_taken_away_again():
	item, installed = {"stock_uom": "Påbörjad kvart"}, {}
	assert standard._find_home(item, installed)
	assert item["stock_uom"] == "Påbörjad kvart"
	assert uninstall.delete_unused(installed) == []
	assert not frappe.db.exists("UOM", "Påbörjad kvart")


def test_classes_exist_once():
	with pytest.raises(ImportError, match="path Frappe uses"):
		importlib.import_module("support_retainer.doctype")
	assert (
		get_controller("Retainer").__module__ == "support_retainer.support_retainer.doctype.retainer.retainer"
	)


@pytest.mark.parametrize("doctype", OURS)
def test_every_doctype_belongs_to_the_app_and_not_to_customers(doctype):
	meta = frappe.get_meta(doctype)
	assert meta.module == MODULE
	assert not {"Customer", "Guest", "All", "Website User"} & {row.role for row in meta.permissions}


@pytest.mark.parametrize("doctype", ["Timebank Period", "Timebank Entry"])
def test_nobody_has_the_right_to_write_the_ledger(doctype):
	rights = ("write", "create", "delete", "import")
	assert not any(row.get(right) for row in frappe.get_meta(doctype).permissions for right in rights)


@pytest.mark.parametrize(
	("role", "allowed"),
	[
		("Support Agent", {"read"}),
		("Retainer Manager", {"read", "write", "create", "delete"}),
		("Accounts User", {"read"}),
		("Customer", set()),
	],
)
def test_who_may_do_what_with_a_retainer(role, allowed):
	retainer = RetainerFactory()
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": f"{frappe.scrub(role)}@example.com",
			"first_name": role,
			"send_welcome_email": 0,
			"roles": [{"role": role}],
		}
	).insert()
	rights = ("read", "write", "create", "delete")
	assert {
		right for right in rights if frappe.has_permission("Retainer", right, retainer, user.name)
	} == allowed


def test_an_older_host_is_refused(monkeypatch):
	monkeypatch.setattr(frappe, "__version__", "14.80.0")
	with pytest.raises(frappe.ValidationError, match=r"Frappe 15 or newer; this is 14\.80\.0"):
		versions.check()


def test_a_site_without_erpnext_is_refused(monkeypatch):
	monkeypatch.setattr(frappe, "get_installed_apps", lambda *args, **kwargs: ["frappe"])
	with pytest.raises(frappe.ValidationError, match="Install ERPNext first"):
		versions.check()


def test_uninstalling_keeps_what_is_used_and_says_so():
	urgent_issue()
	kept = uninstall.delete_unused({"Issue Priority/Urgent": "made", "Activity Type/Design": "made"})
	assert kept == ["Kept the Issue Priority Urgent: it is in use."]
	assert frappe.db.exists("Issue Priority", "Urgent")
	assert not frappe.db.exists("Activity Type", "Design")


def test_uninstalling_keeps_what_was_there_before_the_app():
	assert uninstall.delete_unused({"Activity Type/Design": "found", "Role/Support Agent": "found"}) == []
	assert frappe.db.exists("Activity Type", "Design")
	assert frappe.db.exists("Role", "Support Agent")


def test_uninstalling_takes_the_roles_from_their_users():
	user = frappe.get_doc(
		{"doctype": "User", "email": "agent@example.com", "first_name": "Agent", "send_welcome_email": 0}
	).insert()
	user.add_roles("Support Agent")
	permissions.take_back(standard.installed_records(frappe.get_doc("Retainer Settings")))
	assert uninstall.delete_unused({"Role/Support Agent": "made"}) == []
	assert not frappe.db.exists("Has Role", {"role": "Support Agent"})
	assert not frappe.db.exists("Role", "Support Agent")


def test_uninstalling_forgets_the_jobs_and_the_settings():
	job = {"method": "support_retainer.billing.close_due"}
	if not frappe.db.exists("Scheduled Job Type", job):
		frappe.get_doc({"doctype": "Scheduled Job Type", "frequency": "Daily", **job}).insert()
	uninstall._forget_jobs_and_settings(["Retainer Settings"])
	assert not frappe.db.exists("Scheduled Job Type", job)
	assert not frappe.db.sql("SELECT field FROM `tabSingles` WHERE doctype = 'Retainer Settings'")
